package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Linalg;
import io.adjoint.autodiff.function.Triangle;
import io.adjoint.autodiff.function.Triangular;

/**
 * Vectors {@code location + root z} of independent normal z, with {@code covariance = root root^T}.
 *
 * @param location the mean, {@code [..., n]}
 * @param root lower triangular with a positive diagonal, {@code [..., n, n]}; batches broadcast
 */
public record MultivariateNormal(Tensor location, Tensor root) implements Distribution {
    /**
     * Batches are broadcast, and both take one dtype; what stands above the diagonal is not read.
     *
     * @throws ShapeException if shapes do not fit
     */
    public MultivariateNormal {
        Parameters.requireRank("multivariate_normal", "location", location, 1);
        Parameters.requireRank("multivariate_normal", "root", root, 2);
        int n = location.dim(-1);
        if (root.dim(-1) != n || root.dim(-2) != n) {
            throw ShapeException.of("multivariate_normal", "root and location do not fit")
                    .operand("location", location.shape()).operand("root", root.shape())
                    .expected("root [..., " + n + ", " + n + "]");
        }
        Shape batch = Shape.broadcast("multivariate_normal", Parameters.outer(location.shape(), 1),
                Parameters.outer(root.shape(), 2));
        DType dtype = DType.promote(location.dtype(), root.dtype());
        location = location.cast(dtype).expand(Parameters.join(batch, Shape.of(n)));
        root = root.cast(dtype).tril(0).expand(Parameters.join(batch, Shape.of(n, n)));
    }

    /**
     * The distribution of this covariance, symmetric positive definite, {@code [..., n, n]}.
     *
     * @throws ShapeException if shapes do not fit, or a matrix is not positive definite
     */
    public static MultivariateNormal ofCovariance(Tensor location, Tensor covariance) {
        return new MultivariateNormal(location, Triangular.cholesky(covariance));
    }

    /**
     * The distribution of this inverse of a covariance, symmetric positive definite, {@code [..., n, n]}.
     *
     * @throws ShapeException if shapes do not fit, or a matrix is not positive definite
     */
    public static MultivariateNormal ofPrecision(Tensor location, Tensor precision) {
        return ofCovariance(location, Linalg.inv(precision));
    }

    @Override
    public Shape batchShape() {
        return Parameters.outer(location.shape(), 1);
    }

    @Override
    public Shape eventShape() {
        return Shape.of(location.dim(-1));
    }

    @Override
    public DType dtype() {
        return location.dtype();
    }

    /** {@code root root^T}, {@code [..., n, n]}. */
    public Tensor covariance() {
        return root.matmul(root.transpose());
    }

    /** The logarithm of the root's determinant. */
    Tensor logDeterminant() {
        return root.diagonal(0, -2, -1).log().sum(-1);
    }

    /** {@code root^-1 x} of vectors. */
    Tensor whitened(Tensor x) {
        return Triangular.solveTriangular(root, x.unsqueeze(-1), Triangle.LOWER).squeeze(-1);
    }

    @Override
    public Tensor logProb(Tensor value) {
        Tensor x = Parameters.value(this, value);
        Tensor z = whitened(x.sub(location));
        double constant = 0.5 * location.dim(-1) * Parameters.LN_2PI;
        return z.square().sum(-1).mul(-0.5).sub(logDeterminant()).sub(constant);
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        Shape whole = Parameters.join(Parameters.whole(this, sampleShape), eventShape());
        Tensor z = rng.normal(whole, dtype());
        return location.add(root.matmul(z.unsqueeze(-1)).squeeze(-1));
    }

    @Override
    public boolean isReparameterised() {
        return true;
    }

    @Override
    public Tensor entropy() {
        return logDeterminant().add(0.5 * location.dim(-1) * (1 + Parameters.LN_2PI));
    }

    @Override
    public Tensor mean() {
        return location;
    }

    @Override
    public Tensor variance() {
        return root.square().sum(-1);
    }

    @Override
    public Tensor mode() {
        return location;
    }
}
