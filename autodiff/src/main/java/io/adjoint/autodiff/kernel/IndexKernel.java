package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/** Loops that read or write at places named by an I64 tensor, whose values the caller has checked. */
public final class IndexKernel {
    private IndexKernel() {}

    /** Does something with the element at {@code inner} of the indexed array and number {@code outer} of the other. */
    private interface Visit {
        void at(int indexed, int other);
    }

    /** Does something with {@code count} elements from {@code indexed} and {@code other} on. */
    private interface VisitRun {
        void at(int indexed, int other, int count);
    }

    /** {@code out[c] = x[c with c[axis] = index[c]]}; out is contiguous, of the index's shape. */
    public static Launch gather(Array x, Array index, int axis, Array out) {
        boolean isRows = isRows(x, index, axis, out);
        if (isRows && x.dtype() == DType.F32) {
            return () -> FloatRowPlaces.gather(x, index, out);
        }
        if (isRows && x.dtype() == DType.F64) {
            return () -> DoubleRowPlaces.gather(x, index, out);
        }
        if (isLookup(x, index, axis, out)) {
            return x.dtype() == DType.F32 ? FloatLookup.of(x, index, axis, out).gather()
                    : DoubleLookup.of(x, index, axis, out).gather();
        }
        if (namesRuns(x, index, axis, out)) {
            return visitRuns(x, index, axis, out, (i, j, count) -> Moves.run(x, i, out, j, count));
        }
        return visit(x, index, axis, out, switch (x.dtype()) {
            case BOOL -> (i, j) -> out.booleans()[j] = x.booleans()[i];
            case I32 -> (i, j) -> out.ints()[j] = x.ints()[i];
            case I64 -> (i, j) -> out.longs()[j] = x.longs()[i];
            case F32 -> (i, j) -> out.floats()[j] = x.floats()[i];
            case F64 -> (i, j) -> out.doubles()[j] = x.doubles()[i];
        });
    }

    /** {@code out[c with c[axis] = index[c]] += added[c]}, in row-major order of the index: one order, hence one result. */
    public static Launch scatterAdd(Array out, Array index, Array added, int axis) {
        if (isRows(out, index, axis, added) && out.dtype().isFloat()) {
            Copies.Staged rows = Copies.staged(added); // often one number, stretched
            return Launch.all(rows.load(), out.dtype() == DType.F32
                    ? () -> FloatRowPlaces.scatterAdd(out, index, rows.array())
                    : () -> DoubleRowPlaces.scatterAdd(out, index, rows.array()));
        }
        if (isLookup(out, index, axis, added)) {
            return out.dtype() == DType.F32 ? FloatLookup.of(out, index, axis, added).scatterAdd()
                    : DoubleLookup.of(out, index, axis, added).scatterAdd();
        }
        if (namesRuns(out, index, axis, added)) {
            return visitRuns(out, index, axis, added, (i, j, count) -> Accumulate.line(added, j, 1, out, i, 1, count));
        }
        return visit(out, index, axis, added, switch (out.dtype()) {
            case BOOL -> throw new AssertionError("BOOL is refused at the edge");
            case I32 -> (i, j) -> out.ints()[i] += added.ints()[j];
            case I64 -> (i, j) -> out.longs()[i] += added.longs()[j];
            case F32 -> (i, j) -> out.floats()[i] += added.floats()[j];
            case F64 -> (i, j) -> out.doubles()[i] += added.doubles()[j];
        });
    }

    /** {@code out[c with c[axis] = index[c]] *= factors[c]}, in row-major order of the index. */
    public static Launch scatterMultiply(Array out, Array index, Array factors, int axis) {
        return visit(out, index, axis, factors, switch (out.dtype()) {
            case BOOL -> throw new AssertionError("BOOL is refused at the edge");
            case I32 -> (i, j) -> out.ints()[i] *= factors.ints()[j];
            case I64 -> (i, j) -> out.longs()[i] *= factors.longs()[j];
            case F32 -> (i, j) -> out.floats()[i] *= factors.floats()[j];
            case F64 -> (i, j) -> out.doubles()[i] *= factors.doubles()[j];
        });
    }

    /** Which of two elements stays; NaN stays beside everything. A double holds every int and float. */
    public enum Extreme {
        /** The greater one. */
        MAX(Math::max, Math::max),
        /** The lesser one. */
        MIN(Math::min, Math::min);

        private final LongBinaryOperator longs;
        private final DoubleBinaryOperator doubles;

        Extreme(LongBinaryOperator longs, DoubleBinaryOperator doubles) {
            this.longs = longs;
            this.doubles = doubles;
        }

        private double of(double a, double b) {
            return doubles.applyAsDouble(a, b);
        }

        private long of(long a, long b) {
            return longs.applyAsLong(a, b);
        }
    }

