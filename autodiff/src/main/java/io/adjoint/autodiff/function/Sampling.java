package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.BinomialCounts;
import io.adjoint.autodiff.op.PoissonCounts;
import io.adjoint.autodiff.op.Uniform;
import java.util.Arrays;

/**
 * Random numbers of other distributions than {@link Rng} itself gives, and dropout. Each result is a function of the key and
 * the arguments alone: the same bits on every machine and at any number of threads, so two calls with one key give the same
 * numbers; {@link Rng#stream} gives keys that are independent.
 */
public final class Sampling {
    private Sampling() {}

    /** Whether what was drawn can be drawn again. */
    public enum Replacement {
        /** Draws are independent. */
        WITH,
        /** Each index is drawn once at most. */
        WITHOUT
    }

    /**
     * Numbers spread evenly over [low, high); F32 or F64.
     *
     * @throws ShapeException unless {@code low <= high}, both finite
     */
    public static Tensor uniform(Rng rng, Shape shape, DType dtype, double low, double high) {
        if (!(low <= high) || Double.isInfinite(low) || Double.isInfinite(high)) {
            throw ShapeException.of("uniform", "not an interval").operand("low", low).operand("high", high)
                    .expected("low <= high");
        }
        return rng.uniform(shape, dtype).mul(high - low).add(low);
    }

    /**
     * Numbers of the normal distribution; F32 or F64.
     *
     * @throws ShapeException if the deviation is negative
     */
    public static Tensor normal(Rng rng, Shape shape, DType dtype, double mean, double deviation) {
        if (!(deviation >= 0)) {
            throw ShapeException.of("normal", "not a deviation").operand("deviation", deviation).expected("0 or more");
        }
        return rng.normal(shape, dtype).mul(deviation).add(mean);
    }

    /**
     * Numbers x with density {@code rate e^(-rate x)}: {@code -ln(1 - u) / rate}; F32 or F64.
     *
     * @throws ShapeException if the rate is not above 0
     */
    public static Tensor exponential(Rng rng, Shape shape, DType dtype, double rate) {
        if (!(rate > 0)) {
            throw ShapeException.of("exponential", "not a rate").operand("rate", rate).expected("a number above 0");
        }
        return rng.uniform(shape, dtype).neg().log1p().neg().div(rate);
    }

