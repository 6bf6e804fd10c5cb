package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.Chosen;
import io.adjoint.autodiff.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Functions that go along an axis and keep it, and integrals. */
final class ScanFunctions {
    private ScanFunctions() {}

    static void addTo(Functions table) {
        along(table, "cumsum", Tensor::cumsum);
        along(table, "cumprod", Tensor::cumprod);
        along(table, "logcumsumexp", Tensor::logCumSumExp);
        chosen(table, "cummax", Tensor::cummax);
        chosen(table, "cummin", Tensor::cummin);
        table.row("diff", ScanFunctions::diff, "input", "n", "dim", "prepend", "append");
        table.row("trapezoid", a -> a.isTensor("x")
                ? a.tensor("y").trapezoid(a.tensor("x"), a.integer("dim", -1))
                : a.tensor("y").trapezoid(a.number("dx", 1), a.integer("dim", -1)), "y", "x", "dx", "dim");
    }

    private static void along(Functions table, String name, BiFunction<Tensor, Integer, Tensor> body) {
        table.row(name, a -> body.apply(a.tensor("input"), a.integer("dim")), "input", "dim");
    }

    private static void chosen(Functions table, String name, BiFunction<Tensor, Integer, Chosen> body) {
        table.rows(name, a -> {
            Chosen chosen = body.apply(a.tensor("input"), a.integer("dim"));
            return List.of(chosen.values(), chosen.places());
        }, "input", "dim");
    }

    private static Tensor diff(Arguments a) {
        int axis = a.integer("dim", -1);
        Tensor[] joined = Stream.of(a.optional("prepend"), a.optional("input"), a.optional("append"))
                .flatMap(Optional::stream).toArray(Tensor[]::new);
        return (joined.length == 1 ? joined[0] : Tensor.concat(axis, joined)).diff(a.integer("n", 1), axis);
    }
}
