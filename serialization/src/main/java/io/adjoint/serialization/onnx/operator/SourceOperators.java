package io.adjoint.serialization.onnx.operator;

/** Values from nothing but attributes and shapes: constants, ranges, random numbers. */
final class SourceOperators {
    private SourceOperators() {}

    static void addTo(OperatorTable table) {}
}
