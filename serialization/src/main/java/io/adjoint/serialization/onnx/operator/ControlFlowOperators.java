package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.List;

/** Branches and loops. */
final class ControlFlowOperators {
    private ControlFlowOperators() {}

    static void addTo(OperatorTable table) {
        table.values("If", ControlFlowOperators::branch).knows(0);
    }

    private static List<Value> branch(Call call) {
        return call.run(call.body(isTrue(call, call.tensor(0)) ? "then_branch" : "else_branch"), List.of());
    }

    /** What a condition says. */
    static boolean isTrue(Call call, Tensor condition) {
        if (condition.size() != 1) {
            throw call.refusal("not one truth value").operand("condition", condition.spec()).expected("one BOOL");
        }
        return condition.toBooleans()[0];
    }
}
