package io.adjoint.autodiff.op;

/**
 * Where an operation may be sampled so that its result is finite and its gradient smooth: an interval without its kinks.
 *
 * @param low  least value
 * @param high greatest value
 * @param distinct whether no two numbers of one sampler may be close: functions that compare have a kink at ties
 * @param kinks points that samples keep a distance from
 */
public record Domain(double low, double high, boolean distinct, double... kinks) {
    /** How far samples stay from a kink; far more than a central difference steps. */
    public static final double DISTANCE = 0.02;

    /** Moderate numbers of both signs. */
    public static final Domain REAL = new Domain(-3, 3);

    /** Numbers well above zero. */
    public static final Domain POSITIVE = new Domain(0.25, 3);

    /** Numbers well inside of (-1, 1). */
    public static final Domain UNIT = new Domain(-0.8, 0.8);

    /** Numbers well inside of (0, 1). */
    public static final Domain PROBABILITY = new Domain(0.15, 0.85);

    /** Numbers well above one. */
    public static final Domain ABOVE_ONE = new Domain(1.4, 3);

    /** Numbers of both signs, away from zero. */
    public static final Domain NONZERO = new Domain(-3, 3, 0);

    /** Moderate numbers of both signs, all different. */
    public static final Domain DISTINCT = new Domain(-3, 3, true);

    public Domain(double low, double high, double... kinks) {
        this(low, high, false, kinks);
    }

    /** Whether {@code x} lies inside and away from the kinks. */
    public boolean contains(double x) {
        for (double kink : kinks) {
            if (Math.abs(x - kink) < DISTANCE) {
                return false;
            }
        }
        return low <= x && x <= high;
    }

    /** Numbers of both signs, this far from every whole number and half. */
    static Domain betweenSteps() {
        double[] steps = new double[13];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = (i - 6) / 2.0;
        }
        return new Domain(-3, 3, steps);
    }
}
