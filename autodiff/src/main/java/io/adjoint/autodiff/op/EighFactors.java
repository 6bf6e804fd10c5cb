package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.JacobiEigen;
import java.util.List;
import java.util.Optional;

/**
 * The eigenvalues {@code [n]}, ascending, and the eigenvectors {@code [n, n]}, as columns, of symmetric matrices, one after
 * the other: {@code [..., n, n] -> [..., n + n n]}. The lower triangle is read, so the gradient of an element above the
 * diagonal is 0. In each eigenvector the element of greatest magnitude, the first among equals, is positive. The gradient of
 * eigenvectors is not finite where eigenvalues are equal.
 */
public record EighFactors() implements MatrixOp {
    private static final Gradient GRADIENT = Gradient.of(Gradient.Partial.readingOutput(v -> {
        // Giles, Collected matrix derivative results for forward and reverse mode algorithmic differentiation, 2008, 3.1
        int n = v.inputSpec(0).shape().dim(-1);
        Tensor values = values(v.output(), n);
        Tensor vectors = vectors(v.output(), n);
        Tensor onDiagonal = MatrixRules.diagonal(n);
        Tensor gaps = values.unsqueeze(-2).sub(values.unsqueeze(-1));
        Tensor turns = MatrixRules.quotient(vectors.transpose().matmul(vectors(v.cotangent(), n)),
                onDiagonal.where(Tensor.scalar(1, values.dtype()), gaps));
        Tensor inner = onDiagonal.where(values(v.cotangent(), n).unsqueeze(-1), turns);
        Tensor whole = vectors.matmul(inner).matmul(vectors.transpose());
        return MatrixRules.halvedLower(whole.add(whole.transpose()));
    }));

    /** The eigenvalues of a packed result. */
    public static Tensor values(Tensor packed, int n) {
        return MatrixRules.part(packed, 0, n);
    }

    /** The eigenvectors of a packed result. */
    public static Tensor vectors(Tensor packed, int n) {
        return MatrixRules.part(packed, n, n, n);
    }

    @Override
    public String id() {
        return "eigh_factors";
    }

    @Override
    public String formula() {
        return "w and V with V diag(w) V^T = x, V^T V = 1";
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
        MatrixRules.requireSquare(id(), input);
        int n = input.shape().dim(-1);
        return MatrixRules.perMatrix(input, MatrixRules.packed(n, Shape.of(n, n).size()));
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Tensor x = inputs.getFirst();
        int n = x.dim(-1);
        return MatrixRules.map(x, infer(List.of(x.spec())).shape(), (a, _) -> {
            JacobiEigen eigen = new JacobiEigen(a, n);
            return MatrixRules.join(eigen.values(), eigen.vectors());
        });
    }

    @Override
    public Gradient gradient() {
        return GRADIENT;
    }

    static Sample sample(Sampler sampler) {
        int n = sampler.extent();
        return Sample.of(new EighFactors(), sampler.definite(sampler.batch(), n));
    }
}
