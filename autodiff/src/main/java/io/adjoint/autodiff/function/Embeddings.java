package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ScatterBase;
import io.adjoint.autodiff.ScatterReduction;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Side;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.ResolveIndex;
import io.adjoint.autodiff.op.ResolveIndex.Counting;
import io.adjoint.autodiff.tape.LookedUp;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/** Rows of a table, looked up by number: a vector for each word. */
public final class Embeddings {
    private static final String BAG = "embedding_bag";

    private Embeddings() {}

    /** How large the gradient of a row becomes. */
    public enum Frequency {
        /** The sum over all places that looked it up. */
        SUM,
        /** Their mean: {@code scale_grad_by_freq} in PyTorch. */
        MEAN
    }

    /** What a bag of rows becomes. */
    public enum Mode {
        /** Their sum. */
        SUM,
        /** Their mean. */
        MEAN,
        /** The greatest element in each column; the gradient goes to the first of them. */
        MAX
    }

    /** What the last of the offsets says. */
    public enum LastOffset {
        /** Where the last bag begins, which goes to the end of the list. */
        BEGINS,
        /** Where the last bag ends: {@code include_last_offset} in PyTorch. */
        ENDS
    }

    /** The rows at these places: {@code [rows, width]} and an index of any shape give {@code [..., width]}. */
    public static Tensor lookup(Tensor table, Tensor index) {
        return lookup(table, index, OptionalInt.empty(), Frequency.SUM);
    }

    /**
     * The rows at these places, as {@code torch.nn.functional.embedding}.
     *
     * @param table {@code [rows, width]}
     * @param index I64 or I32 of any shape, with values in {@code [0, rows)}
     * @param padding a row that gets no gradient; below 0 counts from the last
     * @param frequency how large the gradient of a row that was looked up several times becomes
     * @return the shape of the index, then the width
     * @throws ShapeException if shapes do not fit or an index is out of range
     */
    public static Tensor lookup(Tensor table, Tensor index, OptionalInt padding, Frequency frequency) {
        requireTable("embedding", table);
        Tensor flat = places("embedding", table, index).reshape(Shape.of(index.size()));
        Tensor rows = table.indexSelect(0, flat);
        if (frequency == Frequency.SUM && padding.isEmpty()) {
            rows = LookedUp.note(rows, table, flat.unsqueeze(1));
        }
        if (frequency == Frequency.MEAN) {
            Tensor ones = Tensor.full(flat.shape(), table.dtype(), 1);
            Tensor counts = Tensor.zeros(Shape.of(table.dim(0)), table.dtype()).scatterAdd(0, flat, ones);
            Tensor scaled = rows.div(counts.gather(0, flat).unsqueeze(1));
            // the value of the rows, the gradient of the scaled ones
            rows = rows.detached().add(scaled.sub(scaled.detached()));
        }
        if (padding.isPresent()) {
            int row = row("embedding", table, padding.getAsInt());
            rows = flat.eq(row).unsqueeze(1).where(rows.detached(), rows);
        }
        int[] dims = Arrays.copyOf(index.shape().dims(), index.rank() + 1);
        dims[index.rank()] = table.dim(1);
        return rows.reshape(Shape.of(dims));
    }

    /**
     * A row for each bag of places, as {@code torch.nn.functional.embedding_bag}; of an empty bag zeros. Elements are added in
     * the order of their places; NaN is greatest.
     *
     * @param table {@code [rows, width]}
     * @param index I64 or I32 {@code [bags, places]}, a bag in each row, with values in {@code [0, rows)}
     * @param weights of each place, of the index's shape; only for sums
     * @param padding a row that does not count, as if its places were not there
     * @return {@code [bags, width]}
     * @throws ShapeException if shapes do not fit, weights come with another mode, or an index is out of range
     */
    public static Tensor bags(Tensor table, Tensor index, Mode mode, Optional<Tensor> weights, OptionalInt padding) {
        requireTable(BAG, table);
        requireWeights(index, mode, weights);
        if (index.rank() != 2) {
            throw ShapeException.of(BAG, "no list of bags").operand("index", index.shape())
                    .expected("[bags, places]; or offsets beside a list of places");
        }
        Shape list = Shape.of(index.size());
        Tensor bag = Tensor.range(index.dim(0)).unsqueeze(1).expand(index.shape()).reshape(list);
        return new Bags(index.dim(0), bag).reduce(table, index.reshape(list), mode, weights.map(w -> w.reshape(list)),
                padding);
    }

    /**
     * Bags that stand one after the other in a list of places.
     *
     * @param index I64 or I32 {@code [places]}
     * @param offsets I64 or I32: where each bag begins, ascending from 0
     * @param last what the last of them says; places behind the end of the last bag do not count
     * @param weights of each place, of the index's shape; only for sums
     * @param padding a row that does not count
     * @return {@code [bags, width]}
     * @throws ShapeException if shapes do not fit, offsets do not ascend within the list, or an index is out of range
     */
    public static Tensor bags(Tensor table, Tensor index, Tensor offsets, LastOffset last, Mode mode,
            Optional<Tensor> weights, OptionalInt padding) {
        requireTable(BAG, table);
        requireWeights(index, mode, weights);
        if (index.rank() != 1 || offsets.rank() != 1 || last == LastOffset.ENDS && offsets.size() == 0) {
            throw ShapeException.of(BAG, "no lists of places and offsets").operand("index", index.shape())
                    .operand("offsets", offsets.shape())
                    .expected("index [places], offsets [bags], or [bags + 1] if the last one ends");
        }
        return Bags.between(LossRules.labels(BAG, offsets), last, index.size()).reduce(table, index, mode,
                weights, padding);
    }

