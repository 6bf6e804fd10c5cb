package io.adjoint.autodiff.op;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Begin;
import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.kernel.Keeping;
import io.adjoint.autodiff.kernel.Moves;
import io.adjoint.autodiff.op.MatMul.Side;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.tape.Internals;
import java.util.List;
import java.util.Optional;

/**
 * The first input with the product of the others added: each element begins at that of the first input, and the products are
 * added in order, with fused multiply-add. So is the gradient of a weight that is used many times, as in a recurrent network.
 *
 * <p>An operation for speed: the product is stored nowhere by itself.
 *
 * @param left how the left factor is given
 * @param right how the right factor is given
 */
public record MatMulAdd(Side left, Side right) implements Growing {
    @Override
    public String id() {
        return "matmul_add";
    }

    @Override
    public String formula() {
        return "a[..., i, j] + sum over k of b[..., i, k] * c[..., k, j]";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("Gemm");
    }

    @Override
    public Arity arity() {
        return Arity.of(3);
    }

    /** The product alone. */
    public MatMul product() {
        return new MatMul(left, right);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec base = inputs.getFirst();
        TensorSpec product = product().infer(inputs.subList(1, 3));
        Reducing.requireFloat(id(), product.dtype());
        if (!base.equals(product)) {
            throw ShapeException.of(id(), "the product is not like what it is added to").operand("base", base)
                    .operand("product", product).expected("base " + product);
        }
        return base;
    }

    @Override
    public long multiplyAdds(List<TensorSpec> inputs) {
        return product().multiplyAdds(inputs.subList(1, 3));
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Array base = Internals.array(inputs.getFirst());
        Array out = Array.uninitialized(base.dtype(), base.shape());
        Moves.copy(base, out);
        grow(out, inputs.subList(1, 3));
        return Internals.tensor(out);
    }

    @Override
    @SuppressWarnings("exports")
    public void grow(Array base, List<Tensor> added) {
        if (base.size() > 0) {
            product()
                    .bind(Internals.array(added.getFirst()), Internals.array(added.getLast()), base, Begin.RESULT,
                            Keeping.NOTHING)
                    .run();
        }
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        return prepare(inputs, out, Keeping.NOTHING);
    }

    /** {@link #prepare} where the right factor changes only when a program claims to write it. */
    @SuppressWarnings("exports")
    public Launch prepareKeeping(List<Array> inputs, Array out) {
        return prepare(inputs, out, Keeping.RIGHT);
    }

    private Launch prepare(List<Array> inputs, Array out, Keeping keeping) {
        return Launch.all(Copies.prepareBase(inputs.getFirst(), out),
                product().bind(inputs.get(1), inputs.get(2), out, Begin.RESULT, keeping));
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(
                Gradient.Partial.linear(Gradient.Context::cotangent),
                Gradient.Partial.reading(2, v -> {
                    Tensor c = v.input(2);
                    return left == Side.PLAIN ? v.cotangent().matmul(right.opposite(c))
                            : right.of(c).matmul(v.cotangent().transpose());
                }).adding(v -> product().addingToLeft(v, 1, 2)),
                Gradient.Partial.reading(1, v -> {
                    Tensor b = v.input(1);
                    return right == Side.PLAIN ? left.opposite(b).matmul(v.cotangent())
                            : v.cotangent().transpose().matmul(left.of(b));
                }).adding(v -> product().addingToRight(v, 1, 2)));
    }

    static Sample sample(Sampler sampler) {
        Sample factors = MatMul.sample(sampler);
        MatMul product = (MatMul) factors.op();
        TensorSpec spec = product.infer(factors.inputs().stream().map(Tensor::spec).toList());
        return Sample.of(new MatMulAdd(product.left(), product.right()), sampler.tensor(spec.shape(), Domain.REAL),
                factors.inputs().getFirst(), factors.inputs().getLast());
    }
}
