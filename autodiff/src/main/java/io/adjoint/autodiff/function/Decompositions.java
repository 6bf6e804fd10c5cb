package io.adjoint.autodiff.function;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.EighFactors;
import io.adjoint.autodiff.op.QrFactors;
import io.adjoint.autodiff.op.SvdFactors;

/**
 * Decompositions of matrices, each with one choice of signs, so that results are the same everywhere. A matrix is the last two
 * axes of a tensor; axes before them are a batch. Integers count as F32. The Cholesky decomposition is in {@link Triangular}.
 */
public final class Decompositions {
    private Decompositions() {}

    /**
     * {@code a = q r} with orthonormal columns of q and no negative number on the diagonal of r: q is {@code [..., m, k]} and
     * r {@code [..., k, n]}, where {@code k = min(m, n)}. The gradient is not finite where the first k columns are linearly
     * dependent.
     */
    public static Qr qr(Tensor a) {
        Tensor x = Matrix.require("qr", a);
        int m = x.dim(-2);
        int n = x.dim(-1);
        if (m >= n) {
            Tensor both = new QrFactors().apply(x);
            return new Qr(QrFactors.q(both, m, n), QrFactors.r(both, m, n));
        }
        Qr left = qr(x.slice(-1, 0, m));
        Tensor right = left.q().transpose().matmul(x.slice(-1, m, n));
        return new Qr(left.q(), Tensor.concat(-1, left.r(), right));
    }

    /**
     * {@code a = q r} as {@link #qr}, with q completed to a square orthogonal matrix {@code [..., m, m]} and r by zeros to
     * {@code [..., m, n]}. The columns that complete q are some orthonormal base of what is orthogonal to a: the gradient is
     * right for functions that do not depend on which.
     */
    public static Qr qrComplete(Tensor a) {
        Qr reduced = qr(a);
        Tensor q = reduced.q();
        int m = q.dim(-2);
        int k = q.dim(-1);
        if (m == k) {
            return reduced;
        }
        // the null space of q^T: the eigenvectors of 1 - q q^T with the eigenvalue 1, which come last
        Tensor covered = q.detached().matmul(q.detached().transpose());
        Tensor base = eigh(Matrix.identity(covered).sub(covered)).vectors().slice(-1, k, m);
        Tensor rest = base.sub(q.matmul(q.transpose().matmul(base)));
        Tensor root = Triangular.cholesky(rest.transpose().matmul(rest));
        Tensor added = Triangular.solveTriangular(root, rest.transpose(), Triangle.LOWER).transpose();
        int[] zeros = reduced.r().shape().dims();
        zeros[zeros.length - 2] = m - k;
        Tensor below = Tensor.zeros(Shape.of(zeros), q.dtype());
        return new Qr(Tensor.concat(-1, q, added), Tensor.concat(-2, reduced.r(), below));
    }

    /**
     * Eigenvalues, ascending, and eigenvectors of symmetric matrices, {@code a = v diag(w) v^T}: {@code [..., n, n] -> [...,
     * n]} and {@code [..., n, n]}. The lower triangle is read; the gradient is symmetric, as among symmetric matrices. That
     * of eigenvectors is not finite where eigenvalues are equal. NaN of a matrix with an element that is not finite.
     */
    public static Eigh eigh(Tensor a) {
        Tensor x = Matrix.symmetric(Matrix.requireSquare("eigh", a));
        Tensor both = new EighFactors().apply(x);
        return new Eigh(EighFactors.values(both, x.dim(-1)), EighFactors.vectors(both, x.dim(-1)));
    }

    /** The eigenvalues, ascending, of symmetric matrices, as {@link #eigh}. Derivative: {@code v diag(g) v^T}. */
    public static Tensor eigvalsh(Tensor a) {
        return eigh(a).values();
    }

    /**
     * {@code a = u diag(s) v^T}, reduced, with singular values descending: {@code [..., m, n]} gives u {@code [..., m, k]}, s
     * {@code [..., k]} and v {@code [..., n, k]} for {@code k = min(m, n)}. The gradient of u and v is not finite where
     * singular values are equal or zero. NaN of a matrix with an element that is not finite.
     */
    public static Svd svd(Tensor a) {
        Tensor x = Matrix.require("svd", a);
        int m = x.dim(-2);
        int n = x.dim(-1);
        Tensor all = new SvdFactors().apply(x);
        return new Svd(SvdFactors.u(all, m, n), SvdFactors.values(all, m, n), SvdFactors.v(all, m, n));
    }

    /** The singular values, descending: {@code [..., m, n] -> [..., min(m, n)]}. Derivative: {@code u diag(g) v^T}. */
    public static Tensor svdvals(Tensor a) {
        return svd(a).s();
    }
}
