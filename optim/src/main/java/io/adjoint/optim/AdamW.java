package io.adjoint.optim;

/**
 * {@link Adam} with decoupled decay (Loshchilov, Hutter 2019), by {@code torch.optim.AdamW}: the parameters shrink by
 * {@code learningRate decay p} at each step, whatever the gradients are.
 *
 * @param adam the rate, the decays and which mean of squares divides
 * @param decay 0.01 by default
 */
public record AdamW(Adam adam, WeightDecay decay) implements Recipe {
    /**
     * At a constant rate.
     *
     * @throws io.adjoint.autodiff.ShapeException if the rate is negative or not finite
     */
    public static AdamW of(double learningRate) {
        return of(LearningRate.constant("adam_w", learningRate));
    }

    /** With PyTorch's defaults. */
    public static AdamW of(Schedule learningRate) {
        return new AdamW(Adam.of(learningRate), new WeightDecay(0.01));
    }

    /** The same with other decays of the averages. */
    public AdamW withBetas(double first, double second) {
        return new AdamW(adam.withBetas(first, second), decay);
    }

    /** The same with other decays of the averages, of which the first changes. */
    public AdamW withBetas(Schedule first, double second) {
        return new AdamW(adam.withBetas(first, second), decay);
    }

    /** The same with another epsilon. */
    public AdamW withEpsilon(double value) {
        return new AdamW(adam.withEpsilon(value), decay);
    }

    /** The same as AMSGrad. */
    public AdamW withAmsgrad() {
        return new AdamW(adam.withAmsgrad(), decay);
    }

    /** The same with another decay of the parameters, which is decoupled here. */
    @Override
    public AdamW withWeightDecay(double rate) {
        return new AdamW(adam, new WeightDecay(rate));
    }

    @Override
    public Chain chain() {
        return Chain.of(adam.direction(), decay, new LearningRate(adam.learningRate()));
    }
}
