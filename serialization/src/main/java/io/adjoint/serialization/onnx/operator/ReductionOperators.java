package io.adjoint.serialization.onnx.operator;

/** Sums, extremes and the like over axes; running ones; sorting. */
final class ReductionOperators {
    private ReductionOperators() {}

    static void addTo(OperatorTable table) {}
}
