package io.adjoint.autodiff.check;

import java.util.Locale;

/**
 * A gradient and the central difference that it should equal are too far apart. The message is one line, and says all that
 * it takes to run the check again.
 */
public final class GradientMismatch extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final double analytic;
    private final double numeric;

    GradientMismatch(GradientCheck check, int order, String place, double analytic, double numeric, double allowed,
            double step) {
        super(String.format(Locale.ROOT,
                "gradient mismatch: %s: order %d, mode %s, seed %d, %s: analytic %s, numeric %s, difference %.3g, "
                        + "relative %.3g, ratio %.6g; allowed %.3g at step %.3g",
                check.label(), order, check.mode(), check.seed(), place, analytic, numeric,
                Math.abs(analytic - numeric), relative(analytic, numeric), analytic / numeric, allowed, step));
        this.analytic = analytic;
        this.numeric = numeric;
    }

    private static double relative(double analytic, double numeric) {
        return Math.abs(analytic - numeric) / Math.max(Math.abs(analytic), Math.abs(numeric));
    }

    /** The derivative that the gradient gives. */
    public double analytic() {
        return analytic;
    }

    /** The derivative that the differences give. */
    public double numeric() {
        return numeric;
    }
}
