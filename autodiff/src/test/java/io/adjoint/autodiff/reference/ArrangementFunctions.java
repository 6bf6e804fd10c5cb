package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Functions that move elements or look at them in another shape. */
final class ArrangementFunctions {
    private ArrangementFunctions() {}

    static void addTo(Functions table) {
        addShapes(table);
        addOrders(table);
        addPieces(table);
        addJoins(table);
        addCopies(table);
    }

    private static void addShapes(Functions table) {
        table.row("reshape", a -> a.tensor("input").reshape(a.integers("shape")), "input", "shape");
        table.row("view", a -> a.tensor("input").reshape(a.integers("shape")), "input", "shape");
        table.row("flatten", ArrangementFunctions::flatten, "input", "start_dim", "end_dim");
        table.row("unsqueeze", a -> a.tensor("input").unsqueeze(a.integer("dim")), "input", "dim");
        table.row("squeeze", a -> {
            Tensor x = a.tensor("input");
            // there an axis of another extent just stays, here it is refused
            int[] ones = IntStream.range(0, x.rank()).filter(axis -> x.dim(axis) == 1
                    && (!a.has("dim") || x.shape().axis("squeeze", a.integer("dim")) == axis)).toArray();
            Tensor result = x;
            for (int i = ones.length - 1; i >= 0; i--) {
                result = result.squeeze(ones[i]);
            }
            return result;
        }, "input", "dim");
    }

    private static Tensor flatten(Arguments a) {
        Tensor x = Functions.atLeastOneAxis(a.tensor("input"));
        int from = x.shape().axis("flatten", a.integer("start_dim", 0));
        int to = x.shape().axis("flatten", a.integer("end_dim", -1));
        int merged = IntStream.rangeClosed(from, to).map(x::dim).reduce(1, (m, n) -> m * n);
        return x.reshape(IntStream.range(0, x.rank() - (to - from))
                .map(axis -> axis < from ? x.dim(axis) : axis == from ? merged : x.dim(axis + to - from)).toArray());
    }

    private static void addOrders(Functions table) {
        table.row("permute", a -> a.tensor("input").permute(a.integers("dims")), "input", "dims");
        table.row("transpose", a -> a.tensor("input").transpose(a.integer("dim0"), a.integer("dim1")),
                "input", "dim0", "dim1");
        table.row("movedim", ArrangementFunctions::moveAxes, "input", "source", "destination");
        table.row("flip", a -> {
            Tensor x = a.tensor("input");
            for (int axis : a.integers("dims")) {
                x = x.flip(axis);
            }
            return x;
        }, "input", "dims");
        table.row("rot90", a -> {
            Tensor x = a.tensor("input");
            int[] plane = a.integers("dims");
            for (int i = 0; i < Math.floorMod(a.integer("k", 1), 4); i++) {
                x = x.transpose(plane[0], plane[1]).flip(plane[0]);
            }
            return x;
        }, "input", "k", "dims");
        table.row("roll", a -> {
            Tensor x = a.tensor("input");
            if (!a.has("dims")) {
                return roll(x.reshape(-1), 0, a.integer("shifts")).reshape(x.shape());
            }
            int[] axes = a.integers("dims");
            for (int i = 0; i < axes.length; i++) {
                x = roll(x, axes[i], a.integers("shifts")[i]);
            }
            return x;
        }, "input", "shifts", "dims");
    }

    private static Tensor moveAxes(Arguments a) {
        Tensor x = a.tensor("input");
        int[] from = IntStream.of(a.integers("source")).map(axis -> x.shape().axis("movedim", axis)).toArray();
        int[] to = IntStream.of(a.integers("destination")).map(axis -> x.shape().axis("movedim", axis)).toArray();
        List<Integer> rest = new ArrayList<>(IntStream.range(0, x.rank())
                .filter(axis -> IntStream.of(from).noneMatch(moved -> moved == axis)).boxed().toList());
        int[] order = new int[x.rank()];
        Arrays.fill(order, -1);
        for (int i = 0; i < from.length; i++) {
            order[to[i]] = from[i];
        }
        for (int axis = 0; axis < order.length; axis++) {
            order[axis] = order[axis] < 0 ? rest.removeFirst() : order[axis];
        }
        return x.permute(order);
    }

