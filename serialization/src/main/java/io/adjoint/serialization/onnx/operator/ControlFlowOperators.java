package io.adjoint.serialization.onnx.operator;

/** Branches and loops. */
final class ControlFlowOperators {
    private ControlFlowOperators() {}

    static void addTo(OperatorTable table) {}
}
