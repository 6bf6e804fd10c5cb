/** Checkpoints, ONNX in and out, safetensors and TensorBoard event files. */
module io.adjoint.serialization {
    requires transitive io.adjoint.optim;
}
