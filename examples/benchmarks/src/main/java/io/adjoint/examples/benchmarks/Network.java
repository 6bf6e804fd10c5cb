package io.adjoint.examples.benchmarks;

import java.util.Arrays;
import java.util.SequencedMap;

/**
 * A network with its batch and its optimizer. Each system writes the forward pass itself; the loss is the mean cross-entropy
 * of the logits.
 */
sealed interface Network permits Mlp, LeNet5, ResNet, Lstm, Gpt {
    /** What parameters are improved by, with a learning rate that is felt within a few steps. */
    enum Optimization {
        /** Gradient descent with momentum. */
        SGD(0.05, 0),
        /** Adam (Kingma, Ba 2015). */
        ADAM(2e-3, 0),
        /** Adam with decoupled weight decay (Loshchilov, Hutter 2019). */
        ADAMW(1e-3, 1e-2);

        static final double MOMENTUM = 0.9;
        static final double FIRST_DECAY = 0.9;
        static final double SECOND_DECAY = 0.999;
        static final double EPSILON = 1e-8;
        private final double rate;
        private final double decay;

        Optimization(double rate, double decay) {
            this.rate = rate;
            this.decay = decay;
        }

        double rate() {
            return rate;
        }

        double decay() {
            return decay;
        }
    }

    String name();

    /** First values by name, in order. */
    SequencedMap<String, Values> parameters();

    /** The class of each example or place. */
    long[] labels();

    default Optimization optimization() {
        return Optimization.SGD;
    }

    /** The weight {@code [out, in, ...]} and the bias of a layer, spread as PyTorch's defaults. */
    static void layer(SequencedMap<String, Values> parameters, String name, int... shape) {
        weight(parameters, name, shape);
        parameters.put(name + ".bias", Values.uniform(name + ".bias", bound(shape), shape[0]));
    }

    /** The weight of a layer without bias. */
    static void weight(SequencedMap<String, Values> parameters, String name, int... shape) {
        parameters.put(name + ".weight", Values.uniform(name + ".weight", bound(shape), shape));
    }

    /** Scale and shift of a normalisation. */
    static void affine(SequencedMap<String, Values> parameters, String name, int width) {
        parameters.put(name + ".scale", Values.full(1, width));
        parameters.put(name + ".shift", Values.full(0, width));
    }

    private static double bound(int[] shape) {
        return 1 / Math.sqrt(Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact));
    }
}
