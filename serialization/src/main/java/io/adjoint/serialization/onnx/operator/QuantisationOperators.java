package io.adjoint.serialization.onnx.operator;

/** Integers that stand for floats. */
final class QuantisationOperators {
    private QuantisationOperators() {}

    static void addTo(OperatorTable table) {}
}
