package io.adjoint.nn.probability;

import static io.adjoint.nn.probability.DistributionSample.continuous;
import static io.adjoint.nn.probability.DistributionSample.counts;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** One or more samples of every distribution; {@code DistributionLawTest} misses one that has none. */
final class DistributionSamples {
    private static final double INFINITE = Double.POSITIVE_INFINITY;
    private static final double[] LINE = {-INFINITE, INFINITE};
    private static final double[] RAY = {0, INFINITE};
    private static final Set<String> NONE = Set.of();
    private static final Set<String> NO_QUANTILE = Set.of("icdf");
    private static final Set<String> VECTOR = Set.of("cdf", "icdf");

    private DistributionSamples() {}

    static List<DistributionSample> all() {
        return List.of(
                continuous(p -> new Normal(p.get(0), p.get(1)), LINE, List.of(), NONE, 0.3, 1.7),
                continuous(p -> new LogNormal(p.get(0), p.get(1)), RAY, List.of(0.0, -1.0), NONE, -0.2, 0.6),
                continuous(p -> new HalfNormal(p.get(0)), RAY, List.of(-0.5), NONE, 1.3),
                continuous(p -> new Exponential(p.get(0)), RAY, List.of(-0.5), NONE, 0.7),
                continuous(p -> new Laplace(p.get(0), p.get(1)), new double[] {-INFINITE, 0.4, INFINITE}, List.of(),
                        NONE, 0.4, 0.8),
                continuous(p -> new Cauchy(p.get(0), p.get(1)), LINE, List.of(), NONE, -0.4, 1.2),
                continuous(p -> new StudentT(p.get(0), p.get(1), p.get(2)), LINE, List.of(), NO_QUANTILE, 4.5, 0.2,
                        1.1),
                continuous(p -> new StudentT(p.get(0), p.get(1), p.get(2)), LINE, List.of(), NO_QUANTILE, 0.8, 0.2,
                        1.1),
                continuous(p -> new Uniform(p.get(0), p.get(1)), new double[] {-0.5, 2}, List.of(-0.6, 2.0),
                        Set.of("mode"), -0.5, 2),
                continuous(p -> new Gumbel(p.get(0), p.get(1)), LINE, List.of(), NONE, 0.4, 0.9),
                continuous(p -> new Weibull(p.get(0), p.get(1)), RAY, List.of(-0.1), NONE, 1.4, 1.8),
                continuous(p -> new Weibull(p.get(0), p.get(1)), RAY, List.of(-0.1), NONE, 1.4, 0.9),
                continuous(p -> new Gamma(p.get(0), p.get(1)), RAY, List.of(-0.1), NONE, 2.3, 1.6),
                continuous(p -> new Gamma(p.get(0), p.get(1)), RAY, List.of(-0.1), NONE, 0.4, 0.6),
                continuous(p -> new Gamma(p.get(0), p.get(1)), RAY, List.of(-0.1), NONE, 40, 9),
                continuous(p -> new Beta(p.get(0), p.get(1)), new double[] {0, 1}, List.of(-0.1, 1.1), NO_QUANTILE,
                        2.3, 1.4),
                continuous(p -> new Beta(p.get(0), p.get(1)), new double[] {0, 1}, List.of(-0.1, 1.1), NO_QUANTILE,
                        0.6, 3.1),
                counts(p -> new Bernoulli(p.get(0)), 1, NO_QUANTILE, 0.7),
                counts(p -> new Geometric(p.get(0)), 120, NO_QUANTILE, -0.6),
                counts(p -> Binomial.of(9, p.get(0)), 9, NO_QUANTILE, 0.5),
                counts(p -> Binomial.of(60, p.get(0)), 60, NO_QUANTILE, 0.4),
                counts(p -> new Poisson(p.get(0)), 60, Set.of("icdf", "entropy"), 3.4),
                counts(p -> new Poisson(p.get(0)), 120, Set.of("icdf", "entropy"), 30.5),
                categorical(), oneHot(), multinomial(), dirichlet(), multivariate(), independent(), mixture(),
                continuous(p -> Transformed.of(new Normal(p.get(0), p.get(1)), Bijectors.tanh(),
                        Bijectors.affine(p.get(2), p.get(3))), new double[] {-0.7, 1.7}, List.of(-0.8, 1.8),
                        Set.of("mean", "variance", "entropy", "mode", "icdf"), 0.2, 0.7, 0.5, -1.2),
                continuous(p -> Transformed.of(new Gumbel(p.get(0), p.get(1)), Bijectors.softplus(),
                        Bijectors.power(-0.5)), RAY, List.of(-0.1),
                        Set.of("mean", "variance", "entropy", "mode", "icdf"), 0.2, 0.7),
                continuous(p -> Transformed.of(new Normal(p.get(0), p.get(1)), Bijectors.sigmoid(),
                        Bijectors.exp()), new double[] {1, Math.E}, List.of(0.9, 2.8),
                        Set.of("mean", "variance", "entropy", "mode", "icdf"), 0.2, 0.7));
    }

