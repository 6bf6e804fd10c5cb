package io.adjoint.serialization.onnx.operator;

/** Matrix products. */
final class ProductOperators {
    private ProductOperators() {}

    static void addTo(OperatorTable table) {}
}