    /**
     * I64: whole numbers in [low, high), each as likely as the others up to one in 2^53.
     *
     * @throws ShapeException unless {@code low < high} and they are at most 2^53 apart
     */
    public static Tensor integers(Rng rng, Shape shape, long low, long high) {
        double width = (double) high - low;
        if (low >= high || width > 0x1p53) {
            throw ShapeException.of("integers", "not a range").operand("low", low).operand("high", high)
                    .expected("low < high, at most 2^53 apart");
        }
        long[] numbers = rng.uniform(shape, DType.F64).mul(width).floor().cast(DType.I64).toLongs();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] += low;
        }
        return Tensor.of(numbers, shape);
    }

    /**
     * BOOL: true in each place with the probability that stands there, of the probabilities' shape; {@code 0 to 1}, read on the
     * host.
     *
     * @throws ShapeException if one is no probability; NaN is none
     */
    public static Tensor bernoulli(Rng rng, Tensor probabilities) {
        LossRules.requireFloat("bernoulli", "probabilities", probabilities);
        for (double probability : probabilities.detached().cast(DType.F64).toDoubles()) {
            requireProbability("bernoulli", probability);
        }
        return rng.uniform(probabilities.shape(), DType.F64).lt(probabilities.detached());
    }

    /**
     * I64: a Poisson distributed count for each mean, of the shape of the means, without a gradient; -1 for what is no mean (a
     * negative number, NaN, infinity). Hoermann, "The transformed rejection method", 1993.
     *
     * @throws ShapeException if the means are no floats
     */
    public static Tensor poisson(Rng rng, Tensor means) {
        return new PoissonCounts().apply(rng.key(), means.detached());
    }

    /**
     * I64: a number of successes for each number of trials and chance of success, which broadcast, without a gradient; -1 where
     * the trials are no whole number from 0 or the chance is none. Hoermann 1993.
     *
     * @param trials floats that are whole numbers
     * @throws ShapeException if one has no floats, or the shapes do not broadcast
     */
    public static Tensor binomial(Rng rng, Tensor trials, Tensor chances) {
        return new BinomialCounts().apply(rng.key(), trials.detached(), chances.detached());
    }

    /**
     * I64: an index along the last axis for each row, with probability {@code softmax(row)[index]}. The greatest of the
     * logits plus Gumbel noise (Gumbel 1954; "Gumbel-max"). The logits are read on the host.
     *
     * @param logits {@code [..., classes]}, not normalised, below infinity; {@code -Infinity} for what is never chosen
     * @throws ShapeException if a row has no finite logit, NaN or {@code +Infinity}
     */
    public static Tensor categorical(Rng rng, Tensor logits) {
        LossRules.requireFloat("categorical", "logits", logits);
        if (logits.rank() == 0 || logits.dim(-1) == 0) {
            throw ShapeException.of("categorical", "no classes").operand("logits", logits.shape())
                    .expected("[..., classes] with a class or more");
        }
        Tensor scores = logits.detached().cast(DType.F64);
        requireLogits(scores.toDoubles(), logits.dim(-1));
        return choice(rng, scores);
    }

    private static Tensor choice(Rng rng, Tensor logits) {
        return logits.add(gumbel(rng, logits.shape())).argmax(-1);
    }

    private static void requireLogits(double[] logits, int classes) {
        for (int row = 0; row < logits.length / classes; row++) {
            double greatest = Double.NEGATIVE_INFINITY;
            for (int i = row * classes; i < (row + 1) * classes; i++) {
                greatest = Math.max(greatest, logits[i]);
            }
            // Math.max keeps a NaN
            if (!Double.isFinite(greatest)) {
                throw ShapeException.of("categorical", "no distribution").operand("greatest logit", greatest)
                        .operand("in row", row).expected("a finite greatest logit in each row");
            }
        }
    }

    private static Tensor gumbel(Rng rng, Shape shape) {
        // 1 - u is above 0, so its logarithm is finite
        return rng.uniform(shape, DType.F64).neg().log1p().neg().log().neg();
    }

    /**
     * I64: so many indices along the last axis for each row, with probabilities in proportion to the weights, as {@code
     * torch.multinomial}.
     *
     * @param weights {@code [classes]} or {@code [n, classes]}, 0 or more, not all 0
     * @return {@code [count]} or {@code [n, count]}
     * @throws ShapeException if the shapes do not fit, a weight is negative or not finite, or a row has fewer weights above 0
     *     than draws ask for
     */
    public static Tensor multinomial(Rng rng, Tensor weights, int count, Replacement replacement) {
        LossRules.requireFloat("multinomial", "weights", weights);
        if (weights.rank() < 1 || weights.rank() > 2 || count < 0 || count > 1 << 24) {
            throw ShapeException.of("multinomial", "nothing to draw from").operand("weights", weights.shape())
                    .operand("count", count).expected("[classes] or [n, classes], and a count of 0 or more");
        }
        int classes = weights.dim(-1);
        Tensor rows = weights.detached().cast(DType.F64).reshape(Shape.of(weights.rank() == 1 ? 1 : weights.dim(0),
                classes));
        requireWeights(rows, switch (replacement) {
            case WITH -> Math.min(1, count);
            case WITHOUT -> count;
        });
        int n = rows.dim(0);
        Tensor drawn = count == 0 || n == 0 ? Tensor.zeros(Shape.of(n, count), DType.I64)
                : switch (replacement) {
                    case WITH -> choice(rng, rows.log().unsqueeze(1).expand(Shape.of(n, count, classes)));
                    case WITHOUT -> rows.log().add(gumbel(rng, rows.shape())).topk(count, 1).places();
                };
        return weights.rank() == 1 ? drawn.squeeze(0) : drawn;
    }

    private static void requireWeights(Tensor rows, int needed) {
        double[] values = rows.toDoubles();
        int classes = rows.dim(1);
        for (int row = 0; row < rows.dim(0); row++) {
            int positive = 0;
            for (int i = row * classes; i < (row + 1) * classes; i++) {
                if (!(values[i] >= 0) || Double.isInfinite(values[i])) {
                    throw ShapeException.of("multinomial", "not a weight").operand("weight", values[i])
                            .operand("in row", row).expected("finite numbers, 0 or more");
                }
                positive += values[i] > 0 ? 1 : 0;
            }
            if (positive < needed) {
                throw ShapeException.of("multinomial", "too few to draw from").operand("above 0", positive)
                        .operand("in row", row).expected(needed + " weights above 0 or more");
            }
        }
    }

    /**
     * Each element zeroed with this probability, the others divided by {@code 1 - probability}, as {@code
     * torch.nn.functional.dropout} in training. Srivastava et al., "Dropout", JMLR 2014.
     *
     * @throws ShapeException if it is no probability
     */
    public static Tensor dropout(Tensor x, double probability, Rng rng) {
        return dropout(x, probability, rng.key());
    }

    /**
     * As {@link #dropout(Tensor, double, Rng)}, with the key in a tensor, where a layer keeps it.
     *
     * @param key I64 {@code [seed, stream]}
     */
    public static Tensor dropout(Tensor x, double probability, Tensor key) {
        return scaled("dropout", x, x.shape(), probability, key);
    }

    /**
     * Whole channels zeroed: as {@link #dropout(Tensor, double, Rng)}, with one draw for each example and channel, as {@code
     * torch.nn.functional.dropout2d}. Tompson et al., "Efficient object localization using convolutional networks", CVPR 2015.
     *
     * @param x {@code [n, channels, ...]}
     * @throws ShapeException if there are fewer than two axes, or it is no probability
     */
    public static Tensor featureDropout(Tensor x, double probability, Rng rng) {
        return featureDropout(x, probability, rng.key());
    }

    /**
     * As {@link #featureDropout(Tensor, double, Rng)}, with the key in a tensor.
     *
     * @param key I64 {@code [seed, stream]}
     */
    public static Tensor featureDropout(Tensor x, double probability, Tensor key) {
        return scaled("feature_dropout", x, channels("feature_dropout", x), probability, key);
    }

    private static Shape channels(String name, Tensor x) {
        if (x.rank() < 2) {
            throw ShapeException.of(name, "no channels").operand("input", x.shape()).expected("[n, channels, ...]");
        }
        int[] dims = x.shape().dims();
        Arrays.fill(dims, 2, dims.length, 1);
        return Shape.of(dims);
    }

    private static Tensor scaled(String name, Tensor x, Shape draws, double probability, Tensor key) {
        requireProbability(name, x, probability);
        if (probability == 1) {
            return x.mul(0);
        }
        return x.mul(kept(draws, probability, key).cast(x.dtype()).mul(1 / (1 - probability)));
    }

    /**
     * Dropout that keeps mean and variance of activations of SELU: dropped elements become its limit {@code -1.758}, then all
     * are scaled and shifted, as {@code torch.nn.functional.alpha_dropout}. Klambauer et al., "Self-normalizing neural
     * networks", NeurIPS 2017.
     *
     * @throws ShapeException if it is no probability
     */
    public static Tensor alphaDropout(Tensor x, double probability, Rng rng) {
        return alphaDropout(x, probability, rng.key());
    }

    /**
     * As {@link #alphaDropout(Tensor, double, Rng)}, with the key in a tensor.
     *
     * @param key I64 {@code [seed, stream]}
     */
    public static Tensor alphaDropout(Tensor x, double probability, Tensor key) {
        return alpha("alpha_dropout", x, x.shape(), probability, key);
    }

    /**
     * Whole channels dropped as {@link #alphaDropout(Tensor, double, Rng)} drops elements, as {@code
     * torch.nn.functional.feature_alpha_dropout}.
     *
     * @param x {@code [n, channels, ...]}
     * @param key I64 {@code [seed, stream]}
     * @throws ShapeException if there are fewer than two axes, or it is no probability
     */
    public static Tensor featureAlphaDropout(Tensor x, double probability, Tensor key) {
        return alpha("feature_alpha_dropout", x, channels("feature_alpha_dropout", x), probability, key);
    }

    private static Tensor alpha(String name, Tensor x, Shape draws, double probability, Tensor key) {
        requireProbability(name, x, probability);
        if (probability == 1) {
            return x.mul(0);
        }
        double limit = -1.7580993408473766;
        double scale = 1 / Math.sqrt((1 - probability) * (1 + probability * limit * limit));
        Tensor dropped = kept(draws, probability, key).where(x, limit);
        return dropped.mul(scale).sub(scale * probability * limit);
    }

    private static Tensor kept(Shape shape, double probability, Tensor key) {
        return new Uniform(shape, DType.F32).apply(key).ge(probability);
    }

    private static void requireProbability(String name, Tensor x, double probability) {
        LossRules.requireFloat(name, "input", x);
        requireProbability(name, probability);
    }

    private static void requireProbability(String name, double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw ShapeException.of(name, "not a probability").operand("probability", probability).expected("0 to 1");
        }
    }
}
