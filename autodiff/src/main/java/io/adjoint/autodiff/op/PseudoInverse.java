package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.MatrixFunctions;
import java.util.List;
import java.util.Optional;

/**
 * The Moore-Penrose inverse of matrices, {@code [..., m, n] -> [..., n, m]}. The gradient is that among matrices of the same
 * rank.
 *
 * @param tolerance singular values up to this part of the greatest count as zero; not negative
 */
public record PseudoInverse(double tolerance) implements MatrixOp {
    private static final Gradient GRADIENT = Gradient.of(Gradient.Partial.reading(0, v -> {
        // Golub and Pereyra, The differentiation of pseudo-inverses and nonlinear least squares problems, 1973
        Tensor a = v.input(0);
        Tensor p = v.output();
        Tensor turned = p.transpose();
        Tensor back = v.cotangent().transpose();
        Tensor right = back.matmul(p).matmul(turned);
        Tensor left = turned.matmul(p).matmul(back);
        return right.sub(a.matmul(p).matmul(right)).add(left.sub(left.matmul(p).matmul(a)))
                .sub(turned.matmul(v.cotangent()).matmul(turned));
    }).andOutput());

    @Override
    public String id() {
        return "pseudo_inverse";
    }

    @Override
    public String formula() {
        return "the p with x p x = x, p x p = p, x p and p x symmetric";
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
        TensorSpec input = inputs.getFirst();
        MatrixRules.requireMatrix(id(), input);
        MatrixRules.requireTolerance(id(), tolerance);
        return MatrixRules.perMatrix(input, input.shape().dim(-1), input.shape().dim(-2));
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Tensor x = inputs.getFirst();
        int m = x.dim(-2);
        int n = x.dim(-1);
        return MatrixRules.map(x, infer(List.of(x.spec())).shape(),
                (a, _) -> MatrixFunctions.pseudoInverse(a, m, n, tolerance));
    }

    @Override
    public Gradient gradient() {
        return GRADIENT;
    }

    static Sample sample(Sampler sampler) {
        return Sample.of(new PseudoInverse(1e-6),
                sampler.invertible(sampler.batch(), sampler.extent(), sampler.extent()));
    }
}
