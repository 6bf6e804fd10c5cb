package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Functions that take many elements to one. */
final class ReductionFunctions {
    private ReductionFunctions() {}

    static void addTo(Functions table) {
        over(table, "sum", Tensor::sum);
        over(table, "mean", Tensor::mean);
        over(table, "amax", Tensor::max);
        over(table, "amin", Tensor::min);
        over(table, "logsumexp", ReductionFunctions::logSumExp);
        over(table, "nansum", (x, axes) -> x.isNaN().where(0, x).sum(axes));
        over(table, "nanmean", (x, axes) -> x.isNaN().where(0, x).sum(axes)
                .div(x.isNaN().not().sum(axes).cast(x.dtype())));
        over(table, "count_nonzero", (x, axes) -> x.cast(DType.BOOL).sum(axes));
        table.rows("max", a -> chosen(a, Tensor::argmax, Tensor::max), "input", "dim", "keepdim");
        table.rows("min", a -> chosen(a, Tensor::argmin, Tensor::min), "input", "dim", "keepdim");
        table.row("argmax", a -> place(a, Tensor::argmax), "input", "dim", "keepdim");
        table.row("argmin", a -> place(a, Tensor::argmin), "input", "dim", "keepdim");
        table.row("any", a -> truth(a, Tensor::any), "input", "dim", "keepdim");
        table.row("all", a -> truth(a, Tensor::all), "input", "dim", "keepdim");
        addSpread(table);
        addSoftmax(table);
    }

    private static void over(Functions table, String name, BiFunction<Tensor, Axes, Tensor> body) {
        table.row(name, a -> body.apply(a.tensor("input"), axes(a)), "input", "dim", "keepdim");
    }

    private static Axes axes(Arguments a) {
        int[] dims = a.tensor("input").rank() == 0 ? new int[0] : a.integers("dim");
        return a.flag("keepdim", false) ? Axes.keep(dims) : Axes.drop(dims);
    }

    private static Tensor logSumExp(Tensor x, Axes axes) {
        int[] all = axes.of("logsumexp", x.shape()).stream().mapToInt(Integer::intValue).toArray();
        Tensor greatest = x.max(Axes.keep(all)).detached();
        Tensor finite = greatest.sub(greatest).eq(0);
        Tensor shift = finite.where(greatest, 0);
        Tensor sum = x.sub(shift).exp().sum(axes);
        return sum.log().add(shift.reshape(sum.shape()));
    }

    private static List<Tensor> chosen(Arguments a, BiFunction<Tensor, Integer, Tensor> arg,
            BiFunction<Tensor, int[], Tensor> extreme) {
        Tensor input = a.tensor("input");
        if (!a.has("dim")) {
            return List.of(extreme.apply(input, new int[0]));
        }
        Tensor x = Functions.atLeastOneAxis(input);
        int axis = a.integer("dim");
        Tensor index = arg.apply(x, axis).unsqueeze(axis);
        Tensor value = x.gather(axis, index);
        UnaryOperator<Tensor> shaped = input.rank() == 0 || !a.flag("keepdim", false)
                ? y -> y.squeeze(axis)
                : y -> y;
        return List.of(shaped.apply(value), shaped.apply(index));
    }

    private static Tensor place(Arguments a, BiFunction<Tensor, Integer, Tensor> arg) {
        Tensor input = a.tensor("input");
        if (!a.has("dim")) {
            Tensor place = arg.apply(input.reshape(-1), 0);
            return a.flag("keepdim", false) ? place.reshape(ones(input.rank())) : place;
        }
        Tensor place = arg.apply(Functions.atLeastOneAxis(input), a.integer("dim"));
        return a.flag("keepdim", false) && input.rank() > 0 ? place.unsqueeze(a.integer("dim")) : place;
    }

    private static Tensor truth(Arguments a, BiFunction<Tensor, int[], Tensor> body) {
        Tensor input = a.tensor("input").cast(DType.BOOL);
        int[] dims = input.rank() == 0 ? new int[0] : a.integers("dim");
        Tensor result = body.apply(input, dims);
        if (!a.flag("keepdim", false)) {
            return result;
        }
        int[] kept = input.shape().dims();
        axes(a).of("any", input.shape()).forEach(axis -> kept[axis] = 1);
        return result.reshape(kept);
    }

    private static int[] ones(int rank) {
        int[] ones = new int[rank];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static void addSpread(Functions table) {
        String[] names = {"input", "dim", "unbiased", "correction", "keepdim"};
        table.row("var", ReductionFunctions::variance, names);
        table.row("std", a -> variance(a).sqrt(), names);
        table.rows("var_mean", a -> List.of(variance(a), a.tensor("input").mean(axes(a))), names);
        table.rows("std_mean", a -> List.of(variance(a).sqrt(), a.tensor("input").mean(axes(a))), names);
    }

    private static Tensor variance(Arguments a) {
        Tensor x = a.tensor("input");
        List<Integer> reduced = axes(a).of("var", x.shape());
        int count = reduced.stream().mapToInt(x::dim).reduce(1, (m, n) -> m * n);
        int correction = a.integer("correction", a.flag("unbiased", true) ? 1 : 0);
        Tensor mean = x.mean(Axes.keep(reduced.stream().mapToInt(Integer::intValue).toArray()));
        return x.sub(mean).square().sum(axes(a)).div(Math.max(0, count - correction));
    }

    private static void addSoftmax(Functions table) {
        row(table, "softmax", Tensor::softmax);
        row(table, "log_softmax", Tensor::logSoftmax);
        row(table, "softmin", (x, axis) -> x.neg().softmax(axis));
    }

    private static void row(Functions table, String name, BiFunction<Tensor, Integer, Tensor> body) {
        table.row(name, a -> {
            Tensor x = a.tensor("input");
            return body.apply(Functions.atLeastOneAxis(x), a.integer("dim")).reshape(x.shape());
        }, "input", "dim");
    }
}
