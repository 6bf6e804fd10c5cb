package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;

/**
 * Losses: how wrong predictions are, as a number to minimise. Without a {@link Reduction} each gives the mean. An input and
 * its target are of one shape: broadcasting them would compare each example with all others.
 */
public final class Losses {
    private Losses() {}

    /** The mean of {@link #crossEntropy(Tensor, Tensor, Reduction)} over the rows. */
    public static Tensor crossEntropy(Tensor logits, Tensor target) {
        return crossEntropy(logits, target, Reduction.MEAN);
    }

    /** {@link #crossEntropy(Tensor, Tensor, ClassOptions, Reduction)} without weights and smoothing. */
    public static Tensor crossEntropy(Tensor logits, Tensor target, Reduction reduction) {
        return crossEntropy(logits, target, ClassOptions.DEFAULT, reduction);
    }

    /**
     * Cross-entropy of a label, {@code -ln softmax(logits)[label]}, or of a distribution, {@code -sum t ln
     * softmax(logits)}, as {@code torch.nn.CrossEntropyLoss}. Softmax and logarithm are one operation, exact for logits of
     * any size. The mean is weighted: it divides by the sum of the weights of the labels that count (but of distributions by
     * their number).
     *
     * @param logits {@code [n, classes]}, {@code [n, classes, ...]} or {@code [classes]}, not yet probabilities
     * @param target I64 or I32 of the shape of the logits without the class axis, with values in {@code [0, classes)}; or
     *     floats of the shape of the logits, probabilities
     * @return the shape of the logits without the class axis, or a scalar, by the reduction
     * @throws ShapeException if shapes or dtypes do not fit, or a label is out of range
     */
    public static Tensor crossEntropy(Tensor logits, Tensor target, ClassOptions options, Reduction reduction) {
        boolean isPlain = options.equals(ClassOptions.DEFAULT) && logits.rank() == 2 && logits.dim(1) > 0
                && logits.dtype().isFloat()
                && target.dtype().isInteger() && target.shape().equals(Shape.of(logits.dim(0)));
        if (isPlain) {
            return ClassLoss.plain(logits, target.cast(DType.I64), options.ignored(), reduction);
        }
        LossRules.requireFloat("cross_entropy", "logits", logits);
        if (logits.rank() == 0) {
            throw ShapeException.of("cross_entropy", "no class axis").operand("logits", logits.shape())
                    .expected("[classes], [n, classes] or [n, classes, ...]");
        }
        ClassLoss loss = new ClassLoss("cross_entropy", logits.logSoftmax(ClassLoss.axis(logits)), options);
        return target.dtype().isInteger() ? loss.ofLabels(target, reduction) : loss.ofProbabilities(target, reduction);
    }

    /** The mean of {@link #negativeLogLikelihood(Tensor, Tensor, ClassOptions, Reduction)} without weights. */
    public static Tensor negativeLogLikelihood(Tensor logProbabilities, Tensor labels) {
        return negativeLogLikelihood(logProbabilities, labels, ClassOptions.DEFAULT, Reduction.MEAN);
    }

    /**
     * {@code -w[label] * logProbabilities[label]}, as {@code torch.nn.NLLLoss}: cross-entropy for a model that gives
     * logarithms of probabilities. Shapes and the weighted mean are as there.
     *
     * @throws ShapeException if shapes or dtypes do not fit, or a label is out of range
     */
    public static Tensor negativeLogLikelihood(Tensor logProbabilities, Tensor labels, ClassOptions options,
            Reduction reduction) {
        return new ClassLoss("negative_log_likelihood", logProbabilities, options).ofLabels(labels, reduction);
    }

    /** The mean of {@link #meanSquaredError(Tensor, Tensor, Reduction)} over all elements. */
    public static Tensor meanSquaredError(Tensor prediction, Tensor target) {
        return meanSquaredError(prediction, target, Reduction.MEAN);
    }

    /**
     * The squared error of each element, {@code (prediction - target)^2}, as {@code torch.nn.MSELoss}.
     *
     * @param prediction of any shape
     * @param target of the same shape: {@code [n]} does not stretch to {@code [n, 1]}, which would compare each with all
     * @return the shape of both, or a scalar, by the reduction
     * @throws ShapeException if the shapes differ
     */
    public static Tensor meanSquaredError(Tensor prediction, Tensor target, Reduction reduction) {
        LossRules.requireAlike("mean_squared_error", "prediction", prediction, target);
        return reduction.of(prediction.sub(target).square());
    }

    /** The mean of {@link #meanAbsoluteError(Tensor, Tensor, Reduction)} over all elements. */
    public static Tensor meanAbsoluteError(Tensor prediction, Tensor target) {
        return meanAbsoluteError(prediction, target, Reduction.MEAN);
    }

