package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.Chosen;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.MatrixFunctions;
import io.adjoint.autodiff.function.MatrixNorm;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Functions that take many elements to one. */
final class ReductionFunctions {
    private ReductionFunctions() {}

    static void addTo(Functions table) {
        over(table, "sum", Tensor::sum);
        over(table, "mean", Tensor::mean);
        over(table, "prod", Tensor::prod);
        over(table, "amax", Tensor::max);
        over(table, "amin", Tensor::min);
        over(table, "argmax", Tensor::argmax);
        over(table, "argmin", Tensor::argmin);
        over(table, "any", Tensor::any);
        over(table, "all", Tensor::all);
        over(table, "logsumexp", Tensor::logSumExp);
        over(table, "nansum", Tensor::nansum);
        over(table, "nanmean", Tensor::nanmean);
        over(table, "count_nonzero", Tensor::countNonzero);
        several(table, "max", a -> a.has("dim") ? chosen(a, Tensor::chooseMax) : List.of(a.tensor("input").max()));
        several(table, "min", a -> a.has("dim") ? chosen(a, Tensor::chooseMin) : List.of(a.tensor("input").min()));
        several(table, "aminmax", a -> {
            var both = a.tensor("input").minMax(axes(a));
            return List.of(both.least(), both.greatest());
        });
        addSpread(table);
        addNorms(table);
        addSoftmax(table);
    }

    private static void over(Functions table, String name, BiFunction<Tensor, Axes, Tensor> body) {
        table.row(name, a -> body.apply(a.tensor("input"), axes(a)), "input", "dim", "keepdim");
    }

    private static void several(Functions table, String name, Function<Arguments, List<Tensor>> body) {
        table.rows(name, body, "input", "dim", "keepdim");
    }

    private static Axes axes(Arguments a) {
        int[] dims = a.integers("dim");
        return a.flag("keepdim", false) ? Axes.keep(dims) : Axes.drop(dims);
    }

    private static List<Tensor> chosen(Arguments a, BiFunction<Tensor, Axes, Chosen> body) {
        Chosen chosen = body.apply(a.tensor("input"), axes(a));
        return List.of(chosen.values(), chosen.places());
    }

    private static void addSpread(Functions table) {
        String[] names = {"input", "dim", "unbiased", "correction", "keepdim"};
        table.row("var", a -> a.tensor("input").var(axes(a), correction(a)), names);
        table.row("std", a -> a.tensor("input").std(axes(a), correction(a)), names);
        table.rows("var_mean", a -> {
            var both = a.tensor("input").varMean(axes(a), correction(a));
            return List.of(both.variance(), both.mean());
        }, names);
        table.rows("std_mean", a -> {
            var both = a.tensor("input").stdMean(axes(a), correction(a));
            return List.of(both.deviation(), both.mean());
        }, names);
        table.row("cov", a -> a.tensor("input").cov(correction(a)), "input", "correction");
        table.unary("corrcoef", Tensor::corrcoef);
    }

    private static double correction(Arguments a) {
        return a.number("correction", a.flag("unbiased", true) ? 1 : 0);
    }

    private static void addNorms(Functions table) {
        table.row("linalg.vector_norm", a -> a.tensor("x").norm(a.number("ord", 2), axes(a)), "x", "ord", "dim",
                "keepdim");
        table.row("norm", a -> switch (a.text("p", "fro")) {
            case "fro" -> a.tensor("input").norm(2, axes(a));
            case "nuc" -> MatrixFunctions.matrixNorm(a.tensor("input"), MatrixNorm.NUCLEAR, axes(a));
            default -> a.tensor("input").norm(a.number("p", 2), axes(a));
        }, "input", "p", "dim", "keepdim");
        table.row("normalize", a -> a.tensor("input").normalize(a.number("p", 2), a.number("eps", 1e-12),
                a.has("dim") ? a.integers("dim") : new int[] {1}), "input", "p", "dim", "eps");
        table.row("renorm", a -> a.tensor("input").renorm(a.number("p", 2), a.integer("dim"), a.number("maxnorm", 0)),
                "input", "p", "dim", "maxnorm");
    }

    private static void addSoftmax(Functions table) {
        row(table, "softmax", Tensor::softmax);
        row(table, "log_softmax", Tensor::logSoftmax);
        row(table, "softmin", Tensor::softmin);
    }

    private static void row(Functions table, String name, BiFunction<Tensor, Integer, Tensor> body) {
        table.row(name, a -> body.apply(a.tensor("input"), a.integer("dim")), "input", "dim");
    }
}
