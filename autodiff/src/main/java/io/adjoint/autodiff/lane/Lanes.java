package io.adjoint.autodiff.lane;

import io.adjoint.autodiff.DType;

/** The vocabulary in which the functions of this package are written. */
final class Lanes {
    private Lanes() {}

    /** A constant in F32. */
    static Lane f32(double value) {
        return Lane.constant(DType.F32, value);
    }

    /** A constant in I32. */
    static Lane i32(int value) {
        return Lane.constant(DType.I32, (long) value);
    }

    /** The smaller of x and the bound; NaN stays. A comparison is cheaper in vectors than MIN, which orders zeros. */
    static Lane atMost(Lane x, double bound) {
        Lane limit = Lane.constant(x.type(), bound);
        return limit.lt(x).select(limit, x);
    }

    /** The greater of x and the bound; NaN stays. */
    static Lane atLeast(Lane x, double bound) {
        return x.lt(bound).select(Lane.constant(x.type(), bound), x);
    }

    /** The nearest to x between two bounds; NaN stays. Neither comparison waits for the other one. */
    static Lane between(double low, Lane x, double high) {
        Lane limit = Lane.constant(x.type(), high);
        return limit.lt(x).select(limit, atLeast(x, low));
    }

    /** NaN where x is minus infinity, the product of which and of a gate that is closed is NaN; else the value. */
    static Lane orNaNAtMinusInfinity(Lane x, Lane value) {
        Lane limit = Lane.constant(x.type(), Double.NEGATIVE_INFINITY);
        return x.eq(limit).select(Lane.constant(x.type(), Double.NaN), value);
    }

    /** Horner's scheme in the dtype of {@code x}; the coefficient of the highest power comes first. */
    static Lane polynomial(Lane x, double... coefficients) {
        Lane sum = Lane.constant(x.type(), coefficients[0]);
        for (int i = 1; i < coefficients.length; i++) {
            sum = sum.fma(x, coefficients[i]);
        }
        return sum;
    }
}
