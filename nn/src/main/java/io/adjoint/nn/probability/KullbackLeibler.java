package io.adjoint.nn.probability;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Triangle;
import io.adjoint.autodiff.function.Triangular;

/** Divergences that are known in closed form. */
final class KullbackLeibler {
    private record Pair(Distribution p, Distribution q) {}

    private KullbackLeibler() {}

    static Tensor between(Distribution from, Distribution to) {
        return switch (new Pair(from, to)) {
            case Pair(Normal p, Normal q) -> normal(p, q);
            case Pair(LogNormal p, LogNormal q) -> normal(p.logarithm(), q.logarithm());
            case Pair(HalfNormal p, HalfNormal q) -> ofRatio(p.scale().div(q.scale()).square()).mul(0.5);
            case Pair(Exponential p, Exponential q) -> ofRatio(q.rate().div(p.rate()));
            case Pair(Laplace p, Laplace q) -> laplace(p, q);
            case Pair(Cauchy p, Cauchy q) -> cauchy(p, q);
            case Pair(Uniform p, Uniform q) -> p.low().lt(q.low()).or(p.high().gt(q.high()))
                    .where(Double.POSITIVE_INFINITY, q.entropy().sub(p.entropy()));
            case Pair(Gumbel p, Gumbel q) -> gumbel(p, q);
            case Pair(Weibull p, Weibull q) -> weibull(p, q);
            case Pair(Gamma p, Gamma q) -> gamma(p, q);
            case Pair(Exponential p, Gamma q) -> gamma(gamma(p), q);
            case Pair(Gamma p, Exponential q) -> gamma(p, gamma(q));
            case Pair(Beta p, Beta q) -> beta(p, q);
            case Pair(Dirichlet p, Dirichlet q) -> dirichlet(p, q);
            case Pair(Bernoulli p, Bernoulli q) -> coin(p.logits(), q.logits());
            case Pair(Geometric p, Geometric q) -> coin(p.logits(), q.logits()).div(p.probabilities());
            case Pair(Binomial p, Binomial q) -> p.trials().gt(q.trials()).where(Double.POSITIVE_INFINITY,
                    p.trials().lt(q.trials()).where(Double.NaN, p.trials().mul(coin(p.logits(), q.logits()))));
            case Pair(Poisson p, Poisson q) ->
                p.rate().xlogy(p.rate()).sub(p.rate().xlogy(q.rate())).sub(p.rate().sub(q.rate()));
            case Pair(Categorical p, Categorical q) -> classes(p.logits(), q.logits(), from, to);
            case Pair(OneHotCategorical p, OneHotCategorical q) -> classes(p.logits(), q.logits(), from, to);
            case Pair(Multinomial p, Multinomial q) when p.draws() == q.draws() ->
                classes(p.logits(), q.logits(), from, to).mul(p.draws());
            case Pair(MultivariateNormal p, MultivariateNormal q) when p.eventShape().equals(q.eventShape()) ->
                multivariate(p, q);
            case Pair(Independent p, Independent q) when p.axes() == q.axes() ->
                Parameters.sumLast(between(p.base(), q.base()), p.axes());
            case Pair(Transformed p, Transformed q) when p.bijectors().equals(q.bijectors()) ->
                between(p.base(), q.base());
            case Pair(Distribution p, Normal q) when hasMoments(p) -> againstNormal(p, q);
            default -> throw ShapeException.of("kl", "not known in closed form")
                    .operand("from", name(from)).operand("to", name(to))
                    .expected("two distributions of one family, or an estimate from samples");
        };
    }

    private static String name(Distribution distribution) {
        return distribution.getClass().getSimpleName() + " of event " + distribution.eventShape();
    }

    private static boolean hasMoments(Distribution p) {
        return switch (p) {
            case Laplace _, Uniform _, Exponential _, Gamma _, Gumbel _, Beta _, HalfNormal _, LogNormal _, Weibull _ ->
                true;
            default -> false;
        };
    }

    /** The logarithm of a normal density is a parabola, so mean and variance are all that counts. */
    private static Tensor againstNormal(Distribution p, Normal q) {
        Tensor away = p.variance().add(p.mean().sub(q.location()).square());
        return away.div(q.variance()).mul(0.5).add(q.scale().log()).add(0.5 * Parameters.LN_2PI).sub(p.entropy());
    }

    /** {@code r - 1 - ln r}. */
    private static Tensor ofRatio(Tensor ratio) {
        return ratio.sub(1).sub(ratio.log());
    }

