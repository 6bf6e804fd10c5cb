package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.MatrixFunctions;
import java.util.List;
import java.util.Optional;

/**
 * The signed minors of square matrices, which are the derivatives of the determinant: {@code det(x) x^-T} of an invertible
 * matrix, and finite of a singular one. Their own gradient divides by the determinant, so it is not finite for a singular
 * matrix.
 */
public record Cofactors() implements MatrixOp {
    private static final Gradient GRADIENT = Gradient.of(Gradient.Partial.reading(0, v -> {
        Tensor minors = v.output();
        Tensor along = minors.mul(v.cotangent()).sum(-2, -1).unsqueeze(-1).unsqueeze(-1);
        Tensor crossed = minors.matmul(v.cotangent().transpose()).matmul(minors);
        Tensor det = new Det().apply(v.input(0)).unsqueeze(-1).unsqueeze(-1);
        return MatrixRules.quotient(minors.mul(along).sub(crossed), det);
    }).andOutput());

    @Override
    public String id() {
        return "cofactors";
    }

    @Override
    public String formula() {
        return "det(x) x^-T";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public Arity arity() {
        return Arity.of(1);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        MatrixRules.requireSquare(id(), inputs.getFirst());
        return inputs.getFirst();
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Tensor x = inputs.getFirst();
        int n = x.dim(-1);
        return MatrixRules.map(x, x.shape(), (a, _) -> MatrixFunctions.cofactors(a, n));
    }

    @Override
    public Gradient gradient() {
        return GRADIENT;
    }

    static Sample sample(Sampler sampler) {
        int n = sampler.extent();
        return Sample.of(new Cofactors(), sampler.invertible(sampler.batch(), n, n));
    }
}
