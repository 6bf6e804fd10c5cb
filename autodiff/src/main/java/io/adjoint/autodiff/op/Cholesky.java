package io.adjoint.autodiff.op;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Triangles;
import java.util.List;
import java.util.Optional;

/**
 * The lower triangular L with a positive diagonal and {@code L L^T = a}, for symmetric positive definite matrices, of which
 * the lower triangle is read; so the gradient of an element above the diagonal is 0.
 */
public record Cholesky() implements MatrixOp {
    private static final Gradient GRADIENT = Gradient.of(Gradient.Partial.readingOutput(v -> {
        // Murray, Differentiation of the Cholesky decomposition, 2016, section 3
        TriangularSolve transposed = new TriangularSolve(true, true, false);
        Tensor root = v.output();
        Tensor middle = MatrixRules.halvedLower(root.transpose().matmul(v.cotangent()));
        Tensor left = transposed.apply(root, middle);
        Tensor whole = transposed.apply(root, left.transpose());
        return MatrixRules.halvedLower(whole.add(whole.transpose()));
    }));

    @Override
    public String id() {
        return "cholesky";
    }

    @Override
    public String formula() {
        return "lower L with L L^T = x";
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
        TensorSpec spec = inputs.getFirst().spec();
        int n = spec.shape().dim(-1);
        return MatrixRules.map(inputs.getFirst(), spec.shape(), (a, number) -> {
            int minor = Triangles.root(a, n);
            if (minor > 0) {
                throw ShapeException.of(id(), "the matrix is not positive definite").operand("matrix", spec)
                        .operand("at", MatrixRules.place(MatrixRules.batch(spec.shape()), number))
                        .operand("leading minor of order", minor).expected("positive leading minors");
            }
            return a;
        });
    }

    @Override
    public Gradient gradient() {
        return GRADIENT;
    }

    static Sample sample(Sampler sampler) {
        int n = sampler.extent();
        return Sample.of(new Cholesky(), sampler.definite(sampler.batch(), n));
    }
}
