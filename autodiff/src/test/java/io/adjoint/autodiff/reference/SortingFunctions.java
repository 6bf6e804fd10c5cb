package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.Chosen;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Extreme;
import io.adjoint.autodiff.Side;
import io.adjoint.autodiff.SortOrder;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Unique;
import io.adjoint.autodiff.function.Counting;
import io.adjoint.autodiff.function.Quantiles;
import io.adjoint.autodiff.function.Quantiles.Between;
import io.adjoint.autodiff.function.Searching;
import java.util.List;
import java.util.Locale;

/** Functions that order elements or choose by order. */
final class SortingFunctions {
    private SortingFunctions() {}

    static void addTo(Functions table) {
        table.rows("sort", a -> both(a.tensor("input").sort(a.integer("dim", -1), order(a))),
                "input", "dim", "descending", "stable");
        table.row("argsort", a -> a.tensor("input").argsort(a.integer("dim", -1), order(a)),
                "input", "dim", "descending", "stable");
        table.unary("msort", Tensor::msort);
        // what need not be sorted may be, all the same
        table.rows("topk", a -> both(a.tensor("input").topk(a.integer("k"), a.integer("dim", -1),
                a.flag("largest", true) ? Extreme.LARGEST : Extreme.SMALLEST)),
                "input", "k", "dim", "largest", "sorted");
        table.rows("kthvalue", a -> kept(a, a.tensor("input").kthValue(a.integer("k"), a.integer("dim", -1))),
                "input", "k", "dim", "keepdim");
        table.rows("median", a -> a.has("dim")
                ? kept(a, a.tensor("input").median(a.integer("dim")))
                : List.of(a.tensor("input").median()), "input", "dim", "keepdim");
        table.rows("mode", a -> kept(a, a.tensor("input").mode(a.integer("dim", -1))), "input", "dim", "keepdim");
        table.row("quantile", SortingFunctions::quantile, "input", "q", "dim", "keepdim", "interpolation");
        table.rows("unique", a -> {
            Unique unique = a.tensor("input").unique();
            return List.of(unique.values(), unique.inverse(), unique.counts());
        }, "input");
        addCounts(table);
    }

    private static void addCounts(Functions table) {
        table.row("searchsorted", a -> Searching.searchSorted(a.tensor("sorted_sequence"),
                values(a, a.tensor("sorted_sequence").dtype()), side(a)), "sorted_sequence", "input", "right");
        table.row("bucketize", a -> Searching.bucketize(values(a, a.tensor("boundaries").dtype()),
                a.tensor("boundaries"), side(a)), "input", "boundaries", "right");
        table.row("bincount", a -> a.isTensor("weights")
                ? Counting.bincount(a.tensor("input"), a.tensor("weights"), a.integer("minlength", 0))
                : Counting.bincount(a.tensor("input"), a.integer("minlength", 0)), "input", "weights", "minlength");
    }

    private static SortOrder order(Arguments a) {
        return a.flag("descending", false) ? SortOrder.DESCENDING : SortOrder.ASCENDING;
    }

    private static Side side(Arguments a) {
        return a.flag("right", false) ? Side.RIGHT : Side.LEFT;
    }

    /** The tensor or the number that is looked up; among integers it may have a fraction. */
    private static Tensor values(Arguments a, DType dtype) {
        return a.isTensor("input") ? a.tensor("input")
                : Tensor.scalar(a.number("input", 0), dtype.isFloat() ? dtype : DType.F64);
    }

    private static List<Tensor> both(Chosen chosen) {
        return List.of(chosen.values(), chosen.places());
    }

    private static List<Tensor> kept(Arguments a, Chosen chosen) {
        int axis = a.integer("dim", -1);
        return a.flag("keepdim", false) && a.tensor("input").rank() > 0
                ? List.of(chosen.values().unsqueeze(axis), chosen.places().unsqueeze(axis))
                : both(chosen);
    }

    private static Tensor quantile(Arguments a) {
        Tensor x = a.tensor("input");
        int[] dims = a.integers("dim");
        Axes axes = a.flag("keepdim", false) ? Axes.keep(dims) : Axes.drop(dims);
        Between between = Between.valueOf(a.text("interpolation", "linear").toUpperCase(Locale.ROOT));
        return a.isTensor("q") ? Quantiles.quantile(x, a.tensor("q"), axes, between)
                : Quantiles.quantile(x, a.number("q", 0), axes, between);
    }
}
