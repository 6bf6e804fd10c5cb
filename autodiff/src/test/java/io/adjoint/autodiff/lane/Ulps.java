package io.adjoint.autodiff.lane;

/** Errors in units in the last place of the float that is nearest to the exact value. */
final class Ulps {
    private static final double BEYOND_FLOATS = 0x1p128;

    private Ulps() {}

    /** Infinite where NaN or the sign of an exact zero is wrong; infinity counts as the number after the last float. */
    static double error(float actual, double exact) {
        if (Double.isNaN(exact) || Float.isNaN(actual)) {
            return Double.isNaN(exact) && Float.isNaN(actual) ? 0 : Double.POSITIVE_INFINITY;
        }
        if (exact == 0 || Double.isInfinite(exact)) {
            return Double.compare(actual, exact) == 0 ? 0 : Double.POSITIVE_INFINITY;
        }
        double reached = Float.isInfinite(actual) ? Math.copySign(BEYOND_FLOATS, actual) : actual;
        double wanted = Math.clamp(exact, -BEYOND_FLOATS, BEYOND_FLOATS);
        double unit = Math.ulp((float) Math.clamp(exact, -Float.MAX_VALUE, Float.MAX_VALUE));
        return Math.abs(reached - wanted) / unit;
    }
}
