package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Random inputs for the tests that walk the catalogue: shapes of rank 0 to 5 with extents of 0, 1 and more, and tensors
 * that are contiguous, transposed, stepped, flipped or expanded views. The same seed gives the same samples.
 */
public final class Sampler {
    /** Every whole multiple of it is far from the others, modulo 1 (the golden ratio). */
    private static final double SCATTER = (Math.sqrt(5) - 1) / 2;

    /** The rank of large samples: with more axes they would have millions of elements. */
    private static final int LARGE_RANK = 4;

    private final Random random;
    private final DType dtype;
    private final int leastExtent;
    private final int largestExtent;
    private int distinctNumbers;

    /**
     * A sampler of float tensors.
     *
     * @param dtype F32 or F64, of every float tensor
     */
    public Sampler(long seed, DType dtype) {
        this(seed, dtype, 0, 4);
    }

    private Sampler(long seed, DType dtype, int leastExtent, int largestExtent) {
        this.random = new Random(seed);
        this.dtype = dtype;
        this.leastExtent = leastExtent;
        this.largestExtent = largestExtent;
        this.distinctNumbers = random.nextInt(1000);
    }

    /** A sampler of ranks and extents that make kernels share their work among threads. */
    public static Sampler large(long seed, DType dtype) {
        return new Sampler(seed, dtype, 16, 24);
    }

    /** The dtype of every float tensor. */
    public DType dtype() {
        return dtype;
    }

    /** A number in {@code [low, high]}. */
    public int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    /** One of the choices. */
    public <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** An extent: now and then 0, else 1 to 4. */
    public int extent() {
        return leastExtent == 0 && random.nextInt(20) == 0 ? 0 : filledExtent();
    }

    private int filledExtent() {
        return between(Math.max(1, leastExtent), largestExtent);
    }

    private int rank(int least, int most) {
        return leastExtent == 0 ? between(least, most) : Math.max(least, Math.min(most, LARGE_RANK));
    }

    /** A shape of rank 0 to 5. */
    public Shape shape() {
        return shape(0, 5);
    }

    /** A shape with a rank in {@code [least, most]}. */
    public Shape shape(int least, int most) {
        return Shape.of(IntStream.range(0, rank(least, most)).map(_ -> extent()).toArray());
    }

    /** A shape with a rank in {@code [least, most]} and no extent of zero. */
    public Shape filled(int least, int most) {
        return Shape.of(IntStream.range(0, rank(least, most)).map(_ -> filledExtent()).toArray());
    }

    /** Some of the axes of a tensor of this rank, ascending; now and then none or all. */
    public List<Integer> axes(int rank) {
        return IntStream.range(0, rank).filter(_ -> random.nextBoolean()).boxed().toList();
    }

    /** Shapes that broadcast against each other. */
    public List<Shape> broadcastable(int count) {
        return broadcastable(count, 5);
    }

