package io.adjoint.serialization.onnx.operator;

/** Gradients and optimizer steps inside of a graph. */
final class TrainingOperators {
    private TrainingOperators() {}

    static void addTo(OperatorTable table) {}
}
