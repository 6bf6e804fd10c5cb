package io.adjoint.serialization.onnx.operator;

/** Attention and what goes with it. */
final class AttentionOperators {
    private AttentionOperators() {}

    static void addTo(OperatorTable table) {}
}