    /** Shapes of this rank at most that broadcast against each other, for functions that take long. */
    List<Shape> broadcastable(int count, int most) {
        Shape whole = shape(0, most);
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] dims = whole.dims();
            int from = random.nextInt(3) == 0 ? between(0, dims.length) : 0;
            for (int axis = 0; axis < dims.length; axis++) {
                dims[axis] = random.nextInt(4) == 0 ? 1 : dims[axis];
            }
            shapes.add(Shape.of(Arrays.copyOfRange(dims, from, dims.length)));
        }
        return shapes;
    }

    /** A float tensor of any shape with elements of the domain. */
    public Tensor tensor(Domain domain) {
        return tensor(shape(), domain);
    }

    /** A float tensor with elements of the domain, in a random layout. */
    public Tensor tensor(Shape shape, Domain domain) {
        return layout(shape, domain.distinct(), stored -> {
            double[] values = new double[stored.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = number(domain);
            }
            return Tensor.of(values, stored).cast(dtype);
        });
    }

    /** A BOOL tensor in a random layout. */
    public Tensor booleans(Shape shape) {
        return layout(shape, false, stored -> {
            boolean[] values = new boolean[stored.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextBoolean();
            }
            return Tensor.of(values, stored);
        });
    }

    /** An I64 tensor with elements in {@code [0, bound)}, in a random layout; {@code bound} is positive. */
    public Tensor indices(Shape shape, int bound) {
        return layout(shape, false, stored -> Tensor.of(
                random.longs(stored.size(), 0, bound).toArray(), stored));
    }

    /** The axes before a matrix's: none or one, or two short ones. */
    Shape batch() {
        return leastExtent == 0 && random.nextInt(4) == 0
                ? Shape.of(between(1, 2), between(1, 2))
                : shape(0, 1);
    }

    /**
     * Matrices of full rank, far from singular, with singular values well apart: a great diagonal that grows, of both signs,
     * and small elements beside it. In a random layout.
     */
    Tensor invertible(Shape batch, int m, int n) {
        return diagonal(batch, m, n, true);
    }

    /** Square matrices with a positive definite lower triangle and eigenvalues well apart, in a random layout. */
    Tensor definite(Shape batch, int n) {
        return diagonal(batch, n, n, false);
    }

    /** Invertible matrices, with triangles that are so too, and right sides that would do as matrices; batches broadcast. */
    List<Tensor> system() {
        int n = extent();
        Shape batch = batch();
        int[] ones = new int[batch.rank()];
        Arrays.fill(ones, 1);
        Shape shared = random.nextInt(3) == 0 ? Shape.of(ones) : random.nextInt(3) == 0 ? Shape.scalar() : batch;
        return random.nextBoolean()
                ? List.of(invertible(shared, n, n), invertible(batch, n, extent()))
                : List.of(invertible(batch, n, n), invertible(shared, n, extent()));
    }

    private Tensor diagonal(Shape batch, int m, int n, boolean anySign) {
        int count = batch.size();
        double[] values = new double[Shape.of(count, m, n).size()];
        double small = 0.8 / Math.sqrt(Math.max(4, Math.max(m, n)));
        for (int i = 0; i < values.length; i++) {
            int row = i / n % m;
            double base = row != i % n ? 0 : (2 + 1.5 * row) * (anySign && random.nextBoolean() ? -1 : 1);
            values[i] = (float) (base + random.nextDouble(-small, small));
        }
        int[] dims = Arrays.copyOf(batch.dims(), batch.rank() + 2);
        dims[batch.rank()] = m;
        dims[batch.rank() + 1] = n;
        return arranged(Tensor.of(values, Shape.of(dims)).cast(dtype));
    }

    /** The same elements in a random layout. */
    Tensor arranged(Tensor x) {
        if (x.rank() == 0) {
            return x;
        }
        int axis = random.nextInt(x.rank());
        return switch (random.nextInt(5)) {
            case 0 -> {
                int[] order = IntStream.range(0, x.rank()).map(i -> x.rank() - 1 - i).toArray();
                yield Tensor.concat(0, x.permute(order)).permute(order);
            }
            case 1 -> Tensor.stack(axis + 1, x, x.neg()).reshape(x.shape().with(axis, 2 * x.dim(axis)))
                    .slice(axis, 0, 2 * x.dim(axis), 2);
            case 2 -> Tensor.concat(0, x.flip(axis)).flip(axis);
            default -> x;
        };
    }

    /** A number of the domain that F32 holds exactly. */
    private double number(Domain domain) {
        if (domain.distinct()) {
            double part = ++distinctNumbers * SCATTER % 1;
            return (float) (domain.low() + part * (domain.high() - domain.low()));
        }
        while (true) {
            double x = (float) random.nextDouble(domain.low(), domain.high());
            if (domain.contains(x)) {
                return x;
            }
        }
    }

    private interface Filling {
        Tensor of(Shape stored);
    }

    private Tensor layout(Shape shape, boolean distinct, Filling filling) {
        if (shape.rank() == 0) {
            return filling.of(shape);
        }
        int axis = random.nextInt(shape.rank());
        return switch (random.nextInt(6)) {
            case 0 -> {
                int[] order = IntStream.range(0, shape.rank()).map(i -> shape.rank() - 1 - i).toArray();
                yield filling.of(Shape.of(IntStream.of(order).map(shape::dim).toArray())).permute(order);
            }
            case 1 -> filling.of(shape.with(axis, 2 * shape.dim(axis) + 1))
                    .slice(axis, 1, 2 * shape.dim(axis) + 1, 2);
            case 2 -> filling.of(shape).flip(axis);
            case 3 -> distinct ? filling.of(shape) : filling.of(shape.with(axis, 1)).expand(shape);
            default -> filling.of(shape);
        };
    }
}
