package io.adjoint.autodiff;

import io.adjoint.autodiff.op.Sampler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A tensor with many ties and special values, in a random layout, and the lines along one of its axes as lists of row-major
 * positions, which Java can sort.
 */
public final class Lines {
    private static final double[] FLOATS = {-0.0, 0, 1, -1, 0.5, 2.5, Double.NaN, Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE};
    private static final long[] INTEGERS = {0, 1, -1, 2, 255, 256, -256, Integer.MAX_VALUE, Integer.MIN_VALUE,
        Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32};

    private final Tensor x;
    private final int axis;
    /** The elements in row-major order: doubles of floats, longs of all others. */
    private final double[] floats;
    private final long[] integers;

    /** The lines of a tensor along an axis. */
    public Lines(Tensor x, int axis) {
        this.x = x;
        this.axis = axis;
        this.floats = x.dtype().isFloat() ? x.cast(DType.F64).toDoubles() : new double[0];
        this.integers = x.dtype().isFloat() ? new long[0] : x.cast(DType.I64).toLongs();
    }

    /** Some tensor; now and then an axis is empty, or long. */
    public static Lines random(long seed) {
        Random random = new Random(seed);
        return random(seed, DType.values()[random.nextInt(DType.values().length)]);
    }

    /** Some tensor of a dtype. */
    public static Lines random(long seed, DType dtype) {
        Random random = new Random(~seed);
        int rank = 1 + random.nextInt(3);
        int axis = random.nextInt(rank);
        int[] lengths = {0, 1, 2, 3, 7, 47, 48, 49, 50, 200, 700};
        int[] dims = IntStream.range(0, rank)
                .map(i -> i == axis ? lengths[random.nextInt(lengths.length)] : random.nextInt(9) == 0 ? 0 : 1 + random
                        .nextInt(4))
                .toArray();
        int different = 1 + random.nextInt(40);
        Tensor pool = pool(random, dtype, different);
        Tensor places = new Sampler(seed, DType.F32).indices(Shape.of(dims), different);
        return new Lines(arranged(pool, places, random), axis);
    }

    private static Tensor pool(Random random, DType dtype, int size) {
        return switch (dtype) {
            case BOOL -> Tensor.of(new boolean[] {true, false}).gather(0, index(random, size, 2));
            case I32, I64 -> Tensor.of(IntStream.range(0, size).mapToLong(_ -> random.nextBoolean()
                    ? INTEGERS[random.nextInt(INTEGERS.length)]
                    : random.nextLong() >> random.nextInt(64)).toArray()).cast(dtype);
            case F32, F64 -> Tensor.of(IntStream.range(0, size).mapToDouble(_ -> random.nextBoolean()
                    ? FLOATS[random.nextInt(FLOATS.length)]
                    : random.nextGaussian() * Math.scalb(1.0, random.nextInt(40) - 20)).toArray()).cast(dtype);
        };
    }

    private static Tensor index(Random random, int size, int bound) {
        return Tensor.of(random.longs(size, 0, bound).toArray(), Shape.of(size));
    }

    /** The elements of the pool at these places, as a view that is not always contiguous. */
    private static Tensor arranged(Tensor pool, Tensor places, Random random) {
        int axis = random.nextInt(places.rank());
        int[] reversed = IntStream.range(0, places.rank()).map(i -> places.rank() - 1 - i).toArray();
        Tensor stored = random.nextBoolean() ? places.permute(reversed) : places;
        Tensor whole = pool.gather(0, stored.reshape(Shape.of(stored.size()))).reshape(stored.shape());
        Tensor placed = stored == places ? whole : whole.permute(reversed);
        return switch (random.nextInt(3)) {
            case 0 -> placed.flip(axis);
            case 1 -> Tensor.concat(axis, placed, placed).slice(axis, 0, 2 * placed.dim(axis), 2);
            default -> placed;
        };
    }

    public Tensor tensor() {
        return x;
    }

    public int axis() {
        return axis;
    }

    /** Extent of the lines. */
    public int length() {
        return x.dim(axis);
    }

    /** The lines in row-major order of the other axes, each as the positions of its elements. */
    public List<List<Integer>> all() {
        int inner = Shape.of(Arrays.copyOfRange(x.shape().dims(), axis + 1, x.rank())).size();
        int outer = Shape.of(Arrays.copyOf(x.shape().dims(), axis)).size();
        List<List<Integer>> lines = new ArrayList<>();
        for (int i = 0; i < outer; i++) {
            for (int j = 0; j < inner; j++) {
                int start = i * length() * inner + j;
                lines.add(IntStream.range(0, length()).mapToObj(k -> start + k * inner).toList());
            }
        }
        return lines;
    }

    /** Compares positions by their elements: NaN is greatest and equals itself, -0 equals 0. */
    public Comparator<Integer> byElement() {
        return x.dtype().isFloat() ? Comparator.comparingDouble(i -> floats[i] + 0.0)
                : Comparator.comparingLong(i -> integers[i]);
    }

    public boolean isNaN(int position) {
        return x.dtype().isFloat() && Double.isNaN(floats[position]);
    }

    /** The positions of a line sorted, stably. */
    public List<Integer> sorted(List<Integer> line, SortOrder order) {
        List<Integer> sorted = new ArrayList<>(line);
        sorted.sort(order == SortOrder.ASCENDING ? byElement() : byElement().reversed());
        return sorted;
    }

    /** The elements at some positions, as a list. */
    public Tensor at(List<Integer> positions) {
        return x.reshape(Shape.of(x.size())).gather(0,
                Tensor.of(positions.stream().mapToLong(Integer::longValue).toArray(), Shape.of(positions.size())));
    }

    @Override
    public String toString() {
        return x.spec() + " along " + axis;
    }
}
