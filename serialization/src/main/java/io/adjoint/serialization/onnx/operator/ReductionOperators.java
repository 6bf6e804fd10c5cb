package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.function.BiFunction;

/** Sums, extremes and the like over axes; running ones; sorting. */
final class ReductionOperators {
    private ReductionOperators() {}

    static void addTo(OperatorTable table) {
        reduce(table, "ReduceSum", (x, axes) -> x.tensor().sum(axes));
        reduce(table, "ReduceMean", ReductionOperators::mean);
        reduce(table, "ReduceProd", (x, axes) -> x.tensor().prod(axes));
        reduce(table, "ReduceL1", (x, axes) -> magnitude(x).sum(axes));
        reduce(table, "ReduceL2", asFloats((x, axes) -> x.norm(2, axes)));
        reduce(table, "ReduceSumSquare", (x, axes) -> x.tensor().square().sum(axes));
        reduce(table, "ReduceLogSum", asFloats((x, axes) -> x.sum(axes).log()));
        reduce(table, "ReduceLogSumExp", asFloats(Tensor::logSumExp));
        reduce(table, "ReduceMax", Extremes::greatest);
        reduce(table, "ReduceMin", Extremes::least);
        Extremes.addTo(table);
        Scans.addTo(table);
        Uniques.addTo(table);
    }

    private static void reduce(OperatorTable table, String name, BiFunction<Value, Axes, Tensor> rule) {
        table.value(name, call -> reduce(call, rule)).knows(1);
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

    private static Tensor magnitude(Value x) {
        return x.type() == ElementType.UINT64 ? x.tensor() : x.tensor().abs();
    }

    /** Integers are averaged without a fraction. */
    private static Tensor mean(Value x, Axes axes) {
        Tensor given = x.tensor();
        if (x.type().isFloat()) {
            return given.mean(axes);
        }
        long count = axes.of("ReduceMean", given.shape()).stream().mapToLong(given::dim).reduce(1, (a, b) -> a * b);
        return Unsigned.divide(x.type(), given.sum(axes), Tensor.of(new long[] {count}, Shape.scalar())
                .cast(given.dtype()));
    }

    /** For integers: computed as float64, without a fraction in the end. */
    private static BiFunction<Value, Axes, Tensor> asFloats(BiFunction<Tensor, Axes, Tensor> rule) {
        return (x, axes) -> {
            Tensor reduced = rule.apply(Conversions.floats(x), axes);
            return x.type().isFloat() ? reduced : Conversions.carried(Value.of(reduced), x.type());
        };
    }
}
