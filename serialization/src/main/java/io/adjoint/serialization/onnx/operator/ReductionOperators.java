package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rounding;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.function.BiFunction;

/** Sums, extremes and the like over axes; running ones; sorting. */
final class ReductionOperators {
    private ReductionOperators() {}

    static void addTo(OperatorTable table) {
        reduce(table, "ReduceSum", Tensor::sum);
        reduce(table, "ReduceMean", ReductionOperators::mean);
        reduce(table, "ReduceProd", Tensor::prod);
        reduce(table, "ReduceL1", (x, axes) -> x.abs().sum(axes));
        reduce(table, "ReduceL2", asFloats((x, axes) -> x.norm(2, axes)));
        reduce(table, "ReduceSumSquare", (x, axes) -> x.square().sum(axes));
        reduce(table, "ReduceLogSum", asFloats((x, axes) -> x.sum(axes).log()));
        reduce(table, "ReduceLogSumExp", asFloats(Tensor::logSumExp));
        table.value("ReduceMax", call -> reduce(call, Extremes::greatest)).knows(1);
        table.value("ReduceMin", call -> reduce(call, Extremes::least)).knows(1);
        Extremes.addTo(table);
        Scans.addTo(table);
        Uniques.addTo(table);
    }

    private static void reduce(OperatorTable table, String name, BiFunction<Tensor, Axes, Tensor> rule) {
        table.value(name, call -> reduce(call, (value, axes) -> rule.apply(value.tensor(), axes))).knows(1);
    }

    /** Axes are an attribute or, in later versions, an input; none at all are all of them, or a new one if it says so. */
    private static Value reduce(Call call, BiFunction<Value, Axes, Tensor> rule) {
        Value x = call.value(0);
        int[] axes = call.attributes().integers("axes")
                .orElseGet(() -> call.has(1) ? call.integers(1) : new int[0]);
        if (axes.length == 0 && call.attributes().flag("noop_with_empty_axes")) {
            return call.like(0, rule.apply(new Value(x.type(), x.tensor().unsqueeze(0)), Axes.drop(0)));
        }
        return call.like(0, rule.apply(x, call.attributes().whole("keepdims", 1) != 0 ? Axes.keep(axes)
                : Axes.drop(axes)));
    }

    /** Integers are averaged without a fraction. */
    private static Tensor mean(Tensor x, Axes axes) {
        if (x.dtype().isFloat()) {
            return x.mean(axes);
        }
        double count = axes.of("ReduceMean", x.shape()).stream().mapToDouble(x::dim).reduce(1, (a, b) -> a * b);
        return x.sum(axes).div(count, Rounding.TRUNC);
    }

    /** For integers: computed as float64, without a fraction in the end. */
    private static BiFunction<Tensor, Axes, Tensor> asFloats(BiFunction<Tensor, Axes, Tensor> rule) {
        return (x, axes) -> x.dtype().isFloat() ? rule.apply(x, axes)
                : rule.apply(x.cast(DType.F64), axes).cast(x.dtype());
    }
}
