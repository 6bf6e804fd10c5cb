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
    private static final String NAME = "sequences";

    private final long[] numbers;
    private final int length;
    private final int[] starts;
    private final String source;

    private Sequences(long[] numbers, int length, int[] starts, String source) {
        this.numbers = numbers;
        this.length = length;
        this.starts = starts;
        this.source = source;
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
        return of(numbers, length, stride, NAME);
    }

    /**
     * The same of numbers that have a name.
     *
     * @param source the file of the text, or what else the numbers are called; refusals begin with it
     * @throws ShapeException as {@link #of(Tensor, int, int)}
     * @throws DataException as {@link #of(Tensor, int, int)}
     */
    public static Sequences of(Tensor numbers, int length, int stride, Object source) {
        if (numbers.dtype() != DType.I64 || numbers.rank() != 1 || length < 1 || stride < 1) {
            throw ShapeException.of(NAME, "no pieces of this").operand("numbers", numbers.spec())
                    .operand("length", length).operand("stride", stride).expected("I64[m], and 1 or more of both");
        }
        if (numbers.size() <= length) {
            throw DataException.in(source).found(numbers.size() + " numbers", "more than the length, " + length);
        }
        int[] starts = IntStream.rangeClosed(0, (numbers.size() - 1 - length) / stride).map(i -> i * stride).toArray();
        return new Sequences(numbers.toLongs(), length, starts, source.toString());
    }

    @Override
    public int size() {
        return starts.length;
    }

    @Override
    public Batch rows(int... rows) {
        Rows.require(NAME, size(), rows);
        return new Batch(pieces(rows, 0), pieces(rows, 1));
    }

    @Override
    public DataException.Report at() {
        return DataException.in(source);
    }

    @Override
    public DataException.Report at(int row) {
        return DataException.in(source).at("piece", row).at("from number", starts[row]);
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
                Arrays.stream(Rows.requirePart(NAME, at(), size(), rows)).map(row -> starts[row]).toArray(),
                source);
    }
}
