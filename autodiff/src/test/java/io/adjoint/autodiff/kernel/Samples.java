package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import java.util.Random;

/** Random arrays for the kernels' tests: values with all special cases among them, views of every kind. */
final class Samples {
    private static final float[] SPECIAL = {
        0f, -0f, 1f, -1f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE,
        -Float.MAX_VALUE, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, 2.5e9f, -2.5e9f, 16777217f, 0.5f
    };

    private final Random random;

    Samples(long seed) {
        this.random = new Random(seed);
    }

    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    boolean flip() {
        return random.nextBoolean();
    }

    @SafeVarargs
    final <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    Shape shape(int leastRank, int mostRank, int mostDim) {
        return Shape.of(random.ints(between(leastRank, mostRank), 1, mostDim + 1).toArray());
    }

    /** The raw bits of a value, one in eight a special one. */
    long bits(DType type) {
        boolean special = random.nextInt(8) == 0;
        return switch (type) {
            case BOOL -> random.nextInt(2);
            case I32 -> special ? oneOf(0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE) : random.nextInt();
            case I64 -> special ? oneOf(0L, 1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE) : random.nextLong();
            case F32 -> Integer.toUnsignedLong(Float.floatToRawIntBits(
                    special ? SPECIAL[random.nextInt(SPECIAL.length)] : (float) (random.nextGaussian() * 10)));
            case F64 -> Double.doubleToRawLongBits(
                    special ? SPECIAL[random.nextInt(SPECIAL.length)] : random.nextGaussian() * 10);
        };
    }

    /** A row-major array. */
    Array dense(DType type, Shape shape) {
        Array array = Array.allocate(type, shape);
        fill(array);
        return array;
    }

    /** A view with gaps, offsets, reversed, exchanged or stretched axes, as chance has it. */
    Array view(DType type, Shape shape) {
        int rank = shape.rank();
        int[] order = random.ints(0, Math.max(1, rank)).distinct().limit(rank).toArray();
        int[] strides = new int[rank];
        int offset = between(0, 3);
        int span = 1;
        for (int axis : order) {
            int dim = shape.dim(axis);
            if (random.nextInt(5) == 0) {
                continue;
            }
            int step = span * (random.nextInt(4) == 0 ? 2 : 1);
            if (random.nextInt(5) == 0) {
                strides[axis] = -step;
                offset += step * (dim - 1);
            } else {
                strides[axis] = step;
            }
            span = step * dim;
        }
        return dense(type, Shape.of(span + offset + 3)).view(shape, strides, offset);
    }

    private void fill(Array array) {
        for (int i = 0; i < array.size(); i++) {
            Elements.set(array, i, bits(array.dtype()));
        }
    }
}
