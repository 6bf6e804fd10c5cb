package io.adjoint.autodiff;

import io.adjoint.autodiff.op.Unary;

/**
 * Functions of one element: the methods of a {@link Tensor} that compute in each place by itself. Functions of floats take
 * BOOL and integers as F32. Of integers, abs, neg, sign and the like are integers, and the roundings give them as they are;
 * BOOL counts as I32, but has no negative.
 */
public sealed interface ElementwiseMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code -x}; derivative -1. */
    default Tensor neg() {
        return Unary.NEG.of(self());
    }

    /** {@code |x|}; derivative sign(x), 0 at 0. */
    default Tensor abs() {
        return Unary.ABS.of(self());
    }

    /** {@code x > 0 ? 1 : x < 0 ? -1 : 0}, and 0 for NaN; derivative 0. */
    default Tensor sign() {
        return Unary.SIGN.of(self());
    }

    /** {@code sqrt(x)}, NaN below 0; derivative {@code 1 / (2 sqrt(x))}. */
    default Tensor sqrt() {
        return Unary.SQRT.of(self());
    }

    /** {@code 1 / sqrt(x)}, infinite at 0, NaN below; derivative {@code -y^3 / 2}. */
    default Tensor rsqrt() {
        return Unary.RSQRT.of(self());
    }

    /** {@code 1 / x}; derivative {@code -1 / x^2}. */
    default Tensor reciprocal() {
        return Unary.RECIPROCAL.of(self());
    }

    /** {@code e^x}; derivative {@code e^x}. */
    default Tensor exp() {
        return Unary.EXP.of(self());
    }

    /** {@code e^x - 1}, exact near 0; derivative {@code e^x}. */
    default Tensor expm1() {
        return Unary.EXPM1.of(self());
    }

    /** {@code ln x}, NaN below 0, -inf at 0; derivative {@code 1 / x}. */
    default Tensor log() {
        return Unary.LOG.of(self());
    }

    /** {@code ln (1 + x)}, exact near 0; derivative {@code 1 / (1 + x)}. */
    default Tensor log1p() {
        return Unary.LOG1P.of(self());
    }

    /** {@code sin(x)} of radians; derivative cos(x). */
    default Tensor sin() {
        return Unary.SIN.of(self());
    }

    /** {@code cos(x)} of radians; derivative -sin(x). */
    default Tensor cos() {
        return Unary.COS.of(self());
    }

    /** {@code tanh(x)}; derivative {@code 1 - tanh(x)^2}. */
    default Tensor tanh() {
        return Unary.TANH.of(self());
    }

    /** {@code 2^x}; derivative {@code 2^x ln 2}. */
    default Tensor exp2() {
        return Unary.EXP2.of(self());
    }

    /** {@code log2(x)}, NaN below 0, -inf at 0; derivative {@code 1 / (x ln 2)}. */
    default Tensor log2() {
        return Unary.LOG2.of(self());
    }

    /** {@code log10(x)}, NaN below 0, -inf at 0; derivative {@code 1 / (x ln 10)}. */
    default Tensor log10() {
        return Unary.LOG10.of(self());
    }

    /** {@code tan(x)} of radians; derivative {@code 1 + y^2}. */
    default Tensor tan() {
        return Unary.TAN.of(self());
    }

    /** {@code arcsin(x)} in radians, NaN outside of [-1, 1]; derivative {@code 1 / sqrt(1 - x^2)}. */
    default Tensor asin() {
        return Unary.ASIN.of(self());
    }

    /** {@code arccos(x)} in radians, NaN outside of [-1, 1]; derivative {@code -1 / sqrt(1 - x^2)}. */
    default Tensor acos() {
        return Unary.ACOS.of(self());
    }

    /** {@code arctan(x)} in radians; derivative {@code 1 / (1 + x^2)}. */
    default Tensor atan() {
        return Unary.ATAN.of(self());
    }

    /** {@code (e^x - e^-x) / 2}; derivative cosh(x). */
    default Tensor sinh() {
        return Unary.SINH.of(self());
    }

    /** {@code (e^x + e^-x) / 2}; derivative sinh(x). */
    default Tensor cosh() {
        return Unary.COSH.of(self());
    }

    /** {@code arsinh(x)}, the inverse of sinh; derivative {@code 1 / sqrt(x^2 + 1)}. */
    default Tensor asinh() {
        return Unary.ASINH.of(self());
    }

    /** {@code arcosh(x)}, the inverse of cosh, NaN below 1; derivative {@code 1 / sqrt(x^2 - 1)}, infinite at 1. */
    default Tensor acosh() {
        return Unary.ACOSH.of(self());
    }

    /** {@code artanh(x)}, the inverse of tanh: infinite at -1 and 1, NaN outside; derivative {@code 1 / (1 - x^2)}. */
    default Tensor atanh() {
        return Unary.ATANH.of(self());
    }

    /** {@code pi / 180 x}; derivative pi / 180. */
    default Tensor deg2rad() {
        return self().floating().mul(Math.PI / 180);
    }

    /** {@code 180 / pi x}; derivative 180 / pi. */
    default Tensor rad2deg() {
        return self().floating().mul(180 / Math.PI);
    }

    /** {@code floor(x)}, the greatest whole number not above x; derivative 0. */
    default Tensor floor() {
        return Unary.FLOOR.of(self());
    }

    /** {@code ceil(x)}, the least whole number not below x; derivative 0. */
    default Tensor ceil() {
        return Unary.CEIL.of(self());
    }

    /** {@code round(x)}, the nearest whole number, halves to the even one; derivative 0. */
    default Tensor round() {
        return Unary.ROUND.of(self());
    }

    /**
     * {@code round(x 10^n) / 10^n}, to so many decimal places, halves to the even one; a negative n rounds to tens, hundreds
     * and so on. Derivative 0. Integers as F32, unless n is 0.
     */
    default Tensor round(int decimals) {
        if (decimals == 0) {
            return round();
        }
        double power = StrictMath.pow(10, Math.abs((double) decimals));
        Tensor x = self().floating();
        return decimals > 0 ? x.mul(power).round().div(power) : x.div(power).round().mul(power);
    }

    /** {@code x} without its fraction; derivative 0. */
    default Tensor trunc() {
        return Unary.TRUNC.of(self());
    }

    /** {@code x - trunc(x)}, the fraction with the sign of x, NaN at infinity; derivative 1. */
    default Tensor frac() {
        return self().sub(trunc());
    }

    /** {@code x * x}; derivative {@code 2 x}. */
    default Tensor square() {
        return self().mul(self());
    }

    /** {@code x} in storage of its own, row-major, which keeps no larger tensor alive; derivative 1. */
    default Tensor copy() {
        return Unary.COPY.of(self());
    }

    /** {@code isNaN ? 0 : x}, and infinities become the dtype's greatest and least number; derivative 1, 0 where x was replaced. */
    default Tensor nanToNum() {
        double most = dtype() == DType.F32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        return nanToNum(0, most, -most);
    }

    /** {@code isNaN ? nan : x}, and infinities become these two numbers; derivative 1, 0 where x was replaced. Integers stay. */
    default Tensor nanToNum(double nan, double positiveInfinity, double negativeInfinity) {
        if (!dtype().isFloat()) {
            return self();
        }
        Tensor below = self().eq(Double.NEGATIVE_INFINITY).where(negativeInfinity, self());
        Tensor above = self().eq(Double.POSITIVE_INFINITY).where(positiveInfinity, below);
        return self().isNaN().where(nan, above);
    }

    /** {@code min(max(x, low), high)}; derivative 1 from bound to bound, both included, else 0. Crossed bounds give high. */
    default Tensor clamp(double low, double high) {
        return clampMin(low).clampMax(high);
    }

    /**
     * {@code min(max(x, low), high)} with bounds that broadcast; NaN where one of the three is. The gradient goes to x from
     * bound to bound, both included, else to the bound that is taken.
     */
    default Tensor clamp(Tensor low, Tensor high) {
        return clampMin(low).clampMax(high);
    }

    /** {@code max(x, low)}; derivative 1 from the bound on, else 0. */
    default Tensor clampMin(double low) {
        return Double.isNaN(low) ? clampMin(self().alike(low)) : self().lt(low).where(low, self());
    }

    /** {@code max(x, low)}, NaN if either is; the gradient goes to x from the bound on, else to the bound. */
    default Tensor clampMin(Tensor low) {
        return self().ge(low).or(self().ne(self())).where(self(), low);
    }

    /** {@code min(x, high)}; derivative 1 up to the bound, else 0. */
    default Tensor clampMax(double high) {
        return Double.isNaN(high) ? clampMax(self().alike(high)) : self().gt(high).where(high, self());
    }

    /** {@code min(x, high)}, NaN if either is; the gradient goes to x up to the bound, else to the bound. */
    default Tensor clampMax(Tensor high) {
        return self().le(high).or(self().ne(self())).where(self(), high);
    }
}
