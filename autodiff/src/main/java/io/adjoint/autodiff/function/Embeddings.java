package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/** Rows of a table, looked up by number: a vector for each word. */
public final class Embeddings {
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
        requireTable(table);
        Tensor flat = LossRules.labels("embedding", index).reshape(Shape.of(index.size()));
        Tensor rows = table.indexSelect(0, flat);
        if (frequency == Frequency.MEAN) {
            Tensor ones = Tensor.full(flat.shape(), table.dtype(), 1);
            Tensor counts = Tensor.zeros(Shape.of(table.dim(0)), table.dtype()).scatterAdd(0, flat, ones);
            Tensor scaled = rows.div(counts.gather(0, flat).unsqueeze(1));
            // the value of the rows, the gradient of the scaled ones
            rows = rows.detached().add(scaled.sub(scaled.detached()));
        }
        if (padding.isPresent()) {
            int row = row(table, padding.getAsInt());
            rows = flat.eq(row).unsqueeze(1).where(rows.detached(), rows);
        }
        int[] dims = Arrays.copyOf(index.shape().dims(), index.rank() + 1);
        dims[index.rank()] = table.dim(1);
        return rows.reshape(Shape.of(dims));
    }

    /**
     * A row for each bag of places, as {@code torch.nn.functional.embedding_bag}; of an empty bag zeros.
     *
     * @param table {@code [rows, width]}
     * @param index I64 or I32 {@code [bags, places]}, a bag in each row, with values in {@code [0, rows)}
     * @param weights of each place, of the index's shape; only for sums
     * @param padding a row that does not count, as if its places were not there
     * @return {@code [bags, width]}
     * @throws ShapeException if shapes do not fit, weights come with another mode, or an index is out of range
     */
    public static Tensor bags(Tensor table, Tensor index, Mode mode, Optional<Tensor> weights, OptionalInt padding) {
        requireTable(table);
        Tensor places = LossRules.labels("embedding_bag", index);
        if (index.rank() != 2) {
            throw ShapeException.of("embedding_bag", "no list of bags").operand("index", index.shape())
                    .expected("[bags, places]; or offsets beside a list of places");
        }
        Tensor counts = padding.isPresent() ? places.ne(row(table, padding.getAsInt()))
                : Tensor.full(places.shape(), DType.I64, 1).cast(DType.BOOL);
        return reduce(table, places, counts, mode, weights);
    }

    /**
     * Bags that stand one after the other in a list of places.
     *
     * @param index I64 or I32 {@code [places]}
     * @param offsets I64 or I32 {@code [bags]}: where each bag begins, ascending from 0; read on the host
     * @param weights of each place, of the index's shape; only for sums
     * @param padding a row that does not count
     * @return {@code [bags, width]}
     * @throws ShapeException if shapes do not fit, offsets do not ascend within the list, or an index is out of range
     */
    public static Tensor bags(Tensor table, Tensor index, Tensor offsets, Mode mode, Optional<Tensor> weights,
            OptionalInt padding) {
        requireTable(table);
        LossRules.labels("embedding_bag", index);
        if (index.rank() != 1 || offsets.rank() != 1 || weights.isPresent() && !weights.get().shape().equals(
                index.shape())) {
            throw ShapeException.of("embedding_bag", "offsets or weights without a list")
                    .operand("index", index.shape())
                    .operand("offsets", offsets.shape()).expected("index [places], weights [places], offsets [bags]");
        }
        long[] begin = LossRules.labels("embedding_bag", offsets).toLongs();
        int[] ends = new int[begin.length];
        int longest = 0;
        for (int bag = 0; bag < begin.length; bag++) {
            long end = bag + 1 < begin.length ? begin[bag + 1] : index.size();
            if (begin[bag] < 0 || end < begin[bag] || end > index.size() || bag == 0 && begin[bag] != 0) {
                throw ShapeException.of("embedding_bag", "offset out of order").operand("offset", begin[bag])
                        .operand("of bag", bag).expected("offsets from 0 ascending to at most " + index.size());
            }
            ends[bag] = (int) end;
            longest = Math.max(longest, ends[bag] - (int) begin[bag]);
        }
        // a rectangle of places; what stands beyond the end of a bag does not count
        long[] taken = new long[begin.length * longest];
        boolean[] isThere = new boolean[taken.length];
        for (int bag = 0; bag < begin.length; bag++) {
            for (int i = (int) begin[bag]; i < ends[bag]; i++) {
                int at = bag * longest + i - (int) begin[bag];
                taken[at] = i;
                isThere[at] = true;
            }
        }
        Shape shape = Shape.of(begin.length, longest);
        Tensor order = Tensor.of(taken, Shape.of(taken.length));
        if (index.size() == 0) {
            return Tensor.zeros(Shape.of(begin.length, table.dim(1)), table.dtype());
        }
        Tensor places = index.cast(DType.I64).indexSelect(0, order).reshape(shape);
        Tensor counts = Tensor.of(isThere, shape);
        if (padding.isPresent()) {
            counts = counts.and(places.ne(row(table, padding.getAsInt())));
        }
        return reduce(table, places, counts, mode, weights.map(w -> w.indexSelect(0, order).reshape(shape)));
    }

    private static Tensor reduce(Tensor table, Tensor places, Tensor counts, Mode mode, Optional<Tensor> weights) {
        if (weights.isPresent() && (mode != Mode.SUM || !weights.get().shape().equals(places.shape()))) {
            throw ShapeException.of("embedding_bag", "weights do not fit").operand("weights", weights.get().shape())
                    .operand("mode", mode).expected("weights " + places.shape() + " and the mode SUM");
        }
        Tensor rows = lookup(table, places);
        Tensor takes = counts.unsqueeze(2);
        Tensor number = counts.cast(table.dtype()).sum(1).unsqueeze(1);
        return switch (mode) {
            case SUM -> takes.where(weights.map(w -> rows.mul(w.unsqueeze(2))).orElse(rows), 0).sum(1);
            case MEAN -> takes.where(rows, 0).sum(1).div(number.maximum(1));
            case MAX -> places.dim(1) == 0 ? takes.where(rows, 0).sum(1) : greatest(rows, takes, number);
        };
    }

    private static Tensor greatest(Tensor rows, Tensor takes, Tensor number) {
        Tensor candidates = takes.where(rows, Double.NEGATIVE_INFINITY);
        Tensor chosen = rows.gather(1, candidates.argmax(1).unsqueeze(1)).squeeze(1);
        return number.eq(0).where(0, chosen);
    }

    private static void requireTable(Tensor table) {
        LossRules.requireFloat("embedding", "table", table);
        if (table.rank() != 2) {
            throw ShapeException.of("embedding", "no table of rows").operand("table", table.shape())
                    .expected("[rows, width]");
        }
    }

    private static int row(Tensor table, int padding) {
        int row = padding < 0 ? padding + table.dim(0) : padding;
        if (row < 0 || row >= table.dim(0)) {
            throw ShapeException.of("embedding", "the padding is no row").operand("padding", padding)
                    .operand("table", table.shape()).expected("a row of the table");
        }
        return row;
    }
}
