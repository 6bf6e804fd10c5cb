package io.adjoint.serialization.onnx.operator;

/** Functions of single elements that networks put between layers, softmax among them. */
final class ActivationOperators {
    private ActivationOperators() {}

    static void addTo(OperatorTable table) {}
}
