package io.adjoint.optim;

/**
 * {@link AdamW} whose step is as long as the parameter it changes, for very large batches (You et al. 2020):
 *
 * <pre>{@code
 * r = Adam's direction + decay p
 * p = p - learningRate |p| / |r| r      for each parameter, see TrustRatio
 * }</pre>
 *
 * @param adam the rate and the decays; epsilon is 1e-6 by default
 * @param decay of the parameters, 0 by default
 */
public record Lamb(Adam adam, WeightDecay decay) implements Recipe {
    /**
     * At a constant rate.
     *
     * @throws io.adjoint.autodiff.ShapeException if the rate is negative or not finite
     */
    public static Lamb of(double learningRate) {
        return of(LearningRate.constant("lamb", learningRate));
    }

    /** With the paper's defaults. */
    public static Lamb of(Schedule learningRate) {
        return new Lamb(Adam.of(learningRate).withEpsilon(1e-6), new WeightDecay(0));
    }

    /** The same with another decay of the parameters, which is decoupled here. */
    @Override
    public Lamb withWeightDecay(double rate) {
        return new Lamb(adam, new WeightDecay(rate));
    }

    @Override
    public Chain chain() {
        return Chain.of(adam.direction(), decay, new TrustRatio(1), new LearningRate(adam.learningRate()));
    }
}
