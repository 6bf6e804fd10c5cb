package io.adjoint.serialization.onnx.operator;

/** Elements by their places: gathering and scattering. */
final class IndexingOperators {
    private IndexingOperators() {}

    static void addTo(OperatorTable table) {}
}
