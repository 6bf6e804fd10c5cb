package io.adjoint.nn;

/**
 * By how much a weight's deviation has to be greater so that signals keep theirs through the activation that follows: the
 * values of {@code torch.nn.init.calculate_gain}.
 */
public final class Gains {
    /** No activation, and convolution. */
    public static final double LINEAR = 1;

    /** The sigmoid. */
    public static final double SIGMOID = 1;

    /** The hyperbolic tangent. */
    public static final double TANH = 5.0 / 3;

    /** Half of the signal is lost: {@code sqrt 2}. */
    public static final double RELU = Math.sqrt(2);

    /** The self-normalising activation. */
    public static final double SELU = 0.75;

    private Gains() {}

    /** {@code sqrt(2 / (1 + slope^2))} of a leaky ReLU; PyTorch's own default of the slope is 0.01. */
    public static double leakyRelu(double slope) {
        return Math.sqrt(2 / (1 + slope * slope));
    }
}
