package io.adjoint.autodiff.function;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Optional;

/** Losses of answers that are yes or no, each by itself. */
public final class BinaryLosses {
    /** Below this, PyTorch takes {@code p (1 - p)} for this in the gradient. */
    private static final double LEAST_VARIANCE = 1e-12;

    /** The least logarithm: no answer costs more than 100. */
    private static final double LEAST_LOGARITHM = -100;

    private BinaryLosses() {}

    /**
     * Weights of a binary loss.
     *
     * @param weight of each loss, a shape that stretches to the input's; empty for ones
     * @param positiveWeight of the part that stands for yes, a shape that stretches to the input's; empty for ones
     */
    public record Weights(Optional<Tensor> weight, Optional<Tensor> positiveWeight) {
        /** No weights. */
        public static final Weights NONE = new Weights(Optional.empty(), Optional.empty());

        /** With a weight of each loss. */
        public Weights withWeight(Tensor each) {
            return new Weights(Optional.of(each), positiveWeight);
        }

        /** With a weight of the part that stands for yes. */
        public Weights withPositiveWeight(Tensor yes) {
            return new Weights(weight, Optional.of(yes));
        }
    }

    /** The mean of {@link #crossEntropyWithLogits(Tensor, Tensor, Weights, Reduction)} without weights. */
    public static Tensor crossEntropyWithLogits(Tensor logits, Tensor target) {
        return crossEntropyWithLogits(logits, target, Weights.NONE, Reduction.MEAN);
    }

    /**
     * {@code -w (p t ln s(x) + (1 - t) ln (1 - s(x)))} with the sigmoid s and the weight p of yes, as {@code
     * torch.nn.BCEWithLogitsLoss}; exact for logits of any size.
     *
     * @param logits of any shape
     * @param target of the same shape, probabilities of yes; their range is not looked at, the data declare it
     * @return the shape of both, or a scalar, by the reduction
     * @throws ShapeException if the shapes differ, or a weight does not stretch to them
     */
    public static Tensor crossEntropyWithLogits(Tensor logits, Tensor target, Weights weights, Reduction reduction) {
        String name = "binary_cross_entropy_with_logits";
        LossRules.requireAlike(name, "logits", logits, target);
        require(name, weights, logits);
        // both parts are sums of positive terms, so nothing cancels; with exp and log apart it would overflow
        Tensor yes = target.mul(logits.neg().softplus());
        Tensor no = target.rsub(1).mul(logits.softplus());
        Tensor loss = weights.positiveWeight.map(yes::mul).orElse(yes).add(no);
        return reduction.of(weights.weight.map(loss::mul).orElse(loss));
    }

    /** The mean of {@link #crossEntropy(Tensor, Tensor, Weights, Reduction)} without weights. */
    public static Tensor crossEntropy(Tensor probabilities, Tensor target) {
        return crossEntropy(probabilities, target, Weights.NONE, Reduction.MEAN);
    }

    /**
     * {@code -w (t ln p + (1 - t) ln (1 - p))} where no logarithm counts as less than -100, as {@code torch.nn.BCELoss}. The
     * gradient by p is {@code w (p - t) / max(p (1 - p), 1e-12)}; by t at most 100 in size. Probabilities outside of [0, 1]
     * give NaN.
     *
     * @param probabilities of yes, of any shape; {@link #crossEntropyWithLogits} is more exact
     * @param target of the same shape, probabilities of yes; their range is not looked at, the data declare it
     * @param weights of which only {@code weight} may be given
     * @throws ShapeException if the shapes differ, or a weight does not stretch to them
     */
    public static Tensor crossEntropy(Tensor probabilities, Tensor target, Weights weights, Reduction reduction) {
        String name = "binary_cross_entropy";
        LossRules.requireAlike(name, "probabilities", probabilities, target);
        require(name, weights, probabilities);
        if (weights.positiveWeight.isPresent()) {
            throw ShapeException.of(name, "a weight of yes").operand("weight", weights.positiveWeight.get().shape())
                    .expected("none; binary_cross_entropy_with_logits takes one");
        }
        Tensor loss = unweighted(probabilities, target);
        return reduction.of(weights.weight.map(loss::mul).orElse(loss));
    }

    private static Tensor unweighted(Tensor p, Tensor t) {
        Tensor atEnd = p.mul(p.rsub(1)).lt(LEAST_VARIANCE).and(p.ge(0)).and(p.le(1));
        Tensor inner = atEnd.where(0.5, p);
        Tensor between = t.mul(inner.log()).add(t.rsub(1).mul(inner.neg().log1p())).neg();
        // at the ends of [0, 1]: the value is of the clamped logarithms, the slope that of a parabola
        Tensor end = p.detached();
        Tensor value = t.mul(end.log().maximum(LEAST_LOGARITHM))
                .add(t.rsub(1).mul(end.neg().log1p().maximum(LEAST_LOGARITHM))).neg();
        Tensor parabola = p.mul(p.mul(0.5).sub(t.detached())).div(LEAST_VARIANCE);
        return atEnd.where(value.add(parabola.sub(parabola.detached())), between);
    }

    private static void require(String name, Weights weights, Tensor input) {
        weights.weight.ifPresent(weight -> LossRules.requireStretches(name, "weight", weight, input.shape()));
        weights.positiveWeight
                .ifPresent(weight -> LossRules.requireStretches(name, "positive weight", weight, input.shape()));
    }

    /** The mean of {@link #softMargin(Tensor, Tensor, Reduction)}. */
    public static Tensor softMargin(Tensor input, Tensor target) {
        return softMargin(input, target, Reduction.MEAN);
    }

    /** {@code ln (1 + e^(-t x))} for targets of 1 and -1, as {@code torch.nn.SoftMarginLoss}. */
    public static Tensor softMargin(Tensor input, Tensor target, Reduction reduction) {
        LossRules.requireAlike("soft_margin", "input", input, target);
        return reduction.of(target.mul(input).neg().softplus());
    }

    /** The mean of {@link #multiLabelSoftMargin(Tensor, Tensor, Weights, Reduction)} without weights. */
    public static Tensor multiLabelSoftMargin(Tensor logits, Tensor target) {
        return multiLabelSoftMargin(logits, target, Weights.NONE, Reduction.MEAN);
    }

    /**
     * The mean over the last axis of {@link #crossEntropyWithLogits}, as {@code torch.nn.MultiLabelSoftMarginLoss}: each
     * example has any number of the classes.
     *
     * @param logits {@code [..., classes]}
     * @return the shape without the last axis, or a scalar, by the reduction
     */
    public static Tensor multiLabelSoftMargin(Tensor logits, Tensor target, Weights weights, Reduction reduction) {
        if (logits.rank() == 0) {
            throw ShapeException.of("multi_label_soft_margin", "no class axis").operand("logits", logits.shape())
                    .expected("[..., classes]");
        }
        return reduction.of(crossEntropyWithLogits(logits, target, weights, Reduction.NONE).mean(-1));
    }
}