    private static Tensor roll(Tensor x, int axis, int shift) {
        if (x.dim(axis) == 0) {
            return x;
        }
        int cut = Math.floorMod(-shift, x.dim(axis));
        return Tensor.concat(axis, x.slice(axis, cut, x.dim(axis)), x.slice(axis, 0, cut));
    }

    private static void addPieces(Functions table) {
        table.row("narrow", a -> {
            Tensor x = a.tensor("input");
            int start = fromFront(a.integer("start"), x.dim(a.integer("dim")));
            return x.slice(a.integer("dim"), start, start + a.integer("length"));
        }, "input", "dim", "start", "length");
        table.row("select", a -> {
            Tensor x = a.tensor("input");
            return x.select(a.integer("dim"), fromFront(a.integer("index"), x.dim(a.integer("dim"))));
        }, "input", "dim", "index");
        table.rows("unbind", a -> {
            Tensor x = a.tensor("input");
            int axis = a.integer("dim", 0);
            return IntStream.range(0, x.dim(axis)).mapToObj(i -> x.select(axis, i)).toList();
        }, "input", "dim");
        table.rows("split", a -> {
            int axis = a.integer("dim", 0);
            int extent = a.tensor("tensor").dim(axis);
            return a.isList("split_size_or_sections")
                    ? pieces(a.tensor("tensor"), axis, a.integers("split_size_or_sections"))
                    : pieces(a.tensor("tensor"), axis, equal(extent, a.integer("split_size_or_sections")));
        }, "tensor", "split_size_or_sections", "dim");
        table.rows("chunk", a -> {
            int axis = a.integer("dim", 0);
            int extent = a.tensor("input").dim(axis);
            return pieces(a.tensor("input"), axis, equal(extent, Math.ceilDiv(extent, a.integer("chunks"))));
        }, "input", "chunks", "dim");
        table.onlyIf("chunk", a -> a.tensor("input").dim(a.integer("dim", 0)) > 0);
        table.rows("tensor_split", a -> {
            int axis = a.integer("dim", 0);
            int extent = a.tensor("input").dim(axis);
            int sections = a.integer("indices_or_sections");
            return pieces(a.tensor("input"), axis, IntStream.range(0, sections)
                    .map(i -> extent / sections + (i < extent % sections ? 1 : 0)).toArray());
        }, "input", "indices_or_sections", "dim");
        table.onlyIf("tensor_split", a -> !a.isList("indices_or_sections") && !a.isTensor("indices_or_sections"));
        table.row("diff", a -> {
            Tensor x = a.tensor("input");
            int axis = a.integer("dim", -1);
            for (int i = 0; i < a.integer("n", 1); i++) {
                x = x.slice(axis, 1, x.dim(axis)).sub(x.slice(axis, 0, x.dim(axis) - 1));
            }
            return x;
        }, "input", "n", "dim");
    }

    private static int fromFront(int index, int extent) {
        return index < 0 ? index + extent : index;
    }

    private static int[] equal(int extent, int size) {
        return IntStream.range(0, Math.ceilDiv(extent, size)).map(i -> Math.min(size, extent - i * size)).toArray();
    }

    private static List<Tensor> pieces(Tensor x, int axis, int[] sizes) {
        List<Tensor> pieces = new ArrayList<>();
        int start = 0;
        for (int size : sizes) {
            pieces.add(x.slice(axis, start, start + size));
            start += size;
        }
        return pieces;
    }

