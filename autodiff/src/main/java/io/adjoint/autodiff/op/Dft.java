package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.FourierKernel;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
import java.util.List;
import java.util.Optional;

/**
 * The discrete Fourier transform along an axis of complex numbers, which stand as pairs (real, imaginary) along the innermost
 * axis; neither direction is divided by n. Its transpose is the other direction.
 *
 * @param axis in {@code [0, rank - 1)}
 * @param backward whether the exponent is positive
 */
public record Dft(int axis, boolean backward) implements MatrixOp {
    private static final int LONGEST = 1 << 28;

    @Override
    public String id() {
        return "dft";
    }

    @Override
    public String formula() {
        return "sum over j of x[j] e^(-2 pi i j k / n), or e^(2 pi i j k / n)";
    }

    @Override
    public Optional<String> onnxName() {
        return backward ? Optional.empty() : Optional.of("DFT"); // that one divides on the way back
    }

    @Override
    public Arity arity() {
        return Arity.of(1);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec input = inputs.getFirst();
        Shape shape = input.shape();
        Reducing.requireFloat(id(), input.dtype());
        if (shape.rank() < 2 || shape.dim(-1) != 2) {
            throw ShapeException.of(id(), "not pairs of real and imaginary parts").operand("input", shape)
                    .expected("[..., 2] of rank 2 or more");
        }
        AxisRules.require(id(), shape, axis);
        if (axis == shape.rank() - 1 || shape.dim(axis) > LONGEST) {
            throw ShapeException.of(id(), "no axis to transform").operand("axis", axis).operand("input", shape)
                    .expected("an axis before the pairs, of extent " + LONGEST + " or less");
        }
        return input;
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Array x = Internals.array(inputs.getFirst());
        Array out = Array.allocate(x.dtype(), x.shape());
        FourierKernel.run(x, axis, backward ? 1 : -1, out);
        return Internals.tensor(out);
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.linear(v -> new Dft(axis, !backward).apply(v.cotangent())));
    }

    static Sample sample(Sampler sampler) {
        Shape lines = sampler.shape(1, 3);
        int axis = sampler.between(0, lines.rank() - 1);
        Shape shape = MatrixRules.append(lines.with(axis, lines.dim(axis) * sampler.between(1, 10)), 2);
        return Sample.of(new Dft(axis, sampler.between(0, 1) == 1), sampler.tensor(shape, Domain.REAL));
    }
}
