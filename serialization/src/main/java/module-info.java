/** Checkpoints, ONNX in and out, safetensors and TensorBoard event files. */
@SuppressWarnings("requires-automatic")
module io.adjoint.serialization {
    requires transitive io.adjoint.optim;
    requires com.google.protobuf;
}