    private static void addJoins(Functions table) {
        table.row("cat", a -> Tensor.concat(a.integer("dim", 0), a.tensors("tensors")), "tensors", "dim");
        // an empty list among tensors of higher rank passes there for nothing
        table.onlyIf("cat", a -> Stream.of(a.tensors("tensors")).mapToInt(Tensor::rank).distinct().count() == 1);
        table.row("stack", a -> Tensor.stack(a.integer("dim", 0), a.tensors("tensors")), "tensors", "dim");
        table.row("hstack", a -> joined(a, 1), "tensors");
        table.row("vstack", a -> joined(a, 2), "tensors");
        table.row("dstack", a -> joined(a, 3), "tensors");
        table.rows("meshgrid", a -> {
            boolean swap = a.text("indexing", "ij").equals("xy");
            Tensor[] lists = a.tensors("tensors");
            Shape grid = Shape.of(Stream.of(lists).mapToInt(Tensor::size).toArray());
            return IntStream.range(0, lists.length).mapToObj(i -> {
                int[] dims = IntStream.range(0, lists.length).map(axis -> axis == i ? lists[i].size() : 1).toArray();
                Tensor spread = lists[i].reshape(dims).expand(grid);
                return swap && lists.length > 1 ? spread.transpose(0, 1) : spread;
            }).toList();
        }, "tensors", "indexing");
        table.row("pad", a -> {
            Tensor x = a.tensor("input");
            int[] sides = a.integers("pad");
            for (int i = 0; i < sides.length / 2; i++) {
                x = x.pad(-1 - i, sides[2 * i], sides[2 * i + 1], a.number("value", 0));
            }
            return x;
        }, "input", "pad", "mode", "value");
        table.onlyIf("pad", a -> a.text("mode", "constant").equals("constant")
                && IntStream.of(a.integers("pad")).allMatch(side -> side >= 0));
    }

    /** Joins along the last of the first {@code rank} axes, after lifting all tensors to that rank. */
    private static Tensor joined(Arguments a, int rank) {
        Tensor[] lifted = Stream.of(a.tensors("tensors")).map(x -> switch (rank - x.rank()) {
            case 1 -> rank == 2 ? x.unsqueeze(0) : x.unsqueeze(-1);
            case 2 -> rank == 2 ? x.reshape(1, 1) : x.unsqueeze(0).unsqueeze(-1);
            case 3 -> x.reshape(1, 1, 1);
            default -> x;
        }).toArray(Tensor[]::new);
        int axis = rank == 3 ? 2 : rank == 2 || lifted[0].rank() == 1 ? 0 : 1;
        return Tensor.concat(axis, lifted);
    }

    private static void addCopies(Functions table) {
        table.row("expand", a -> {
            Tensor x = a.tensor("input");
            int[] size = a.integers("size");
            int missing = size.length - x.rank();
            return x.expand(IntStream.range(0, size.length)
                    .map(axis -> size[axis] < 0 ? x.dim(axis - missing) : size[axis]).toArray());
        }, "input", "size");
        table.row("repeat", a -> repeat(a.tensor("input"), a.integers("repeats")), "input", "repeats");
        table.row("tile", a -> repeat(a.tensor("input"), a.integers("dims")), "input", "dims");
        table.row("repeat_interleave", a -> {
            int times = a.integer("repeats");
            Tensor x = a.has("dim") ? a.tensor("input") : a.tensor("input").reshape(-1);
            int axis = x.shape().axis("repeat_interleave", a.integer("dim", 0));
            Tensor wide = x.unsqueeze(axis + 1);
            return wide.expand(wide.shape().with(axis + 1, times)).reshape(x.shape().with(axis, x.dim(axis) * times));
        }, "input", "repeats", "dim");
        table.onlyIf("repeat_interleave", a -> !a.isTensor("repeats"));
        table.row("sum_to_size", a -> {
            Tensor x = a.tensor("input");
            int[] size = a.integers("size");
            int missing = x.rank() - size.length;
            int[] summed = IntStream.range(0, x.rank())
                    .filter(axis -> axis < missing || size[axis - missing] == 1 && x.dim(axis) != 1).toArray();
            return (summed.length == 0 ? x : x.sum(summed)).reshape(size);
        }, "input", "size");
    }

    /** The tensor side by side with itself along each axis, after lifting it to as many axes as there are counts. */
    private static Tensor repeat(Tensor x, int[] counts) {
        int rank = Math.max(x.rank(), counts.length);
        int[] apart = new int[2 * rank];
        int[] repeated = new int[2 * rank];
        int[] merged = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            int extent = axis < rank - x.rank() ? 1 : x.dim(axis - (rank - x.rank()));
            int count = axis < rank - counts.length ? 1 : counts[axis - (rank - counts.length)];
            apart[2 * axis] = 1;
            repeated[2 * axis] = count;
            apart[2 * axis + 1] = extent;
            repeated[2 * axis + 1] = extent;
            merged[axis] = extent * count;
        }
        return x.reshape(apart).expand(repeated).reshape(merged);
    }
}
