package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Lu;
import java.util.List;
import java.util.Optional;

/** The determinant of square matrices {@code [..., n, n] -> [...]}; 1 of the empty matrix, 0 of a singular one. */
public record Det() implements MatrixOp {
    private static final Gradient GRADIENT = Gradient.of(Gradient.Partial.reading(0,
            v -> new Cofactors().apply(v.input(0)).mul(v.cotangent().unsqueeze(-1).unsqueeze(-1))));

    @Override
    public String id() {
        return "det";
    }

    @Override
    public String formula() {
        return "determinant of x";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("Det");
    }

    @Override
    public Arity arity() {
        return Arity.of(1);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        MatrixRules.requireSquare(id(), inputs.getFirst());
        return MatrixRules.perMatrix(inputs.getFirst());
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Tensor x = inputs.getFirst();
        int n = x.dim(-1);
        return MatrixRules.map(x, MatrixRules.batch(x.shape()), (a, _) -> new double[] {new Lu(a, n).determinant()});
    }

    @Override
    public Gradient gradient() {
        return GRADIENT;
    }

    static Sample sample(Sampler sampler) {
        int n = sampler.extent();
        return Sample.of(new Det(), sampler.invertible(sampler.batch(), n, n));
    }
}
