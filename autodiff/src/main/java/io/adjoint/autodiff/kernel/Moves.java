package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.Arrays;

/** Elements moved unchanged into an array that its owner is still filling. */
public final class Moves {
    private Moves() {}

    /** Copies every element of {@code from} to the same place of {@code to}, a view of equal shape and dtype. */
    public static void copy(Array from, Array to) {
        new Copy(from, to).run();
    }

    /** The same to be done again and again. */
    public static Launch prepare(Array from, Array to) {
        return new Copy(from, to);
    }

    /** A copy of every element of an array to the same place of another. */
    static final class Copy implements Launch {
        private final Array from;
        private final Array to;
        private final Lines lines;

        Copy(Array from, Array to) {
            this.from = from;
            this.to = to;
            this.lines = new Lines(from, to);
        }

        @Override
        public void run() {
            run(0, 0);
        }

        /** Runs as if both arrays began so many elements later. */
        void run(int fromShift, int toShift) {
            int source = from.offset() + fromShift;
            int target = to.offset() + toShift;
            for (int n = lines.count(); n > 0; n--) {
                line(from, source + lines.first(), lines.firstStride(), to, target + lines.second(),
                        lines.secondStride(), lines.length());
                lines.next();
            }
        }
    }

    /** Copies elements that lie side by side. Where C2 does not know what the arrays hold, a copy of few takes longer. */
    static void run(Array from, int i, Array to, int j, int count) {
        switch (to.dtype()) {
            case BOOL -> System.arraycopy(from.booleans(), i, to.booleans(), j, count);
            case I32 -> System.arraycopy(from.ints(), i, to.ints(), j, count);
            case I64 -> System.arraycopy(from.longs(), i, to.longs(), j, count);
            case F32 -> System.arraycopy(from.floats(), i, to.floats(), j, count);
            case F64 -> System.arraycopy(from.doubles(), i, to.doubles(), j, count);
        }
    }

    private static void line(Array from, int i, int fromStride, Array to, int j, int toStride, int count) {
        if (fromStride == 1 && toStride == 1) {
            run(from, i, to, j, count);
            return;
        }
        switch (to.dtype()) {
            case BOOL -> {
                for (int n = 0; n < count; n++) {
                    to.booleans()[j + n * toStride] = from.booleans()[i + n * fromStride];
                }
            }
            case I32 -> {
                for (int n = 0; n < count; n++) {
                    to.ints()[j + n * toStride] = from.ints()[i + n * fromStride];
                }
            }
            case I64 -> {
                for (int n = 0; n < count; n++) {
                    to.longs()[j + n * toStride] = from.longs()[i + n * fromStride];
                }
            }
            case F32 -> {
                for (int n = 0; n < count; n++) {
                    to.floats()[j + n * toStride] = from.floats()[i + n * fromStride];
                }
            }
            case F64 -> {
                for (int n = 0; n < count; n++) {
                    to.doubles()[j + n * toStride] = from.doubles()[i + n * fromStride];
                }
            }
        }
    }

    /** Floats of two arrays in turn: the elements of each with the same number side by side. All are contiguous. */
    public static void interleave(Array first, Array second, Array to) {
        int n = first.size();
        if (to.dtype() == DType.F32) {
            for (int i = 0; i < n; i++) {
                to.floats()[to.offset() + 2 * i] = first.floats()[first.offset() + i];
                to.floats()[to.offset() + 2 * i + 1] = second.floats()[second.offset() + i];
            }
        } else {
            for (int i = 0; i < n; i++) {
                to.doubles()[to.offset() + 2 * i] = first.doubles()[first.offset() + i];
                to.doubles()[to.offset() + 2 * i + 1] = second.doubles()[second.offset() + i];
            }
        }
    }

    /** Sets every element of a contiguous array, converted as a Java cast would. */
    public static void fill(Array to, double value) {
        int end = to.offset() + to.size();
        switch (to.dtype()) {
            case BOOL -> Arrays.fill(to.booleans(), to.offset(), end, value != 0);
            case I32 -> Arrays.fill(to.ints(), to.offset(), end, (int) value);
            case I64 -> Arrays.fill(to.longs(), to.offset(), end, (long) value);
            case F32 -> Arrays.fill(to.floats(), to.offset(), end, (float) value);
            case F64 -> Arrays.fill(to.doubles(), to.offset(), end, value);
        }
    }

    /** Walks the rows (the innermost axis) of a strided array in row-major order. */
    static final class Rows {
        private final Array array;
        private final int[] at;
        private int position;

        Rows(Array array) {
            this.array = array;
            this.at = new int[Math.max(0, array.shape().rank() - 1)];
            this.position = array.offset();
        }

        /** Position of the row's first element. */
        int position() {
            return position;
        }

        /** Coordinates of the row. */
        int[] at() {
            return at;
        }

        /** Goes on to the next row, after the last back to the first. */
        void next() {
            for (int axis = at.length - 1; axis >= 0; axis--) {
                position += array.stride(axis);
                if (++at[axis] < array.shape().dim(axis)) {
                    return;
                }
                position -= at[axis] * array.stride(axis);
                at[axis] = 0;
            }
        }
    }
}
