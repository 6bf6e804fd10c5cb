package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Begin;
import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.kernel.Epilogue;
import io.adjoint.autodiff.kernel.Keeping;
import io.adjoint.autodiff.kernel.MatMulKernel;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.tape.GraphTrace;
import io.adjoint.autodiff.tape.Internals;
import io.adjoint.autodiff.tape.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The matrix product over the last two axes, batched over the others, which broadcast: {@code [..., m, k] x [..., k, n]
 * -> [..., m, n]}. Each element is summed along k in order, with fused multiply-add. Either factor may be given
 * transposed, so that its cotangent is computed in the order in which it lies in memory.
 *
 * @param left how the left factor is given
 * @param right how the right factor is given
 */
public record MatMul(Side left, Side right) implements Contraction, Finishing {
    private static final int[] NO_BATCH = {};

    /** How a factor is given. */
    public enum Side {
        /** As it enters the product. */
        PLAIN,
        /** With its last two axes exchanged. */
        TRANSPOSED;

        private Side other() {
            return this == PLAIN ? TRANSPOSED : PLAIN;
        }

        Tensor of(Tensor x) {
            return this == PLAIN ? x : x.transpose();
        }

        Tensor opposite(Tensor x) {
            return this == PLAIN ? x.transpose() : x;
        }

        /** The factor as it enters the product. */
        @SuppressWarnings("exports")
        public Array of(Array x) {
            if (this == PLAIN) {
                return x;
            }
            int rank = x.shape().rank();
            int[] strides = x.strides();
            strides[rank - 2] = x.stride(rank - 1);
            strides[rank - 1] = x.stride(rank - 2);
            return x.view(exchanged(x.shape()), strides, x.offset());
        }

        private Tensor sample(Sampler sampler, Shape batch, int rows, int columns) {
            return sampler.tensor(this == PLAIN ? append(batch, rows, columns) : append(batch, columns, rows),
                    Domain.REAL);
        }

        private TensorSpec of(TensorSpec x) {
            return this == PLAIN || x.shape().rank() < 2 ? x : new TensorSpec(x.dtype(), exchanged(x.shape()));
        }

        private static Shape exchanged(Shape shape) {
            return shape.with(-1, shape.dim(-2)).with(-2, shape.dim(-1));
        }
    }

    /**
     * The product of two tensors of rank 2 or more; one that was transposed is read where it was before.
     *
     * @param left {@code [..., m, k]}
     * @param right {@code [..., k, n]}
     */
    public static Tensor product(Tensor left, Tensor right) {
        Optional<Tensor> leftSource = transposedFrom(left);
        Optional<Tensor> rightSource = transposedFrom(right);
        Tensor result = new MatMul(leftSource.isPresent() ? Side.TRANSPOSED : Side.PLAIN,
                rightSource.isPresent() ? Side.TRANSPOSED : Side.PLAIN)
                .apply(leftSource.orElse(left), rightSource.orElse(right));
        return leftSource.isEmpty() && rightSource.isEmpty() ? result
                : Node.readingThrough(result, List.of(leftSource.map(_ -> left), rightSource.map(_ -> right)));
    }

    /** The tracked tensor whose last two axes were exchanged to give this one. */
    private static Optional<Tensor> transposedFrom(Tensor x) {
        Node node = Internals.node(x);
        if (node == null || !(node.op().orElse(null) instanceof Permute permute) || !permute.exchangesLastTwo()) {
            return Optional.empty();
        }
        GraphTrace trace = GraphTrace.open();
        return node.parent(0).flatMap(source -> trace != null ? trace.inputOf(x, 0, source)
                : Optional.of(Internals.tensor(Side.TRANSPOSED.of(Internals.array(x)), source)));
    }

    @Override
    public String id() {
        return "matmul";
    }

    @Override
    public String formula() {
        return "sum over k of a[..., i, k] * b[..., k, j]";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of(left == Side.PLAIN && right == Side.PLAIN ? "MatMul" : "Gemm");
    }

    @Override
    public Arity arity() {
        return Arity.of(2);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        return inferPlain(left.of(inputs.getFirst()), right.of(inputs.getLast()));
    }

    private TensorSpec inferPlain(TensorSpec left, TensorSpec right) {
        if (left.shape().rank() < 2 || right.shape().rank() < 2) {
            throw ShapeException.of(id(), "not matrices")
                    .operand("left", left.shape())
                    .operand("right", right.shape())
                    .expected("rank 2 or more on both sides");
        }
        if (left.dtype() != right.dtype() || left.dtype() == DType.BOOL) {
            throw ShapeException.of(id(), "dtypes do not multiply")
                    .operand("left", left)
                    .operand("right", right)
                    .expected("one number dtype on both sides");
        }
        requireInner(left.shape(), right.shape());
        return new TensorSpec(left.dtype(),
                product(batch(left.shape(), right.shape()), left.shape(), right.shape()));
    }