    /** The absolute error of each element, {@code |prediction - target|}, as {@code torch.nn.L1Loss}; gradient 0 where both are equal. */
    public static Tensor meanAbsoluteError(Tensor prediction, Tensor target, Reduction reduction) {
        LossRules.requireAlike("mean_absolute_error", "prediction", prediction, target);
        return reduction.of(prediction.sub(target).abs());
    }

    /** The mean of {@link #huber(Tensor, Tensor, double, Reduction)} with delta 1. */
    public static Tensor huber(Tensor prediction, Tensor target) {
        return huber(prediction, target, 1, Reduction.MEAN);
    }

    /**
     * {@code e^2 / 2} for errors {@code |e| < delta}, else {@code delta (|e| - delta / 2)}, as {@code torch.nn.HuberLoss}.
     *
     * @throws ShapeException if the shapes differ or delta is not above 0
     */
    public static Tensor huber(Tensor prediction, Tensor target, double delta, Reduction reduction) {
        LossRules.requireAlike("huber", "prediction", prediction, target);
        if (!(delta > 0)) {
            throw ShapeException.of("huber", "not a width").operand("delta", delta).expected("a number above 0");
        }
        Tensor error = prediction.sub(target);
        Tensor size = error.abs();
        return reduction.of(size.lt(delta).where(error.square().mul(0.5), size.sub(0.5 * delta).mul(delta)));
    }

    /** The mean of {@link #smoothL1(Tensor, Tensor, double, Reduction)} with beta 1. */
    public static Tensor smoothL1(Tensor prediction, Tensor target) {
        return smoothL1(prediction, target, 1, Reduction.MEAN);
    }

    /**
     * {@code e^2 / (2 beta)} for errors {@code |e| < beta}, else {@code |e| - beta / 2}, as {@code torch.nn.SmoothL1Loss};
     * with beta 0 the absolute error.
     *
     * @throws ShapeException if the shapes differ or beta is negative
     */
    public static Tensor smoothL1(Tensor prediction, Tensor target, double beta, Reduction reduction) {
        LossRules.requireAlike("smooth_l1", "prediction", prediction, target);
        if (!(beta >= 0)) {
            throw ShapeException.of("smooth_l1", "not a width").operand("beta", beta).expected("0 or more");
        }
        Tensor error = prediction.sub(target);
        Tensor size = error.abs();
        return reduction.of(beta == 0 ? size
                : size.lt(beta).where(error.square().mul(0.5 / beta), size.sub(0.5 * beta)));
    }

    /** The mean of {@link #logCosh(Tensor, Tensor, Reduction)} over all elements. */
    public static Tensor logCosh(Tensor prediction, Tensor target) {
        return logCosh(prediction, target, Reduction.MEAN);
    }

    /**
     * {@code ln cosh e} of the error {@code e = prediction - target}: about {@code e^2 / 2} for small errors and {@code |e| -
     * ln 2} for large ones, with the gradient {@code tanh e}; exact for errors of any size.
     *
     * @throws ShapeException if the shapes differ
     */
    public static Tensor logCosh(Tensor prediction, Tensor target, Reduction reduction) {
        LossRules.requireAlike("log_cosh", "prediction", prediction, target);
        Tensor error = prediction.sub(target);
        Tensor isSmall = error.abs().lt(1);
        // cosh e = 1 + 2 sinh^2(e / 2) keeps the digits of small errors, e + ln(1 + e^-2e) does not overflow
        Tensor small = isSmall.where(error, 0).mul(0.5).sinh().square().mul(2).log1p();
        Tensor large = error.add(error.mul(-2).softplus()).sub(StrictMath.log(2));
        return reduction.of(isSmall.where(small, large));
    }

    /** The mean of {@link #quantile(Tensor, Tensor, double, Reduction)} over all elements. */
    public static Tensor quantile(Tensor prediction, Tensor target, double level) {
        return quantile(prediction, target, level, Reduction.MEAN);
    }

    /**
     * The pinball loss, {@code level (t - x)} where the target t is above the prediction x, else {@code (1 - level) (x - t)}:
     * least when the prediction is the quantile of that level (Koenker, Bassett 1978). Its gradient is 0 where both are equal.
     *
     * @param prediction of any shape
     * @param target of the same shape
     * @param level of the quantile, 0 to 1: 0.5 for the median, where this is half the absolute error
     * @throws ShapeException if the shapes differ or the level is out of range
     */
    public static Tensor quantile(Tensor prediction, Tensor target, double level, Reduction reduction) {
        LossRules.requireAlike("quantile_loss", "prediction", prediction, target);
        if (!(level >= 0 && level <= 1)) {
            throw ShapeException.of("quantile_loss", "no such level").operand("level", level).expected("0 to 1");
        }
        Tensor above = target.sub(prediction);
        return reduction.of(above.relu().mul(level).add(above.neg().relu().mul(1 - level)));
    }
}
