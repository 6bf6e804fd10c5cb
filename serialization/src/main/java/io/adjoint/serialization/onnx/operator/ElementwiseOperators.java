package io.adjoint.serialization.onnx.operator;

/** Arithmetic, comparison, logic and conversion, element by element. */
final class ElementwiseOperators {
    private ElementwiseOperators() {}

    static void addTo(OperatorTable table) {
        table.tensor("Identity", call -> call.tensor(0));
        table.tensor("Neg", call -> call.tensor(0).neg());
        table.tensor("Abs", call -> call.tensor(0).abs());
    }
}
