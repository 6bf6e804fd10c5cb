package io.adjoint.serialization.onnx.operator;

/** Pooling. */
final class PoolingOperators {
    private PoolingOperators() {}

    static void addTo(OperatorTable table) {}
}
