package io.adjoint.autodiff.function;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;

/** Losses that are logarithms of likelihoods, or divergences between distributions. */
public final class LikelihoodLosses {
    private LikelihoodLosses() {}

    /** Whether terms that do not depend on the prediction are part of the loss. */
    public enum Terms {
        /** Left out: they change no gradient by the prediction. */
        VARYING,
        /** All: the loss is the negative logarithm of the likelihood. */
        ALL
    }

    /** What an input stands for. */
    public enum Scale {
        /** The quantity itself. */
        PLAIN,
        /** Its natural logarithm. */
        LOGARITHM
    }

    /** The mean of {@link #klDivergence(Tensor, Tensor, Scale, Reduction)} from probabilities, an example. */
    public static Tensor klDivergence(Tensor logProbabilities, Tensor target) {
        return klDivergence(logProbabilities, target, Scale.PLAIN, Reduction.BATCH_MEAN);
    }

    /**
     * The terms {@code t (ln t - x)} of the Kullback-Leibler divergence from the predicted distribution {@code e^x} to the
     * target t, as {@code torch.nn.KLDivLoss}; 0 where t is 0. The divergence itself is their sum; {@link
     * Reduction#BATCH_MEAN} is its mean over the examples, {@link Reduction#MEAN} is not.
     *
     * @param logProbabilities of any shape
     * @param target of the same shape
     * @param scale whether the target is probabilities or their logarithms
     * @throws ShapeException if the shapes differ
     */
    public static Tensor klDivergence(Tensor logProbabilities, Tensor target, Scale scale, Reduction reduction) {
        LossRules.requireAlike("kl_divergence", "input", logProbabilities, target);
        return reduction.of(switch (scale) {
            case LOGARITHM -> target.exp().mul(target.sub(logProbabilities));
            case PLAIN -> target.mul(target.eq(0).where(1, target).log()).sub(target.mul(logProbabilities));
        });
    }

    /** The mean of {@link #poisson(Tensor, Tensor, Scale, Terms, double, Reduction)} from logarithms of rates. */
    public static Tensor poisson(Tensor logRate, Tensor target) {
        return poisson(logRate, target, Scale.LOGARITHM, Terms.VARYING, 1e-8, Reduction.MEAN);
    }

    /**
     * {@code rate - t ln rate}, the negative logarithm of the likelihood of counts t, as {@code torch.nn.PoissonNLLLoss};
     * with all terms, Stirling's {@code t ln t - t + ln(2 pi t) / 2} is added where t is above 1.
     *
     * @param rate of any shape, or its logarithm, by the scale
     * @param target counts, of the same shape
     * @param epsilon added to a plain rate before its logarithm
     * @throws ShapeException if the shapes differ
     */
    public static Tensor poisson(Tensor rate, Tensor target, Scale scale, Terms terms, double epsilon,
            Reduction reduction) {
        LossRules.requireAlike("poisson", "rate", rate, target);
        Tensor loss = switch (scale) {
            case LOGARITHM -> rate.exp().sub(target.mul(rate));
            case PLAIN -> rate.sub(target.mul(rate.add(epsilon).log()));
        };
        return reduction.of(switch (terms) {
            case VARYING -> loss;
            case ALL -> {
                Tensor isOne = target.le(1);
                Tensor t = isOne.where(2, target);
                Tensor stirling = t.mul(t.log()).sub(t).add(t.mul(2 * Math.PI).log().mul(0.5));
                yield loss.add(isOne.where(0, stirling));
            }
        });
    }

    /** The mean of {@link #gaussian(Tensor, Tensor, Tensor, Terms, double, Reduction)} without constant terms. */
    public static Tensor gaussian(Tensor mean, Tensor target, Tensor variance) {
        return gaussian(mean, target, variance, Terms.VARYING, 1e-6, Reduction.MEAN);
    }

    /**
     * {@code (ln v + (mean - t)^2 / v) / 2}, the negative logarithm of the likelihood of t, as {@code
     * torch.nn.GaussianNLLLoss}; with all terms, {@code ln(2 pi) / 2} is added. A variance below epsilon counts as epsilon,
     * with its own gradient.
     *
     * @param mean of any shape
     * @param target a shape that broadcasts with it
     * @param variance of the same shape as the mean, or with the last axis of extent 1, or without it
     * @param epsilon the least variance, 0 or more
     * @throws ShapeException if the shapes do not fit, or epsilon is negative or NaN
     */
    public static Tensor gaussian(Tensor mean, Tensor target, Tensor variance, Terms terms, double epsilon,
            Reduction reduction) {
        LossRules.requireFloat("gaussian", "mean", mean);
        LossRules.requireFloat("gaussian", "variance", variance);
        Shape.broadcast("gaussian", mean.shape(), target.shape());
        if (!(epsilon >= 0)) {
            throw ShapeException.of("gaussian", "not a least variance").operand("epsilon", epsilon)
                    .expected("0 or more");
        }
        Tensor v = LossRules.raised(perExample(mean.shape(), variance), epsilon);
        Tensor loss = v.log().add(mean.sub(target).square().div(v)).mul(0.5);
        return reduction.of(switch (terms) {
            case VARYING -> loss;
            case ALL -> loss.add(0.5 * StrictMath.log(2 * Math.PI));
        });
    }

    private static Tensor perExample(Shape mean, Tensor variance) {
        Shape given = variance.shape();
        if (given.equals(mean)) {
            return variance;
        }
        if (mean.rank() > 0) {
            Shape examples = Shape.of(Arrays.copyOf(mean.dims(), mean.rank() - 1));
            if (given.equals(examples)) {
                return variance.unsqueeze(-1);
            }
            if (given.equals(mean.with(-1, 1))) {
                return variance;
            }
        }
        throw ShapeException.of("gaussian", "the variance does not fit").operand("variance", given)
                .operand("mean", mean).expected("the mean's shape, or with its last axis 1 or left out");
    }
}