    private static Tensor normal(Normal p, Normal q) {
        Tensor shift = p.location().sub(q.location()).div(q.scale()).square();
        return ofRatio(p.scale().div(q.scale()).square()).add(shift).mul(0.5);
    }

    private static Tensor laplace(Laplace p, Laplace q) {
        Tensor ratio = p.scale().div(q.scale());
        Tensor distance = p.location().sub(q.location()).abs();
        return ratio.mul(distance.div(p.scale()).neg().exp()).add(distance.div(q.scale())).sub(ratio.log()).sub(1);
    }

    /** Chyzak and Nielsen 2019. */
    private static Tensor cauchy(Cauchy p, Cauchy q) {
        Tensor square = p.scale().add(q.scale()).square().add(p.location().sub(q.location()).square());
        return square.log().sub(p.scale().mul(q.scale()).mul(4).log());
    }

    private static Tensor gumbel(Gumbel p, Gumbel q) {
        Tensor ratio = p.scale().div(q.scale());
        Tensor shift = p.location().sub(q.location()).div(q.scale());
        return ratio.add(1).lgamma().sub(shift).exp().add(ratio.mul(Parameters.EULER)).add(shift).sub(ratio.log())
                .sub(1 + Parameters.EULER);
    }

    /** Bauckhage 2013. */
    private static Tensor weibull(Weibull p, Weibull q) {
        Tensor k = p.concentration();
        Tensor ratio = q.concentration().div(k);
        Tensor logScales = p.scale().log().sub(q.scale().log());
        Tensor moment = q.concentration().mul(logScales).add(ratio.add(1).lgamma()).exp();
        Tensor mean = ratio.rsub(1).mul(-Parameters.EULER).sub(q.concentration().mul(logScales));
        return mean.sub(ratio.log()).add(moment).sub(1);
    }

    private static Gamma gamma(Exponential p) {
        return new Gamma(Tensor.scalar(1, p.dtype()), p.rate());
    }

    private static Tensor gamma(Gamma p, Gamma q) {
        Tensor a = p.concentration();
        Tensor b = q.concentration();
        return b.mul(p.rate().div(q.rate()).log()).add(b.lgamma()).sub(a.lgamma()).add(a.sub(b).mul(a.digamma()))
                .add(q.rate().sub(p.rate()).mul(a.div(p.rate())));
    }

    private static Tensor beta(Beta p, Beta q) {
        Tensor first = p.a().sub(q.a());
        Tensor second = p.b().sub(q.b());
        return Parameters.logBeta(q.a(), q.b()).sub(Parameters.logBeta(p.a(), p.b()))
                .add(first.mul(p.a().digamma())).add(second.mul(p.b().digamma()))
                .sub(first.add(second).mul(p.a().add(p.b()).digamma()));
    }

    private static Tensor dirichlet(Dirichlet p, Dirichlet q) {
        Tensor a = p.concentration();
        Tensor b = q.concentration();
        Tensor sum = a.sum(Axes.keep(-1));
        Tensor each = b.lgamma().sub(a.lgamma()).add(a.sub(b).mul(a.digamma().sub(sum.digamma())));
        return each.sum(-1).add(a.sum(-1).lgamma()).sub(b.sum(-1).lgamma());
    }

    private static Tensor coin(Tensor p, Tensor q) {
        return Parameters.weighted(p.sigmoid(), p.logSigmoid().sub(q.logSigmoid()))
                .add(Parameters.weighted(p.neg().sigmoid(), p.neg().logSigmoid().sub(q.neg().logSigmoid())));
    }

    private static Tensor classes(Tensor p, Tensor q, Distribution from, Distribution to) {
        if (p.dim(-1) != q.dim(-1)) {
            throw ShapeException.of("kl", "other classes").operand("from", name(from)).operand("to", name(to))
                    .operand("logits", p.shape()).operand("other", q.shape()).expected("as many classes");
        }
        return Parameters.weighted(p.exp(), p.sub(q)).sum(-1);
    }

    private static Tensor multivariate(MultivariateNormal p, MultivariateNormal q) {
        Tensor shift = q.whitened(q.location().sub(p.location())).square().sum(-1);
        Tensor spread = Triangular.solveTriangular(q.root(), p.root(), Triangle.LOWER).square().sum(-2, -1);
        Tensor volumes = q.logDeterminant().sub(p.logDeterminant());
        return spread.add(shift).sub(p.location().dim(-1)).mul(0.5).add(volumes);
    }
}
