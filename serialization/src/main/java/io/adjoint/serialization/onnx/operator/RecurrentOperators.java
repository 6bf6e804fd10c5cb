package io.adjoint.serialization.onnx.operator;

/** Networks over time. */
final class RecurrentOperators {
    private RecurrentOperators() {}

    static void addTo(OperatorTable table) {}
}
