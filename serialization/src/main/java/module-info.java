/** Checkpoints, ONNX in and out, safetensors and TensorBoard event files. */
@SuppressWarnings("requires-automatic")
module io.adjoint.serialization {
    requires transitive io.adjoint.optim;
    requires com.google.protobuf;
    requires java.compiler;
    requires com.fasterxml.jackson.core;
    // Optional, for images alone: it is most of a small run-time image.
    requires static java.desktop;

    exports io.adjoint.serialization;
    exports io.adjoint.serialization.onnx;
    exports io.adjoint.serialization.onnx.op;
    exports io.adjoint.serialization.tensorboard;
    exports io.adjoint.serialization.weights;

    // Its reflection prints and compares records.
    opens io.adjoint.serialization.proto to com.google.protobuf;
    opens io.adjoint.serialization.onnx.proto to com.google.protobuf;
    opens io.adjoint.serialization.tensorboard.proto to com.google.protobuf;
}
