package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;

/** Elements added to an array that its owner is still filling. */
public final class Accumulate {
    private Accumulate() {}

    /** Adds every element of {@code from} to the same place of {@code to}, a view of equal shape and dtype. */
    public static void add(Array from, Array to) {
        prepare(from, to).run();
    }

    /** The same to be done again and again. */
    public static Launch prepare(Array from, Array to) {
        Lines lines = new Lines(from, to);
        return () -> {
            for (int n = lines.count(); n > 0; n--) {
                line(from, from.offset() + lines.first(), lines.firstStride(), to, to.offset() + lines.second(),
                        lines.secondStride(), lines.length());
                lines.next();
            }
        };
    }

    /** Adds some elements of {@code from} at a distance to as many of {@code to}. */
    static void line(Array from, int i, int fromStride, Array to, int j, int toStride, int count) {
        switch (to.dtype()) {
            case BOOL -> throw new AssertionError(DType.BOOL);
            case I32 -> {
                for (int n = 0; n < count; n++) {
                    to.ints()[j + n * toStride] += from.ints()[i + n * fromStride];
                }
            }
            case I64 -> {
                for (int n = 0; n < count; n++) {
                    to.longs()[j + n * toStride] += from.longs()[i + n * fromStride];
                }
            }
            case F32 -> {
                if (fromStride == 1 && toStride == 1) {
                    add(from.floats(), i, to.floats(), j, count);
                    return;
                }
                float[] source = from.floats();
                float[] target = to.floats();
                for (int n = 0; n < count; n++) {
                    target[j + n * toStride] += source[i + n * fromStride];
                }
            }
            case F64 -> {
                double[] source = from.doubles();
                double[] target = to.doubles();
                for (int n = 0; n < count; n++) {
                    target[j + n * toStride] += source[i + n * fromStride];
                }
            }
        }
    }

    /** A loop that C2 vectorises by itself. */
    private static void add(float[] source, int from, float[] target, int to, int count) {
        for (int n = 0; n < count; n++) {
            target[to + n] += source[from + n];
        }
    }
}
