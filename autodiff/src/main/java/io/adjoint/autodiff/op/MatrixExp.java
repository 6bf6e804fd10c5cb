package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.MatrixFunctions;
import java.util.List;
import java.util.Optional;

/** The exponential of square matrices, {@code sum of x^k / k!}; NaN of a matrix with an element that is not finite. */
public record MatrixExp() implements MatrixOp {
    private static final Gradient GRADIENT = Gradient.of(Gradient.Partial.reading(0, v -> {
        // Mathias, A chain rule for matrix functions, 1996: the derivative stands beside the value in the exponential of a
        // matrix of four blocks
        Tensor x = v.input(0).transpose();
        int n = x.dim(-1);
        Tensor above = Tensor.concat(-1, x, v.cotangent());
        Tensor below = Tensor.concat(-1, Tensor.zeros(x.shape(), x.dtype()), x);
        return new MatrixExp().apply(Tensor.concat(-2, above, below)).slice(-2, 0, n).slice(-1, n, 2 * n);
    }));

    @Override
    public String id() {
        return "matrix_exp";
    }

    @Override
    public String formula() {
        return "sum of x^k / k! over k";
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
        return MatrixRules.map(x, x.shape(), (a, _) -> MatrixFunctions.exp(a, n));
    }

    @Override
    public Gradient gradient() {
        return GRADIENT;
    }

    static Sample sample(Sampler sampler) {
        int n = Math.min(sampler.extent(), 8);
        Shape shape = MatrixRules.append(sampler.batch(), n, n);
        return Sample.of(new MatrixExp(), sampler.tensor(shape, new Domain(-1, 1)));
    }
}