    private static void requireWeights(Tensor index, Mode mode, Optional<Tensor> weights) {
        weights.ifPresent(w -> LossRules.requireFloat(BAG, "weights", w));
        if (weights.isPresent() && (mode != Mode.SUM || !weights.get().shape().equals(index.shape()))) {
            throw ShapeException.of(BAG, "weights do not fit").operand("weights", weights.get().shape())
                    .operand("mode", mode).expected("weights " + index.shape() + " and the mode SUM");
        }
    }

    /**
     * Which bag each place is in. One bag more takes what does not count, and is dropped in the end.
     *
     * @param count of bags
     * @param bag I64 {@code [places]}, with values in {@code [0, count]}
     */
    private record Bags(int count, Tensor bag) {
        static Bags between(Tensor offsets, LastOffset last, int places) {
            int bounds = offsets.size();
            int count = last == LastOffset.ENDS ? bounds - 1 : bounds;
            if (bounds == 0) {
                return new Bags(count, Tensor.zeros(Shape.of(places), DType.I64));
            }
            Tensor begins = ascending(offsets, places);
            return new Bags(count, Searching.searchSorted(begins, Tensor.range(places), Side.RIGHT).sub(1));
        }

        /** The offsets again, put together of the lengths of bags, which are refused unless they are from 0 to all. */
        private static Tensor ascending(Tensor offsets, int places) {
            Tensor first = new ResolveIndex(1, Counting.FROM_FRONT, BAG).apply(offsets.slice(0, 0, 1));
            Tensor ends = Tensor.concat(0, offsets.slice(0, 1, offsets.size()), Tensor.of(new long[] {places}));
            Tensor lengths = new ResolveIndex(places + 1, Counting.FROM_FRONT, BAG).apply(ends.sub(offsets));
            return Tensor.concat(0, first, lengths.cumsum(0)).slice(0, 0, offsets.size());
        }

        Tensor reduce(Tensor table, Tensor index, Mode mode, Optional<Tensor> weights, OptionalInt padding) {
            Tensor places = places(BAG, table, index);
            if (padding.isPresent()) {
                Tensor pads = places.eq(row(BAG, table, padding.getAsInt()));
                Bags others = new Bags(count, pads.where(Tensor.scalar(count, DType.I64), bag));
                return others.reduce(table, index, mode, weights, OptionalInt.empty());
            }
            Tensor rows = table.indexSelect(0, places);
            return switch (mode) {
                case SUM -> sum(weights.map(w -> rows.mul(bag.lt(count).where(w, 0).unsqueeze(1))).orElse(rows));
                case MEAN -> sum(rows).div(sum(Tensor.full(Shape.of(bag.size(), 1), rows.dtype(), 1)).maximum(1));
                case MAX -> greatest(rows);
            };
        }

        private Tensor sum(Tensor rows) {
            Tensor sums = Tensor.zeros(Shape.of(count + 1, rows.dim(1)), rows.dtype()).indexAdd(0, bag, rows);
            return sums.slice(0, 0, count);
        }

        private Tensor greatest(Tensor rows) {
            Shape shape = Shape.of(count + 1, rows.dim(1));
            Tensor bags = bag.unsqueeze(1).expand(rows.shape());
            Tensor x = rows.detached();
            Tensor greatest = Tensor.zeros(shape, x.dtype())
                    .scatterReduce(0, bags, x, ScatterReduction.MAX, ScatterBase.EXCLUDED);
            Tensor isChosen = x.eq(greatest.gather(0, bags)).or(x.isNaN());
            // the first of equals; of an empty bag a row of zeros behind the last
            Tensor none = Tensor.scalar(bag.size(), DType.I64);
            Tensor numbers = isChosen.where(Tensor.range(bag.size()).unsqueeze(1), none);
            Tensor first = none.expand(shape)
                    .scatterReduce(0, bags, numbers, ScatterReduction.MIN, ScatterBase.INCLUDED);
            return rows.pad(0, 0, 1, 0).gather(0, first.slice(0, 0, count));
        }
    }

    /** An index as I64, with all values in range. */
    private static Tensor places(String operation, Tensor table, Tensor index) {
        return new ResolveIndex(table.dim(0), Counting.FROM_FRONT, operation).apply(LossRules.labels(operation, index));
    }

    private static void requireTable(String operation, Tensor table) {
        LossRules.requireFloat(operation, "table", table);
        if (table.rank() != 2) {
            throw ShapeException.of(operation, "no table of rows").operand("table", table.shape())
                    .expected("[rows, width]");
        }
    }

    private static int row(String operation, Tensor table, int padding) {
        int row = padding < 0 ? padding + table.dim(0) : padding;
        if (row < 0 || row >= table.dim(0)) {
            throw ShapeException.of(operation, "the padding is no row").operand("padding", padding)
                    .operand("table", table.shape()).expected("a row of the table");
        }
        return row;
    }
}
