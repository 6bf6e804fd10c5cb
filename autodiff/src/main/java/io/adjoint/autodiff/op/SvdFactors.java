package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.JacobiSvd;
import java.util.List;
import java.util.Optional;

/**
 * U {@code [m, k]}, the singular values {@code [k]}, descending, and V {@code [n, k]} of {@code x = U diag(s) V^T}, one after
 * the other, with {@code k = min(m, n)}: {@code [..., m, n] -> [..., m k + k + n k]}. In each column of U the element of
 * greatest magnitude, the first among equals, is positive. The gradient of U and V is not finite where singular values are
 * equal, or zero.
 */
public record SvdFactors() implements MatrixOp {
    private static final Gradient GRADIENT = Gradient.of(Gradient.Partial.readingOutput(v -> {
        // Townsend, Differentiating the singular value decomposition, 2016
        int m = v.inputSpec(0).shape().dim(-2);
        int n = v.inputSpec(0).shape().dim(-1);
        int k = Math.min(m, n);
        Tensor u = u(v.output(), m, n);
        Tensor s = values(v.output(), m, n).unsqueeze(-2);
        Tensor right = v(v.output(), m, n);
        Tensor byU = u(v.cotangent(), m, n);
        Tensor byV = v(v.cotangent(), m, n);
        Tensor onDiagonal = MatrixRules.diagonal(k);
        Tensor rows = s.transpose();
        Tensor gaps = onDiagonal.where(Tensor.scalar(1, s.dtype()), s.sub(rows).mul(s.add(rows)));
        Tensor alongU = u.transpose().matmul(byU);
        Tensor alongV = right.transpose().matmul(byV);
        Tensor turns = MatrixRules.quotient(alongU.sub(alongU.transpose()), gaps).mul(s)
                .add(MatrixRules.quotient(alongV.sub(alongV.transpose()), gaps).mul(rows));
        Tensor inner = onDiagonal.where(values(v.cotangent(), m, n).unsqueeze(-2), turns);
        Tensor whole = u.matmul(inner).matmul(right.transpose());
        if (m > k) {
            whole = whole.add(
                    MatrixRules.quotient(byU.sub(u.matmul(alongU)), s).matmul(right.transpose()));
        }
        if (n > k) {
            whole = whole.add(u.matmul(MatrixRules.quotient(byV.sub(right.matmul(alongV)), s).transpose()));
        }
        return whole;
    }));

    /** U of a packed result. */
    public static Tensor u(Tensor packed, int m, int n) {
        return MatrixRules.part(packed, 0, m, Math.min(m, n));
    }

    /** The singular values of a packed result. */
    public static Tensor values(Tensor packed, int m, int n) {
        return MatrixRules.part(packed, m * Math.min(m, n), Math.min(m, n));
    }

    /** V of a packed result. */
    public static Tensor v(Tensor packed, int m, int n) {
        int k = Math.min(m, n);
        return MatrixRules.part(packed, m * k + k, n, k);
    }

    @Override
    public String id() {
        return "svd_factors";
    }

    @Override
    public String formula() {
        return "U, s and V with U diag(s) V^T = x, U^T U = V^T V = 1";
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
        int k = Math.min(m, n);
        return MatrixRules.perMatrix(input,
                MatrixRules.packed(Shape.of(m, k).size(), k, Shape.of(n, k).size()));
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Tensor x = inputs.getFirst();
        int m = x.dim(-2);
        int n = x.dim(-1);
        return MatrixRules.map(x, infer(List.of(x.spec())).shape(), (a, _) -> {
            JacobiSvd svd = new JacobiSvd(a, m, n);
            return MatrixRules.join(svd.u(), svd.s(), svd.v());
        });
    }

    @Override
    public Gradient gradient() {
        return GRADIENT;
    }

    static Sample sample(Sampler sampler) {
        return Sample.of(new SvdFactors(),
                sampler.invertible(sampler.batch(), sampler.extent(), sampler.extent()));
    }
}
