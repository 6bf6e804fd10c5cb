/** Checkpoints, ONNX in and out, safetensors and TensorBoard event files. */
@SuppressWarnings("requires-automatic")
module io.adjoint.serialization {
    requires transitive io.adjoint.optim;
    requires com.google.protobuf;

    exports io.adjoint.serialization;
    exports io.adjoint.serialization.onnx;

    // Its reflection prints and compares records.
    opens io.adjoint.serialization.proto to com.google.protobuf;
    opens io.adjoint.serialization.onnx.proto to com.google.protobuf;
}
