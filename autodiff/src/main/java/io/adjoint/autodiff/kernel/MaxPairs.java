package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link MaxPlaceKernel} for windows of two by two floats that lie side by side, as most poolings have them: some windows at a time. A
 * window's place is computed in the lane of its left column, and the lane beside it is the upper half of the same long.
 */
final class MaxPairs {
    /** Rows of windows are short, so that longer vectors would mostly compute some once more. */
    private static final int MOST_BITS = 256;

    private static final VectorShape SHAPE = VectorShape
            .forBitSize(Math.min(MOST_BITS, VectorShape.preferredShape().vectorBitSize()));
    private static final VectorSpecies<Float> SPECIES = VectorSpecies.of(float.class, SHAPE);
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SHAPE);
    private static final Class<? extends LongVector> TYPE =
            LongVector.zero(VectorSpecies.of(long.class, SHAPE)).getClass();
    private static final int LANES = SPECIES.length();

    /** For one value of each window. */
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(SHAPE.vectorBitSize() / 2));
    private static final Class<? extends FloatVector> HALF_TYPE = FloatVector.zero(HALF).getClass();

    /** Windows of a vector. */
    private static final int WINDOWS = LANES / 2;

    private static final VectorShuffle<Float> NEIGHBOUR = VectorShuffle.fromOp(SPECIES, lane -> lane ^ 1);
    private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(SPECIES, lane -> 2 * lane % LANES);
    private static final VectorMask<Integer> LEFT = VectorMask.fromLong(INTS, 0x5555_5555_5555_5555L);

    private static final FloatTiers TIERS = new FloatTiers(MaxPairs::trials, 1L << 26);

    private MaxPairs() {}

    /** Whether windows are what this is made for, and there are enough in a row. */
    static boolean serves(MaxPlaceKernel.Spans rows, MaxPlaceKernel.Spans columns) {
        return columns.from().length >= WINDOWS && columns.step() == 1
                && IntStream.concat(IntStream.of(rows.count()), IntStream.of(columns.count())).allMatch(n -> n == 2)
                && IntStream.range(0, columns.from().length)
                        .allMatch(i -> columns.from()[i] == columns.from()[0] + 2 * i);
    }

    /** Whether this is compiled, or the plain path is to look at so many elements. */
    static boolean isReady(long elements) {
        return TIERS.isSimd(elements);
    }

    /** What values are not written to. */
    private static final float[] NOWHERE = {};

    /** See {@link FloatMaxPlaces#prepare}. */
    static Launch prepare(Array x, MaxPlaceKernel.Spans rows, MaxPlaceKernel.Spans columns, int plane, Array out) {
        return prepare(x, rows, columns, plane, out, NOWHERE, 0);
    }

    /** The same with what is at the places, of as many elements. */
    static Launch prepare(Array x, MaxPlaceKernel.Spans rows, MaxPlaceKernel.Spans columns, int plane, Array out,
            Array values) {
        return prepare(x, rows, columns, plane, out, values.floats(), values.offset());
    }

    private static Launch prepare(Array x, MaxPlaceKernel.Spans rows, MaxPlaceKernel.Spans columns, int plane,
            Array out, float[] values, int first) {
        int width = x.shape().dim(-1);
        int count = columns.from().length;
        int windows = rows.from().length * count;
        return MaxPlaceKernel.planes(x.size() / plane, plane, p -> {
            int base = x.offset() + p * plane;
            for (int row = 0; row < rows.from().length; row++) {
                int window = p * windows + row * count;
                row(x.floats(), base, rows.from()[row] * width + columns.from()[0], rows.step() * width, count,
                        out.longs(), out.offset() + window, values, first + window);
            }
        });
    }

    /** The places, in the plane that begins at {@code base}, of a row of windows, whose first begins at place {@code first}; and the values. */
    private static void row(float[] x, int base, int first, int down, int count, long[] places, int next,
            float[] values, int nextValue) {
        for (int window = 0; window < count; window += WINDOWS) {
            int w = Math.min(window, count - WINDOWS); // some of the last ones are computed once more
            int place = first + 2 * w;
            FloatVector upper = FloatVector.fromArray(SPECIES, x, base + place);
            FloatVector lower = FloatVector.fromArray(SPECIES, x, base + place + down);
            FloatVector upperRight = upper.rearrange(NEIGHBOUR);
            FloatVector lowerRight = lower.rearrange(NEIGHBOUR);
            // NaN takes the place of everything
            VectorMask<Float> inUpper = upperRight.compare(VectorOperators.GT, upper)
                    .or(upperRight.compare(VectorOperators.NE, upperRight));
            VectorMask<Float> inLower = lowerRight.compare(VectorOperators.GT, lower)
                    .or(lowerRight.compare(VectorOperators.NE, lowerRight));
            FloatVector best = upper.blend(upperRight, inUpper);
            FloatVector other = lower.blend(lowerRight, inLower);
            VectorMask<Float> isLower = other.compare(VectorOperators.GT, best)
                    .or(other.compare(VectorOperators.NE, other));
            IntVector at = IntVector.broadcast(INTS, place).addIndex(1);
            IntVector above = at.add(1, inUpper.cast(INTS));
            IntVector below = at.add(down).add(1, inLower.cast(INTS));
            IntVector chosen = IntVector.zero(INTS).blend(above.blend(below, isLower.cast(INTS)), LEFT);
            TYPE.cast(chosen.reinterpretAsLongs()).intoArray(places, next + w);
            if (values != NOWHERE) {
                Vector<Float> greatest = best.blend(other, isLower).rearrange(EVEN).reinterpretShape(HALF, 0);
                HALF_TYPE.cast(greatest).intoArray(values, nextValue + w);
            }
        }
    }

    /** Few zeros: rows of whole vectors, and others. */
    private static List<FloatTiers.Trial> trials() {
        return IntStream.of(2 * WINDOWS, 3 * WINDOWS + 1, WINDOWS + 1).mapToObj(MaxPairs::trial).toList();
    }

    private static FloatTiers.Trial trial(int windows) {
        int rows = 4;
        Array x = Array.allocate(DType.F32, Shape.of(2, 2 * rows, 2 * windows));
        Array out = Array.allocate(DType.I64, Shape.of(2, rows, windows));
        Array values = Array.allocate(DType.F32, out.shape());
        return new FloatTiers.Trial(Launch.all(prepare(x, spans(rows), spans(windows), x.size() / 2, out),
                prepare(x, spans(rows), spans(windows), x.size() / 2, out, values)), 20L * out.size() + 2_000);
    }

    private static MaxPlaceKernel.Spans spans(int count) {
        return new MaxPlaceKernel.Spans(IntStream.range(0, count).map(i -> 2 * i).toArray(),
                IntStream.range(0, count).map(_ -> 2).toArray(), 1);
    }
}
