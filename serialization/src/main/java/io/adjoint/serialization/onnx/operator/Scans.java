package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Call;
import java.util.function.BiFunction;

/** Running sums and products. */
final class Scans {
    private Scans() {}

    static void addTo(OperatorTable table) {
        table.tensor("CumSum", call -> scan(call, Tensor::cumsum, 0)).knows(1);
        table.tensor("CumProd", call -> scan(call, Tensor::cumprod, 1)).knows(1);
    }

    /** An exclusive one begins with the neutral element and leaves out the last one of the input. */
    private static Tensor scan(Call call, BiFunction<Tensor, Integer, Tensor> rule, double neutral) {
        boolean isReverse = call.attributes().flag("reverse");
        Tensor given = call.tensor(0);
        int axis = given.shape().axis(call.operator(), call.integer(1));
        Tensor x = isReverse ? given.flip(axis) : given;
        Tensor summands = call.attributes().flag("exclusive") && x.dim(axis) > 0
                ? x.slice(axis, 0, x.dim(axis) - 1).pad(axis, 1, 0, neutral) : x;
        Tensor y = rule.apply(summands, axis);
        return isReverse ? y.flip(axis) : y;
    }
}
