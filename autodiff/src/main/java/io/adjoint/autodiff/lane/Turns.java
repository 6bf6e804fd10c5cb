package io.adjoint.autodiff.lane;

/** Sine and cosine of half turns, whose arguments are reduced exactly. */
final class Turns {
    private Turns() {}

    /** {@code sin(pi x)}: zero at whole numbers, NaN for infinity. */
    static double sin(double x) {
        double nearest = Math.rint(x);
        double sin = StrictMath.sin(Math.PI * (x - nearest));
        return nearest % 2 == 0 ? sin : -sin;
    }

    /** {@code cos(pi x)}: zero at halves, NaN for infinity. */
    static double cos(double x) {
        double nearest = Math.rint(x);
        double rest = Math.abs(x - nearest);
        double cos = rest > 0.25 ? StrictMath.sin(Math.PI * (0.5 - rest)) : StrictMath.cos(Math.PI * rest);
        return nearest % 2 == 0 ? cos : -cos;
    }
}
