package io.adjoint.autodiff.function;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * Cross-entropies that turn away from what is easy: each is scaled by {@code (1 - p)^focus}, where p is the probability of
 * the right answer (Lin, Goyal, Girshick, He, Dollar 2017). Focus 0 is plain cross-entropy.
 */
public final class FocalLosses {
    private FocalLosses() {}

    /** The mean of {@link #binary(Tensor, Tensor, double, double, Reduction)} with focus 2 and balance 0.25. */
    public static Tensor binary(Tensor logits, Tensor target) {
        return binary(logits, target, 2, 0.25, Reduction.MEAN);
    }

    /**
     * {@code b (1 - p)^focus} times the {@link BinaryLosses#crossEntropyWithLogits binary cross-entropy} of each logit x, with
     * {@code p = t s(x) + (1 - t) (1 - s(x))} and {@code b = t balance + (1 - t) (1 - balance)}.
     *
     * @param logits of any shape
     * @param target of the same shape, probabilities of yes
     * @param focus 0 or more
     * @param balance the share of yes, 0 to 1; 0.5 weighs both alike, and each by half
     * @return the shape of both, or a scalar, by the reduction
     * @throws ShapeException if the shapes differ, or focus or balance is out of range
     */
    public static Tensor binary(Tensor logits, Tensor target, double focus, double balance, Reduction reduction) {
        String name = "binary_focal";
        LossRules.requireAlike(name, "logits", logits, target);
        requireFocus(name, focus);
        if (!(balance >= 0 && balance <= 1)) {
            throw ShapeException.of(name, "not a share").operand("balance", balance).expected("0 to 1");
        }
        Tensor entropy = BinaryLosses.crossEntropyWithLogits(logits, target, BinaryLosses.Weights.NONE, Reduction.NONE);
        // 1 - p as a sum, which does not cancel
        Tensor wrong = target.mul(logits.neg().sigmoid()).add(target.rsub(1).mul(logits.sigmoid()));
        Tensor weight = target.mul(2 * balance - 1).add(1 - balance);
        return reduction.of(entropy.mul(factor(wrong, focus)).mul(weight));
    }

    /** The mean of {@link #classes(Tensor, Tensor, double, ClassOptions, Reduction)} with focus 2 and no weights. */
    public static Tensor classes(Tensor logits, Tensor labels) {
        return classes(logits, labels, 2, ClassOptions.DEFAULT, Reduction.MEAN);
    }

    /**
     * {@code -w[label] (1 - p)^focus ln p} of the label's probability p, that is, {@link Losses#crossEntropy(Tensor, Tensor,
     * ClassOptions, Reduction) cross-entropy} with every {@code ln p} scaled. Shapes, options and the weighted mean are as
     * there.
     *
     * @param logits {@code [n, classes]}, {@code [n, classes, ...]} or {@code [classes]}
     * @param labels I64 or I32 of the shape of the logits without the class axis
     * @param focus 0 or more
     * @throws ShapeException if shapes or dtypes do not fit, a label is out of range, or the focus is negative
     */
    public static Tensor classes(Tensor logits, Tensor labels, double focus, ClassOptions options,
            Reduction reduction) {
        String name = "focal";
        LossRules.requireFloat(name, "logits", logits);
        requireFocus(name, focus);
        if (logits.rank() == 0) {
            throw ShapeException.of(name, "no class axis").operand("logits", logits.shape())
                    .expected("[classes], [n, classes] or [n, classes, ...]");
        }
        Tensor logProbabilities = logits.logSoftmax(ClassLoss.axis(logits));
        Tensor scaled = logProbabilities.mul(factor(logProbabilities.expm1().neg(), focus));
        return new ClassLoss(name, scaled, options).ofLabels(labels, reduction);
    }

    /** {@code wrong^focus}; a probability that is exactly 0 has no slope, which a power below 1 would make infinite. */
    private static Tensor factor(Tensor wrong, double focus) {
        Tensor isZero = wrong.eq(0);
        return isZero.where(focus == 0 ? 1 : 0, isZero.where(1, wrong).pow(focus));
    }

    private static void requireFocus(String name, double focus) {
        if (!(focus >= 0)) {
            throw ShapeException.of(name, "a negative focus").operand("focus", focus).expected("0 or more");
        }
    }
}
