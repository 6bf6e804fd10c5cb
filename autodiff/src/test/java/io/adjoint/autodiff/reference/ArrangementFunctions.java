package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.PadMode;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Joining;
import io.adjoint.autodiff.function.Joining.Indexing;
import java.util.Locale;

/** Functions that move elements or look at them in another shape. */
final class ArrangementFunctions {
    private ArrangementFunctions() {}

    static void addTo(Functions table) {
        addShapes(table);
        addOrders(table);
        addPieces(table);
        addJoins(table);
        addCopies(table);
        addDiagonals(table);
    }

    private static void addShapes(Functions table) {
        table.row("reshape", a -> input(a).reshape(a.integers("shape")), "input", "shape");
        table.row("view", a -> input(a).reshape(a.integers("shape")), "input", "shape");
        table.row("flatten", a -> input(a).flatten(a.integer("start_dim", 0), a.integer("end_dim", -1)), "input",
                "start_dim", "end_dim");
        table.row("unflatten", a -> input(a).unflatten(a.integer("dim"), a.integers("sizes")), "input", "dim", "sizes");
        table.row("unsqueeze", a -> input(a).unsqueeze(a.integer("dim")), "input", "dim");
        table.row("squeeze", a -> a.has("dim") ? input(a).squeeze(a.integer("dim")) : input(a).squeeze(), "input",
                "dim");
    }

    private static void addOrders(Functions table) {
        table.row("permute", a -> input(a).permute(a.integers("dims")), "input", "dims");
        table.row("transpose", a -> input(a).transpose(a.integer("dim0"), a.integer("dim1")), "input", "dim0", "dim1");
        table.row("movedim", a -> input(a).movedim(a.integers("source"), a.integers("destination")), "input", "source",
                "destination");
        table.row("flip", a -> input(a).flip(a.integers("dims")), "input", "dims");
        table.row("rot90", a -> {
            int[] plane = a.has("dims") ? a.integers("dims") : new int[] {0, 1};
            return input(a).rot90(a.integer("k", 1), plane[0], plane[1]);
        }, "input", "k", "dims");
        table.row("roll", a -> a.integers("dims").length > 0 ? input(a).roll(a.integers("shifts"), a.integers("dims"))
                : input(a).roll(a.integer("shifts")), "input", "shifts", "dims");
    }

    private static void addPieces(Functions table) {
        table.row("narrow", a -> input(a).narrow(a.integer("dim"), a.integer("start"), a.integer("length")), "input",
                "dim", "start", "length");
        table.row("select", a -> input(a).select(a.integer("dim"), a.integer("index")), "input", "dim", "index");
        table.rows("unbind", a -> input(a).unbind(a.integer("dim", 0)), "input", "dim");
        table.rows("split", a -> {
            int axis = a.integer("dim", 0);
            return a.isList("split_size_or_sections")
                    ? a.tensor("tensor").split(a.integers("split_size_or_sections"), axis)
                    : a.tensor("tensor").split(a.integer("split_size_or_sections"), axis);
        }, "tensor", "split_size_or_sections", "dim");
        table.rows("chunk", a -> input(a).chunk(a.integer("chunks"), a.integer("dim", 0)), "input", "chunks", "dim");
        table.rows("tensor_split", a -> {
            int axis = a.integer("dim", 0);
            boolean isList = a.isTensor("indices_or_sections")
                    ? a.tensor("indices_or_sections").rank() > 0
                    : a.isList("indices_or_sections");
            int[] numbers = a.integers("indices_or_sections");
            return isList ? input(a).tensorSplit(numbers, axis) : input(a).tensorSplit(numbers[0], axis);
        }, "input", "indices_or_sections", "dim");
    }

    private static void addJoins(Functions table) {
        table.row("cat", a -> Tensor.concat(a.integer("dim", 0), a.tensors("tensors")), "tensors", "dim");
        table.row("stack", a -> Tensor.stack(a.integer("dim", 0), a.tensors("tensors")), "tensors", "dim");
        table.row("hstack", a -> Joining.hstack(a.tensors("tensors")), "tensors");
        table.row("vstack", a -> Joining.vstack(a.tensors("tensors")), "tensors");
        table.row("dstack", a -> Joining.dstack(a.tensors("tensors")), "tensors");
        table.row("block_diag", a -> Joining.blockDiag(a.tensors("tensors")), "tensors");
        table.row("cartesian_prod", a -> Joining.cartesianProduct(a.tensors("tensors")), "tensors");
        table.rows("meshgrid",
                a -> Joining.meshgrid(Indexing.valueOf(a.text("indexing", "ij").toUpperCase(Locale.ROOT)),
                        a.tensors("tensors")),
                "tensors", "indexing");
    }

    private static void addCopies(Functions table) {
        table.row("expand", a -> input(a).expand(a.integers("size")), "input", "size");
        table.row("broadcast_to", a -> input(a).expand(a.integers("size")), "input", "size");
        table.row("repeat", a -> input(a).repeat(a.integers("repeats")), "input", "repeats");
        table.row("tile", a -> input(a).tile(a.integers("dims")), "input", "dims");
        table.row("repeat_interleave", a -> {
            Tensor x = a.has("dim") ? input(a) : input(a).reshape(-1);
            int axis = a.integer("dim", 0);
            return a.isTensor("repeats") ? x.repeatInterleave(a.tensor("repeats"), axis)
                    : x.repeatInterleave(a.integer("repeats"), axis);
        }, "input", "repeats", "dim");
        table.row("sum_to_size", a -> input(a).sumToSize(Shape.of(a.integers("size"))), "input", "size");
        table.row("pad", a -> a.text("mode", "constant").equals("constant")
                ? input(a).pad(a.number("value", 0), a.integers("pad"))
                : input(a).pad(PadMode.valueOf(a.text("mode", "").toUpperCase(Locale.ROOT)), a.integers("pad")),
                "input",
                "pad", "mode", "value");
    }

    private static void addDiagonals(Functions table) {
        table.row("diag", a -> input(a).diag(a.integer("diagonal", 0)), "input", "diagonal");
        table.row("diagflat", a -> input(a).diagflat(a.integer("offset", 0)), "input", "offset");
        table.row("diagonal",
                a -> input(a).diagonal(a.integer("offset", 0), a.integer("dim1", 0), a.integer("dim2", 1)),
                "input", "offset", "dim1", "dim2");
        table.row("diag_embed",
                a -> input(a).diagEmbed(a.integer("offset", 0), a.integer("dim1", -2), a.integer("dim2", -1)),
                "input", "offset", "dim1", "dim2");
        table.row("fill_diagonal", a -> input(a).fillDiagonal(a.number("value", 0)), "input", "value");
        table.row("trace", a -> input(a).trace(), "input");
        table.row("tril", a -> input(a).tril(a.integer("diagonal", 0)), "input", "diagonal");
        table.row("triu", a -> input(a).triu(a.integer("diagonal", 0)), "input", "diagonal");
    }

    private static Tensor input(Arguments a) {
        return a.tensor("input");
    }
}
