package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Householder;
import java.util.List;
import java.util.Optional;

/**
 * The orthonormal Q {@code [m, n]} and the upper triangular R {@code [n, n]} of {@code x = Q R}, one after the other: {@code
 * [..., m, n] -> [..., m n + n n]} with at least as many rows as columns. R has no negative diagonal element. The gradient is
 * not finite where x has not full rank.
 */
public record QrFactors() implements MatrixOp {
    private static final Gradient GRADIENT = Gradient.of(Gradient.Partial.readingOutput(v -> {
        // Roberts and Roberts, QR and LQ decomposition matrix backpropagation algorithms, 2020
        Shape shape = v.inputSpec(0).shape();
        int m = shape.dim(-2);
        int n = shape.dim(-1);
        Tensor q = q(v.output(), m, n);
        Tensor r = r(v.output(), m, n);
        Tensor byQ = q(v.cotangent(), m, n);
        Tensor byR = r(v.cotangent(), m, n);
        Tensor middle = MatrixRules.lower(r.matmul(byR.transpose()).sub(byQ.transpose().matmul(q)), 0);
        Tensor mirrored = middle.add(MatrixRules.lower(middle, -1).transpose());
        Tensor whole = byQ.add(q.matmul(mirrored));
        return new TriangularSolve(false, false, false).apply(r, whole.transpose()).transpose();
    }));

    /** Q of a packed result. */
    public static Tensor q(Tensor packed, int m, int n) {
        return MatrixRules.part(packed, 0, m, n);
    }

    /** R of a packed result. */
    public static Tensor r(Tensor packed, int m, int n) {
        return MatrixRules.part(packed, m * n, n, n);
    }

    @Override
    public String id() {
        return "qr_factors";
    }

    @Override
    public String formula() {
        return "Q and R with Q R = x, Q^T Q = 1, R upper triangular";
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
        int m = input.shape().dim(-2);
        int n = input.shape().dim(-1);
        if (m < n) {
            throw ShapeException.of(id(), "fewer rows than columns").operand("input", input.shape())
                    .expected("at least as many rows as columns");
        }
        return MatrixRules.perMatrix(input, MatrixRules.packed(Shape.of(m, n).size(), Shape.of(n, n).size()));
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Tensor x = inputs.getFirst();
        int m = x.dim(-2);
        int n = x.dim(-1);
        return MatrixRules.map(x, infer(List.of(x.spec())).shape(), (a, _) -> {
            Householder qr = new Householder(a, m, n, n);
            return MatrixRules.join(qr.q(), qr.r());
        });
    }

    @Override
    public Gradient gradient() {
        return GRADIENT;
    }

    static Sample sample(Sampler sampler) {
        int n = sampler.extent();
        return Sample.of(new QrFactors(), sampler.invertible(sampler.batch(), n + sampler.between(0, 2), n));
    }
}
