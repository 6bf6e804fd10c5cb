package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Lu;
import java.util.List;
import java.util.Optional;

/**
 * The sign of the determinant and the logarithm of its magnitude, side by side: {@code [..., n, n] -> [..., 2]}; 0 and
 * -infinity of a singular matrix. Neither overflows where the determinant would. No gradient flows through the sign.
 */
public record LogDet() implements MatrixOp {
    private static final Gradient GRADIENT = Gradient.of(Gradient.Partial.reading(0, v -> {
        int n = v.inputSpec(0).shape().dim(-1);
        Tensor one = MatrixRules.diagonal(n).cast(v.inputSpec(0).dtype());
        Tensor inverse = new Solve(true, Solve.Singular.NOT_FINITE).apply(v.input(0), one);
        return inverse.mul(v.cotangent().slice(-1, 1, 2).unsqueeze(-1));
    }));

    @Override
    public String id() {
        return "log_det";
    }

    @Override
    public String formula() {
        return "sign of det(x), and ln |det(x)|";
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
        return MatrixRules.perMatrix(inputs.getFirst(), 2);
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Tensor x = inputs.getFirst();
        int n = x.dim(-1);
        return MatrixRules.map(x, MatrixRules.perMatrix(x.spec(), 2).shape(), (a, _) -> {
            Lu lu = new Lu(a, n);
            return new double[] {lu.sign(), lu.logAbs()};
        });
    }

    @Override
    public Gradient gradient() {
        return GRADIENT;
    }

    static Sample sample(Sampler sampler) {
        int n = sampler.extent();
        return Sample.of(new LogDet(), sampler.invertible(sampler.batch(), n, n));
    }
}
