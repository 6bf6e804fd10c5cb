package io.adjoint.serialization.onnx.operator;

/** Where elements stand: shapes, slices, joining, padding. */
final class ArrangementOperators {
    private ArrangementOperators() {}

    static void addTo(OperatorTable table) {}
}
