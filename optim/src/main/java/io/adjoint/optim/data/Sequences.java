package io.adjoint.optim.data;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Pieces of one long sequence of numbers, for models that say what comes next: features are {@code length} numbers, I64 {@code
 * [n, length]}, targets the same one place further. With a stride below the length pieces overlap, so split the text before, not
 * these.
 */
public final class Sequences implements Examples<Sequences> {
    private final long[] numbers;
    private final int length;
    private final int[] starts;

    private Sequences(long[] numbers, int length, int[] starts) {
        this.numbers = numbers;
        this.length = length;
        this.starts = starts;
    }

    /**
     * The pieces that begin at 0, {@code stride}, {@code 2 stride}, ..., as far as they are whole.
     *
     * @param numbers I64 {@code [m]}, such as {@link Vocabulary#encode} makes
     * @param length of a piece, 1 or more
     * @param stride from one beginning to the next, 1 or more
     * @throws ShapeException if the numbers are something else, or length or stride are below 1
     * @throws DataException if there is not one piece and the number after it
     */
    public static Sequences of(Tensor numbers, int length, int stride) {
        if (numbers.dtype() != DType.I64 || numbers.rank() != 1 || length < 1 || stride < 1) {
            throw ShapeException.of("sequences", "no pieces of this").operand("numbers", numbers.spec())
                    .operand("length", length).operand("stride", stride).expected("I64[m], and 1 or more of both");
        }
        if (numbers.size() <= length) {
            throw DataException.in("sequences").found(numbers.size() + " numbers", "more than the length, " + length);
        }
        int[] starts = IntStream.rangeClosed(0, (numbers.size() - 1 - length) / stride).map(i -> i * stride).toArray();
        return new Sequences(numbers.toLongs(), length, starts);
    }

    @Override
    public int size() {
        return starts.length;
    }

    @Override
    public Batch rows(int... rows) {
        Rows.require("sequences", size(), rows);
        return new Batch(pieces(rows, 0), pieces(rows, 1));
    }

    @Override
    public DataException.Report at() {
        return DataException.in("sequences");
    }

    @Override
    public DataException.Report at(int row) {
        return DataException.in("sequences").at("piece", row).at("from number", starts[row]);
    }

    /** As pieces overlap, each number is looked at once. */
    @Override
    public int[] representatives() {
        Numbers met = new Numbers();
        BitSet seen = new BitSet();
        return IntStream.range(0, size()).filter(row -> {
            int end = starts[row] + length + 1;
            boolean isNew = false;
            for (int i = seen.nextClearBit(starts[row]); i < end; i = seen.nextClearBit(i)) {
                seen.set(i);
                isNew |= met.add(numbers[i]);
            }
            return isNew;
        }).toArray();
    }

    private Tensor pieces(int[] rows, int shift) {
        long[] pieces = new long[Shape.of(rows.length, length).size()];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(numbers, starts[rows[i]] + shift, pieces, i * length, length);
        }
        return Tensor.of(pieces, rows.length, length);
    }

    @Override
    public Sequences subset(int... rows) {
        return new Sequences(numbers, length,
                Arrays.stream(Rows.requirePart("sequences", at(), size(), rows)).map(row -> starts[row]).toArray());
    }
}