    private static final Tensor LOGITS = Tensor.of(new double[] {0.3, -0.5, 1.1});

    private static DistributionSample of(Function<List<Tensor>, Distribution> make, Quadrature all,
            List<Tensor> outside, Set<String> refused, List<Tensor> parameters) {
        return new DistributionSample(parameters, make, all, outside, refused, new double[0], Map.of());
    }

    private static DistributionSample categorical() {
        return of(p -> new Categorical(p.getFirst()), Quadrature.counts(2),
                List.of(Tensor.scalar(-1, DType.F64), Tensor.scalar(3, DType.F64)),
                Set.of("mean", "variance", "icdf"), List.of(LOGITS));
    }

    private static DistributionSample oneHot() {
        return of(p -> new OneHotCategorical(p.getFirst()), Quadrature.each(Tensor.of(new double[] {1, 1, 1}).diag(0)),
                List.of(Tensor.of(new double[] {0, 0, 0}), Tensor.of(new double[] {1, 1, 0})), VECTOR, List.of(LOGITS));
    }

    private static DistributionSample multinomial() {
        return of(p -> new Multinomial(4, p.getFirst()), Quadrature.draws(4),
                List.of(Tensor.of(new double[] {1, 1, 1}), Tensor.of(new double[] {-1, 3, 2})),
                Set.of("cdf", "icdf", "mode"), List.of(LOGITS));
    }

    private static DistributionSample dirichlet() {
        double[] a = {2.5, 1.6, 3.2};
        return new DistributionSample(List.of(Tensor.of(a)), p -> new Dirichlet(p.getFirst()), Quadrature.shares(),
                List.of(Tensor.of(new double[] {0.5, 0.5, 0.5}), Tensor.of(new double[] {-0.5, 0.5, 1})), VECTOR,
                new double[0],
                Map.of(x -> x.select(-1, 0), new Beta(number(a[0]), number(a[1] + a[2])),
                        x -> x.select(-1, 1), new Beta(number(a[1]), number(a[0] + a[2]))));
    }

    private static DistributionSample multivariate() {
        Tensor root = Tensor.rows(new double[][] {{0.9, 0}, {-0.6, 1.2}});
        return new DistributionSample(List.of(Tensor.of(new double[] {0.3, -0.4}), root),
                p -> new MultivariateNormal(p.get(0), p.get(1)), Quadrature.plane(), List.of(), VECTOR, new double[0],
                Map.of(x -> x.select(-1, 1), new Normal(number(-0.4), number(Math.hypot(0.6, 1.2))),
                        x -> x.sum(-1), new Normal(number(-0.1), number(Math.hypot(0.3, 1.2)))));
    }

    private static DistributionSample independent() {
        return new DistributionSample(
                List.of(Tensor.of(new double[] {0.3, -0.4}), Tensor.of(new double[] {0.8, 1.3})),
                p -> new Independent(new Normal(p.get(0), p.get(1)), 1), Quadrature.plane(), List.of(), VECTOR,
                new double[0], Map.of(x -> x.sum(-1), new Normal(number(-0.1), number(Math.hypot(0.8, 1.3)))));
    }

    private static DistributionSample mixture() {
        return new DistributionSample(
                List.of(Tensor.of(new double[] {0.2, -0.4}), Tensor.of(new double[] {-1, 1.5}),
                        Tensor.of(new double[] {0.8, 1.1})),
                p -> new Mixture(new Categorical(p.get(0)), new Normal(p.get(1), p.get(2))),
                Quadrature.between(LINE), List.of(), Set.of("entropy", "mode", "icdf"), LINE, Map.of());
    }

    private static Tensor number(double x) {
        return Tensor.full(Shape.scalar(), DType.F64, x);
    }
}
