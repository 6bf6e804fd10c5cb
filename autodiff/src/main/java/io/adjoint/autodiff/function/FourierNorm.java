package io.adjoint.autodiff.function;

/** Which direction of a Fourier transform over n elements is divided, and by what. */
public enum FourierNorm {
    /** The way back, by n. */
    BACKWARD,
    /** Both, by the root of n, so that lengths are kept. */
    ORTHO,
    /** The way there, by n. */
    FORWARD;

    /** What a transform is multiplied by. */
    double factor(int n, boolean backward) {
        return switch (this) {
            case BACKWARD -> backward ? 1.0 / n : 1;
            case ORTHO -> 1 / Math.sqrt(n);
            case FORWARD -> backward ? 1 : 1.0 / n;
        };
    }
}