    /** Refuses factors whose inner extents differ; a vector on the right counts as a column. */
    public static void requireInner(Shape left, Shape right) {
        int k = left.dim(-1);
        if (right.dim(right.rank() == 1 ? 0 : -2) != k) {
            String expected = switch (right.rank()) {
                case 1 -> "right [" + k + "]";
                case 2 -> "right [" + k + ", *]";
                default -> "right [..., " + k + ", *]";
            };
            throw ShapeException.of("matmul", "inner dimensions differ")
                    .operand("left", left)
                    .operand("right", right)
                    .expected(expected);
        }
    }

    private static Shape product(int[] batch, Shape left, Shape right) {
        int[] dims = Arrays.copyOf(batch, batch.length + 2);
        dims[batch.length] = left.dim(-2);
        dims[batch.length + 1] = right.dim(-1);
        return Shape.of(dims);
    }

    /** The extents of the batch axes. */
    private int[] batch(Shape left, Shape right) {
        if (left.rank() == 2 && right.rank() == 2) {
            return NO_BATCH;
        }
        return Shape.broadcast(id(), Shape.of(Arrays.copyOf(left.dims(), left.rank() - 2)),
                Shape.of(Arrays.copyOf(right.dims(), right.rank() - 2))).dims();
    }

    @Override
    public long multiplyAdds(List<TensorSpec> inputs) {
        return (long) infer(inputs).shape().size() * left.of(inputs.getFirst()).shape().dim(-1);
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Array a = left.of(Internals.array(inputs.getFirst()));
        Array b = right.of(Internals.array(inputs.getLast()));
        int[] batch = batch(a.shape(), b.shape());
        Array out = Array.uninitialized(a.dtype(), product(batch, a.shape(), b.shape()));
        if (out.size() > 0) {
            Array stacked = stack(out, batch);
            MatMulKernel.multiply(stack(a, batch), stack(b, batch), stacked);
        }
        return Internals.tensor(out);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        if (!out.dtype().isFloat()) {
            return Contraction.super.prepare(inputs, out);
        }
        return bind(inputs.getFirst(), inputs.getLast(), out, Begin.ZERO, Keeping.NOTHING);
    }

    /** {@link #prepare} where the right factor changes only when a program claims to write it. */
    @SuppressWarnings("exports")
    public Launch prepareKeeping(List<Array> inputs, Array out) {
        return out.dtype().isFloat() ? bind(inputs.getFirst(), inputs.getLast(), out, Begin.ZERO, Keeping.RIGHT)
                : prepare(inputs, out);
    }

    @Override
    public int columnAxes(int rank) {
        return 1;
    }

