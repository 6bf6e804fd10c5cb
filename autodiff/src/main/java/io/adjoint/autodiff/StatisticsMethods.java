package io.adjoint.autodiff;

/**
 * The methods of a {@link Tensor} that measure how its elements spread. All take two passes, the mean first, so that a large
 * mean costs no digits. Integers count as F32.
 *
 * <p>A sum of squares of n differences from their mean is divided by {@code n - correction}, or by 0 where that is negative: 1,
 * the default, makes the estimate of a variance unbiased. So the variance of too few elements is NaN, and infinite where
 * a correction of 2 or more leaves differences that are not 0.
 */
public sealed interface StatisticsMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** Variance and mean over the same axes. */
    record VarMean(Tensor variance, Tensor mean) {}

    /** Standard deviation and mean over the same axes. */
    record StdMean(Tensor deviation, Tensor mean) {}

    /** The unbiased variance over the axes, all if none is given, see {@link #var(Axes, double)}. */
    default Tensor var(int... axes) {
        return var(Axes.drop(axes), 1);
    }

    /** The variance over the axes, {@code sum (x - mean)^2 / (n - correction)}; derivative {@code 2 (x - mean) / (n - correction)}. */
    default Tensor var(Axes axes, double correction) {
        Tensor x = self().floating();
        Tensor squares = x.sub(x.mean(axes.keeping())).square().sum(axes);
        return squares.div(Math.max(0, axes.count("var", shape()) - correction));
    }

    /** The standard deviation over the axes, all if none is given, see {@link #std(Axes, double)}. */
    default Tensor std(int... axes) {
        return std(Axes.drop(axes), 1);
    }

    /**
     * The standard deviation over the axes, {@code sqrt(var)}; derivative {@code (x - mean) / ((n - correction) std)}, 0 where
     * all elements are equal.
     */
    default Tensor std(Axes axes, double correction) {
        return Kinks.root(var(axes, correction));
    }

    /** The {@link #var(Axes, double)} and the mean over the axes. */
    default VarMean varMean(Axes axes, double correction) {
        return new VarMean(var(axes, correction), self().mean(axes));
    }

    /** The {@link #std(Axes, double)} and the mean over the axes. */
    default StdMean stdMean(Axes axes, double correction) {
        return new StdMean(std(axes, correction), self().mean(axes));
    }

    /** The unbiased covariances, see {@link #cov(double)}. */
    default Tensor cov() {
        return cov(1);
    }

    /**
     * The covariances of variables, a row each, over the observations in their columns: {@code [m, n] -> [m, m]}, as {@code
     * torch.cov}. A list is one variable, and the covariances of one are a scalar, its variance.
     *
     * @throws ShapeException if the rank is above 2
     */
    default Tensor cov(double correction) {
        if (rank() > 2) {
            throw ShapeException.of("cov", "no table").operand("input", shape())
                    .expected("rows of variables and columns of observations, or a list");
        }
        Tensor x = self().floating();
        Tensor rows = rank() < 2 ? x.reshape(1, size()) : x;
        Tensor differences = rows.sub(rows.mean(Axes.keep(1)));
        return differences.matmul(differences.transpose()).div(Math.max(0, rows.dim(1) - correction)).squeeze();
    }

    /**
     * Pearson's correlations of variables, a row each: {@code cov[i][j] / sqrt(cov[i][i] cov[j][j])}, within [-1, 1], as {@code
     * torch.corrcoef}; NaN beside a variable that does not vary. That of one variable is a scalar.
     *
     * @throws ShapeException if the rank is above 2
     */
    default Tensor corrcoef() {
        Tensor covariances = cov();
        if (covariances.rank() < 2) {
            return covariances.div(covariances);
        }
        Tensor deviations = covariances.diagonal().sqrt();
        return covariances.div(deviations.unsqueeze(1)).div(deviations).clamp(-1, 1);
    }
}
