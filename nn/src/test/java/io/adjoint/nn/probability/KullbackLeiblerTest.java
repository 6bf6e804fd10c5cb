package io.adjoint.nn.probability;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KullbackLeiblerTest {
    private static final int DRAWS = 20_000;

    record Pair(Distribution p, Distribution q) {}

    private static Tensor n(double x) {
        return Tensor.scalar(x, DType.F64);
    }

    private static Tensor v(double... x) {
        return Tensor.of(x);
    }

    static List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>(List.of(
                new Pair(new Normal(n(0.3), n(1.2)), new Normal(n(-0.5), n(0.9))),
                new Pair(new LogNormal(n(0.3), n(0.7)), new LogNormal(n(-0.2), n(0.9))),
                new Pair(new HalfNormal(n(0.7)), new HalfNormal(n(1.2))),
                new Pair(new Exponential(n(0.7)), new Exponential(n(1.2))),
                new Pair(new Laplace(n(0.7), n(0.6)), new Laplace(n(1.2), n(1.1))),
                new Pair(new Cauchy(n(0.7), n(0.6)), new Cauchy(n(1.2), n(1.1))),
                new Pair(new Uniform(n(0.7), n(1.6)), new Uniform(n(0.2), n(2.1))),
                new Pair(new Gumbel(n(0.7), n(0.6)), new Gumbel(n(1.2), n(0.9))),
                new Pair(new Weibull(n(0.7), n(1.6)), new Weibull(n(1.2), n(1.1))),
                new Pair(new Gamma(n(1.7), n(0.6)), new Gamma(n(1.2), n(1.1))),
                new Pair(new Exponential(n(0.6)), new Gamma(n(1.2), n(1.1))),
                new Pair(new Gamma(n(1.7), n(0.6)), new Exponential(n(1.1))),
                new Pair(new Beta(n(1.7), n(2.6)), new Beta(n(1.2), n(1.1))),
                new Pair(new Dirichlet(v(1.7, 2, 0.8)), new Dirichlet(v(1.2, 1.5, 1.9))),
                new Pair(new Bernoulli(n(0.7)), new Bernoulli(n(-0.3))),
                new Pair(new Geometric(n(0.7)), new Geometric(n(-0.3))),
                new Pair(Binomial.of(6, n(0.7)), Binomial.of(6, n(-0.3))),
                new Pair(new Poisson(n(2.7)), new Poisson(n(3.3))),
                new Pair(new Categorical(v(0.1, 0.7, -1)), new Categorical(v(-0.3, 0, 0.4))),
                new Pair(new OneHotCategorical(v(0.1, 0.7, -1)), new OneHotCategorical(v(-0.3, 0, 0.4))),
                new Pair(new Multinomial(5, v(0.1, 0.7, -1)), new Multinomial(5, v(-0.3, 0, 0.4))),
                new Pair(new MultivariateNormal(v(0.2, -0.3), Tensor.rows(new double[][] {{0.8, 0}, {0.5, 1.1}})),
                        new MultivariateNormal(v(0, 0.4), Tensor.rows(new double[][] {{1.2, 0}, {-0.2, 0.9}}))),
                new Pair(new Independent(new Normal(v(0.1, 0.2), v(1, 2)), 1),
                        new Independent(new Normal(v(-0.1, 0.7), v(1.5, 1.2)), 1)),
                new Pair(Transformed.of(new Normal(n(0.3), n(1.2)), Bijectors.tanh()),
                        Transformed.of(new Normal(n(-0.5), n(0.9)), Bijectors.tanh()))));
        Normal normal = new Normal(n(0.8), n(1.4));
        for (Distribution p : List.of(new Laplace(n(0.7), n(0.6)), new Uniform(n(0.7), n(1.6)),
                new Exponential(n(1.2)), new Gamma(n(1.7), n(1.6)), new Gumbel(n(0.7), n(0.6)),
                new Beta(n(1.7), n(2.6)),
                new HalfNormal(n(0.7)), new LogNormal(n(0.1), n(0.4)), new Weibull(n(0.7), n(1.6)))) {
            pairs.add(new Pair(p, normal));
        }
        return pairs;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void equalsTheMeanOverSamples(Pair pair) {
        Tensor draws = pair.p.sample(Rng.seed(3), Shape.of(DRAWS));
        Tensor each = pair.p.logProb(draws).sub(pair.q.logProb(draws));
        double error = Math.sqrt(each.var().item() / DRAWS);
        double exact = pair.p.kl(pair.q).item();
        assertTrue(exact > 0.01, "a pair that tells nothing: " + exact);
        assertEquals(each.mean().item(), exact, 4 * error + 1e-12);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void isZeroFromADistributionToItself(Pair pair) {
        Distribution p = pair.p instanceof Transformed t ? Transformed.of(t.base(), Bijectors.tanh()) : pair.p;
        assertEquals(0, pair.p.kl(p).item(), 1e-12);
    }

    @Test
    void whatIsImpossibleInTheOtherIsInfinitelyFar() {
        assertEquals(Double.POSITIVE_INFINITY, new Uniform(n(0), n(2)).kl(new Uniform(n(0.5), n(3))).item());
        Categorical certain = Categorical.ofProbabilities(v(1, 0));
        assertEquals(Math.log(2), certain.kl(Categorical.ofProbabilities(v(1, 1))).item(), 1e-15);
        assertEquals(Double.POSITIVE_INFINITY, Categorical.ofProbabilities(v(1, 1)).kl(certain).item());
        assertEquals(Double.POSITIVE_INFINITY, Binomial.of(3, n(0)).kl(Binomial.of(2, n(0))).item());
    }

    @Test
    void refusesWhatIsNotKnown() {
        StudentT t = new StudentT(n(3), n(0), n(1));
        ShapeException refusal = assertThrows(ShapeException.class, () -> t.kl(t));
        assertEquals("kl: not known in closed form: from StudentT of event [], to StudentT of event []; expected two "
                + "distributions of one family, or an estimate from samples", refusal.getMessage());
        assertThrows(ShapeException.class, () -> new Poisson(n(1)).kl(new Normal(n(0), n(1))));
        assertThrows(ShapeException.class, () -> new Categorical(v(1, 2)).kl(new Categorical(v(1, 2, 3))));
    }

    @Test
    void batchesBroadcast() {
        Tensor kl = new Normal(v(0, 1, 2), n(1)).kl(new Normal(v(0, 1).unsqueeze(1), n(1)));
        assertEquals(Shape.of(2, 3), kl.shape());
        assertArrayEquals(new double[] {0, 0.5, 2, 0.5, 0, 0.5}, kl.toDoubles(), 1e-15);
    }
}