    /** The extreme of an element and all whose index names its place; where {@code isOpen}, of the latter only. */
    public static Launch scatterExtreme(Extreme extreme, Array out, Array index, Array values, int axis,
            boolean[] isOpen) {
        return visit(out, index, axis, values, (i, j) -> {
            if (isOpen[i - out.offset()]) {
                isOpen[i - out.offset()] = false;
                System.arraycopy(values.data(), j, out.data(), i, 1);
                return;
            }
            switch (out.dtype()) {
                case BOOL -> throw new AssertionError("BOOL is refused at the edge");
                case I32 -> out.ints()[i] = (int) extreme.of((long) out.ints()[i], values.ints()[j]);
                case I64 -> out.longs()[i] = extreme.of(out.longs()[i], values.longs()[j]);
                case F32 -> out.floats()[i] = (float) extreme.of((double) out.floats()[i], values.floats()[j]);
                case F64 -> out.doubles()[i] = extreme.of(out.doubles()[i], values.doubles()[j]);
            }
        });
    }

    /** For each number below the last extent of {@code out}, contiguous, where it is last in a row of the index; else the row's length. */
    public static Launch lastPlaces(Array index, Array out) {
        int last = index.shape().rank() - 1;
        int length = index.shape().dim(last);
        int extent = out.shape().dim(last);
        Copies.Staged whole = Copies.staged(index);
        return () -> {
            whole.load().run();
            Moves.fill(out, length);
            long[] numbers = whole.array().longs();
            int from = whole.array().offset();
            for (int i = 0; i < index.size(); i++) {
                out.longs()[out.offset() + i / length * extent + (int) numbers[from + i]] = i % length;
            }
        };
    }

    /** Whether each row has an index of its own, and places lie row after row, as in pooling: that has tight loops. */
    private static boolean isRows(Array indexed, Array index, int axis, Array other) {
        int last = index.shape().rank() - 1;
        return axis == last && indexed.isContiguous() && index.isContiguous()
                && Arrays.equals(Arrays.copyOf(indexed.shape().dims(), last), Arrays.copyOf(index.shape().dims(), last))
                && other.shape().equals(index.shape());
    }

    /**
     * Whether each number in the index names a run of elements that lie one after the other in both arrays: whole rows or
     * planes, as of embeddings and examples.
     */
    private static boolean namesRuns(Array indexed, Array index, int axis, Array other) {
        return run(indexed, index, axis, other) > 1;
    }

    /** How many elements each number in the index names that lie one after the other in both arrays, 0 if they lie apart. */
    private static int run(Array indexed, Array index, int axis, Array other) {
        int run = 1;
        for (int a = index.shape().rank() - 1; a > axis; a--) {
            int dim = index.shape().dim(a);
            if (dim != 1 && (index.stride(a) != 0 || indexed.stride(a) != run || other.stride(a) != run)) {
                return 0;
            }
            run *= dim;
        }
        return run;
    }

    /** Whether each number in the index names one of some rows of floats, of which there is one series. */
    private static boolean isLookup(Array indexed, Array index, int axis, Array other) {
        boolean isOne = true;
        for (int a = 0; a < axis; a++) {
            isOne &= index.shape().dim(a) == 1;
        }
        return isOne && indexed.dtype().isFloat() && index.size() > 0 && run(indexed, index, axis, other) > 0;
    }

    private static Launch visitRuns(Array indexed, Array index, int axis, Array other, VisitRun visit) {
        int[] dims = Arrays.copyOf(index.shape().dims(), axis + 2);
        dims[axis + 1] = 1;
        int rows = Shape.of(dims).size();
        if (rows == 0) {
            return Launch.NOTHING;
        }
        int run = index.size() / rows;
        Moves.Rows indexRows = new Moves.Rows(starts(index, dims));
        Moves.Rows otherRows = new Moves.Rows(starts(other, dims));
        return () -> {
            for (int row = rows; row > 0; row--) {
                int from = indexed.offset() + (int) index.longs()[indexRows.position()] * indexed.stride(axis);
                for (int a = 0; a < axis; a++) {
                    from += indexRows.at()[a] * indexed.stride(a);
                }
                visit.at(from, otherRows.position(), run);
                indexRows.next();
                otherRows.next();
            }
        };
    }

    /** The elements that are first in their runs. */
    private static Array starts(Array array, int[] dims) {
        return array.view(Shape.of(dims), Arrays.copyOf(array.strides(), dims.length), array.offset());
    }

    private static Launch visit(Array indexed, Array index, int axis, Array other, Visit visit) {
        if (index.size() == 0) {
            return Launch.NOTHING;
        }
        int last = index.shape().rank() - 1;
        int columns = index.shape().dim(last);
        int rows = index.size() / columns;
        Moves.Rows indexRows = new Moves.Rows(index);
        Moves.Rows otherRows = new Moves.Rows(other);
        return () -> {
            for (int row = 0; row < rows; row++) {
                int base = indexed.offset();
                for (int a = 0; a < last; a++) {
                    base += a == axis ? 0 : indexRows.at()[a] * indexed.stride(a);
                }
                int columnStride = axis == last ? 0 : indexed.stride(last);
                int stride = indexed.stride(axis);
                for (int column = 0; column < columns; column++) {
                    int chosen = (int) index.longs()[indexRows.position() + column * index.stride(last)];
                    visit.at(base + column * columnStride + chosen * stride,
                            otherRows.position() + column * other.stride(last));
                }
                indexRows.next();
                otherRows.next();
            }
        };
    }
}
