package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Index;
import io.adjoint.autodiff.ScatterBase;
import io.adjoint.autodiff.ScatterReduction;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;

/** Functions that take elements from places, or put them there. */
final class IndexingFunctions {
    private IndexingFunctions() {}

    static void addTo(Functions table) {
        addSubscripts(table);
        addPlaces(table);
        addScattering(table);
        addChoices(table);
    }

    private static void addSubscripts(Functions table) {
        table.row("getitem", a -> a.tensor("input").get(a.indices("index")), "input", "index");
        table.row("setitem", a -> a.isTensor("value") ? a.tensor("input").put(a.tensor("value"), a.indices("index"))
                : a.tensor("input").put(a.number("value", 0), a.indices("index")), "input", "index", "value");
        table.row("index_put", a -> {
            // a scalar index broadcasts there; in brackets it is a number
            Index[] indices = Arrays.stream(a.indices("indices"))
                    .map(index -> index instanceof Index.Of(Tensor one) && one.rank() == 0 && one.dtype() == DType.I64
                            ? Index.of(one.reshape(1)) : index)
                    .toArray(Index[]::new);
            return a.flag("accumulate", false) ? a.tensor("input").putAdd(a.tensor("values"), indices)
                    : a.tensor("input").put(a.tensor("values"), indices);
        }, "input", "indices", "values", "accumulate");
    }

    private static void addPlaces(Functions table) {
        table.row("gather", a -> a.tensor("input").gather(a.integer("dim"), a.tensor("index")), "input", "dim",
                "index");
        table.row("take_along_dim",
                a -> a.has("dim") ? a.tensor("input").takeAlongAxis(a.integer("dim"), a.tensor("indices"))
                        : a.tensor("input").takeAlongAxis(a.tensor("indices")),
                "input", "indices", "dim");
        table.row("take", a -> a.tensor("input").take(a.tensor("index")), "input", "index");
        table.row("index_select", a -> a.tensor("input").indexSelect(a.integer("dim"), a.tensor("index")), "input",
                "dim", "index");
        table.row("one_hot", a -> a.integer("num_classes", -1) == -1 ? a.tensor("tensor").oneHot()
                : a.tensor("tensor").oneHot(a.integer("num_classes")), "tensor", "num_classes");
        table.unary("nonzero", Tensor::nonzero);
    }

    private static void addScattering(Functions table) {
        table.row("scatter", a -> {
            Tensor x = a.tensor("input");
            return a.isTensor("src") ? x.scatter(a.integer("dim"), a.tensor("index"), a.tensor("src"))
                    : x.scatter(a.integer("dim"), a.tensor("index"), a.number("value", 0));
        }, "input", "dim", "index", "value", "src");
        table.row("scatter_add", a -> a.tensor("input").scatterAdd(a.integer("dim"), a.tensor("index"),
                a.tensor("src")), "input", "dim", "index", "src");
        table.row("scatter_reduce", a -> {
            ScatterReduction reduction = switch (a.text("reduce", "")) {
                case "sum" -> ScatterReduction.SUM;
                case "prod" -> ScatterReduction.PROD;
                case "mean" -> ScatterReduction.MEAN;
                case "amax" -> ScatterReduction.MAX;
                case "amin" -> ScatterReduction.MIN;
                case String other -> throw new IllegalArgumentException(other);
            };
            ScatterBase base = a.flag("include_self", true) ? ScatterBase.INCLUDED : ScatterBase.EXCLUDED;
            return a.tensor("input").scatterReduce(a.integer("dim"), a.tensor("index"), a.tensor("src"), reduction,
                    base);
        }, "input", "dim", "index", "src", "reduce", "include_self");
        table.row("index_add", a -> a.tensor("input").indexAdd(a.integer("dim"), a.tensor("index"),
                a.tensor("source"), a.number("alpha", 1)), "input", "dim", "index", "source", "alpha");
        table.row("index_copy", a -> a.tensor("input").indexCopy(a.integer("dim"), a.tensor("index"),
                a.tensor("source")), "input", "dim", "index", "source");
        table.row("index_fill", a -> a.isTensor("value")
                ? a.tensor("input").indexFill(a.integer("dim"), a.tensor("index"), a.tensor("value"))
                : a.tensor("input").indexFill(a.integer("dim"), a.tensor("index"), a.number("value", 0)), "input",
                "dim", "index", "value");
    }

    private static void addChoices(Functions table) {
        table.row("masked_fill", a -> a.isTensor("value")
                ? a.tensor("input").maskedFill(a.tensor("mask"), a.tensor("value"))
                : a.tensor("input").maskedFill(a.tensor("mask"), a.number("value", 0)), "input", "mask", "value");
        table.row("masked_select", a -> a.tensor("input").maskedSelect(a.tensor("mask")), "input", "mask");
        table.row("masked_scatter", a -> a.tensor("input").maskedScatter(a.tensor("mask"), a.tensor("source")),
                "input", "mask", "source");
        table.row("where", a -> a.tensor("condition").where(side(a, "input", "other"), side(a, "other", "input")),
                "condition", "input", "other");
    }

    /** A side of a choice; a number in Python is an I64, or a float of the other side's precision. */
    private static Tensor side(Arguments a, String name, String other) {
        if (a.isTensor(name)) {
            return a.tensor(name);
        }
        DType real = a.optional(other).map(Tensor::dtype).filter(DType::isFloat).orElse(DType.F32);
        return Tensor.scalar(a.number(name, 0), a.isWrittenWhole(name) ? DType.I64 : real);
    }
}