    /** All: several matrices with one right factor are one. */
    @Override
    public int rowAxes(int rank) {
        return rank - 1;
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepareFinishing(List<Array> inputs, Array out, Keeping keeping, Epilogue epilogue) {
        return bind(inputs.getFirst(), inputs.getLast(), out, Begin.ZERO, keeping, epilogue);
    }

    /** The bytes that {@link #prepareKeeping} keeps for factors as they are given. */
    public long kept(Shape a, DType dtype, Shape b) {
        TensorSpec l = left.of(new TensorSpec(dtype, a));
        TensorSpec r = right.of(new TensorSpec(dtype, b));
        int depth = r.shape().dim(-2);
        int columns = r.shape().dim(-1);
        boolean isSingle = r.shape().size() == depth * columns && (left == Side.PLAIN || a.rank() == 2);
        return isSingle && depth > 0 ? MatMulKernel.kept(dtype, l.shape().size() / depth, depth, columns) : 0;
    }

    /** The product of factors as they are given, for floats. */
    Launch bind(Array a, Array b, Array out, Begin begin, Keeping keeping) {
        return bind(a, b, out, begin, keeping, Epilogue.NONE);
    }

    private Launch bind(Array a, Array b, Array out, Begin begin, Keeping keeping, Epilogue epilogue) {
        Array l = left.of(a);
        Array r = right.of(b);
        int[] batch = batch(l.shape(), r.shape());
        return MatMulKernel.prepare(stack(l, batch), stack(r, batch), stack(out, batch), begin, keeping,
                epilogue);
    }

    /** The batch axes, stretched to {@code batch}, as one axis, or as they are where floats are not evenly spaced. */
    private static Array stack(Array x, int[] batch) {
        int m = x.shape().dim(-2);
        int n = x.shape().dim(-1);
        if (batch.length == 0) {
            return x.view(Shape.of(1, m, n), new int[] {0, x.stride(0), x.stride(1)}, x.offset());
        }
        int[] dims = Arrays.copyOf(batch, batch.length + 2);
        dims[batch.length] = m;
        dims[batch.length + 1] = n;
        boolean shared = x.shape().size() == m * n;
        Array whole = shared ? x : x.broadcastTo(Shape.of(dims));
        int last = whole.shape().rank() - 1;
        if (!shared && !isEvenlySpaced(whole, last - 1)) {
            if (whole.dtype().isFloat()) {
                return whole;
            }
            whole = Copies.contiguous(whole);
        }
        int count = Shape.of(batch).size();
        int step = last < 2 || shared && count > 1 ? 0 : whole.stride(last - 2);
        return whole.view(Shape.of(count, m, n), new int[] {step, whole.stride(last - 1), whole.stride(last)},
                whole.offset());
    }

    /** Whether one stride leads through the first {@code axes} axes in row-major order. */
    private static boolean isEvenlySpaced(Array x, int axes) {
        int expected = x.stride(axes - 1) * x.shape().dim(axes - 1);
        for (int axis = axes - 2; axis >= 0; axis--) {
            if (x.shape().dim(axis) != 1 && x.stride(axis) != expected) {
                return false;
            }
            expected *= x.shape().dim(axis);
        }
        return true;
    }

    @Override
    public boolean multipliesRows() {
        return left == Side.PLAIN;
    }

    @Override
    public int separableAxes(List<TensorSpec> inputs) {
        Shape b = inputs.getLast().shape();
        boolean isShared = b.size() == b.dim(-1) * b.dim(-2); // it would be packed for each piece
        return isShared || !inputs.getFirst().dtype().isFloat() ? 0 : infer(inputs).shape().rank() - 2;
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(
                Gradient.Partial.reading(1, v -> {
                    Tensor b = v.input(1);
                    return left == Side.PLAIN ? v.cotangent().matmul(right.opposite(b))
                            : right.of(b).matmul(v.cotangent().transpose());
                }).adding(v -> addingToLeft(v, 0, 1)),
                Gradient.Partial.reading(0, v -> {
                    Tensor a = v.input(0);
                    return right == Side.PLAIN ? left.opposite(a).matmul(v.cotangent())
                            : v.cotangent().transpose().matmul(left.of(a));
                }).adding(v -> addingToRight(v, 0, 1)));
    }

    /** The shorter way to the left factor, where the factors are the inputs of these numbers. */
    Optional<Gradient.Addition> addingToLeft(Gradient.Context v, int a, int b) {
        return left == Side.PLAIN ? adding(v, a, Side.PLAIN, right.other(), v.cotangent(), v.input(b))
                : adding(v, a, right, Side.TRANSPOSED, v.input(b), v.cotangent());
    }

    /** The shorter way to the right factor, where the factors are the inputs of these numbers. */
    Optional<Gradient.Addition> addingToRight(Gradient.Context v, int a, int b) {
        return right == Side.PLAIN ? adding(v, b, left.other(), Side.PLAIN, v.input(a), v.cotangent())
                : adding(v, b, Side.TRANSPOSED, left, v.cotangent(), v.input(a));
    }

    /** The product added to a cotangent of its shape, which spares one pass over it and the product's own memory. */
    private static Optional<Gradient.Addition> adding(Gradient.Context v, int input, Side left, Side right, Tensor a,
            Tensor b) {
        TensorSpec product = new MatMul(left, right).infer(List.of(a.spec(), b.spec()));
        return product.equals(v.inputSpec(input))
                ? Optional.of(new Gradient.Addition(new MatMulAdd(left, right), a, b))
                : Optional.empty();
    }

    static Sample sample(Sampler sampler) {
        List<Shape> batches = sampler.broadcastable(2);
        int k = sampler.extent();
        MatMul op = new MatMul(side(sampler), side(sampler));
        return Sample.of(op, op.left.sample(sampler, batches.getFirst(), sampler.extent(), k),
                op.right.sample(sampler, batches.getLast(), k, sampler.extent()));
    }

    private static Side side(Sampler sampler) {
        return Side.values()[sampler.between(0, 1)];
    }

    private static Shape append(Shape batch, int m, int n) {
        int keep = Math.min(2, batch.rank());
        int[] dims = Arrays.copyOfRange(batch.dims(), batch.rank() - keep, batch.rank() + 2);
        dims[keep] = m;
        dims[keep + 1] = n;
        return Shape.of(dims);
    }
}
