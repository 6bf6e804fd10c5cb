package io.adjoint.serialization.onnx.operator;

/** Products of vectors and matrices. */
final class ProductOperators {
    private ProductOperators() {}

    static void addTo(OperatorTable table) {
        table.tensor("MatMul", call -> call.tensor(0).matmul(call.tensor(1)));
    }
}
