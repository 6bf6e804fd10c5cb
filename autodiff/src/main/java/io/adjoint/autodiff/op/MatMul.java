package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.kernel.MatMulKernel;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The matrix product over the last two axes, batched over the others, which broadcast: {@code [..., m, k] x [..., k, n]
 * -> [..., m, n]}. Each element is summed along k in order, with fused multiply-add.
 */
public record MatMul() implements Contraction {
    private static final Gradient GRADIENT = Gradient.of(
            Gradient.Partial.reading(1, v -> v.cotangent().matmul(v.input(1).transpose())),
            Gradient.Partial.reading(0, v -> v.input(0).transpose().matmul(v.cotangent())));

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
        return Optional.of("MatMul");
    }

    @Override
    public Arity arity() {
        return Arity.of(2);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec left = inputs.getFirst();
        TensorSpec right = inputs.getLast();
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
        int[] dims = batch(left.shape(), right.shape());
        int rank = dims.length + 2;
        dims = Arrays.copyOf(dims, rank);
        dims[rank - 2] = left.shape().dim(-2);
        dims[rank - 1] = right.shape().dim(-1);
        return new TensorSpec(left.dtype(), Shape.of(dims));
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

    private int[] batch(Shape left, Shape right) {
        return Shape.broadcast(id(), Shape.of(Arrays.copyOf(left.dims(), left.rank() - 2)),
                Shape.of(Arrays.copyOf(right.dims(), right.rank() - 2))).dims();
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Array left = Internals.array(inputs.getFirst());
        Array right = Internals.array(inputs.getLast());
        TensorSpec spec = infer(inputs.stream().map(Tensor::spec).toList());
        Array out = Array.uninitialized(spec.dtype(), spec.shape());
        if (out.size() > 0) {
            int[] batch = batch(left.shape(), right.shape());
            Array stacked = stack(out, batch);
            MatMulKernel.multiply(stack(left, batch), stack(right, batch), stacked);
        }
        return Internals.tensor(out);
    }

    /** The batch axes, stretched to {@code batch}, as one axis. */
    private static Array stack(Array x, int[] batch) {
        int m = x.shape().dim(-2);
        int n = x.shape().dim(-1);
        int[] dims = Arrays.copyOf(batch, batch.length + 2);
        dims[batch.length] = m;
        dims[batch.length + 1] = n;
        boolean shared = x.shape().size() == m * n;
        Array whole = shared ? x : x.broadcastTo(Shape.of(dims));
        int count = Shape.of(batch).size();
        int last = whole.shape().rank() - 1;
        int step = last < 2 ? 0 : whole.stride(last - 2);
        if (!shared && !isEvenlySpaced(whole, last - 1)) {
            whole = Copies.contiguous(whole);
            step = m * n;
        }
        return whole.view(Shape.of(count, m, n),
                new int[] {shared && count > 1 ? 0 : step, whole.stride(last - 1), whole.stride(last)},
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
    public Gradient gradient() {
        return GRADIENT;
    }

    static Sample sample(Sampler sampler) {
        List<Shape> batches = sampler.broadcastable(2);
        int k = sampler.extent();
        return Sample.of(new MatMul(),
                sampler.tensor(append(batches.getFirst(), sampler.extent(), k), Domain.REAL),
                sampler.tensor(append(batches.getLast(), k, sampler.extent()), Domain.REAL));
    }

    private static Shape append(Shape batch, int m, int n) {
        int keep = Math.min(2, batch.rank());
        int[] dims = Arrays.copyOfRange(batch.dims(), batch.rank() - keep, batch.rank() + 2);
        dims[keep] = m;
        dims[keep + 1] = n;
        return Shape.of(dims);
    }
}
