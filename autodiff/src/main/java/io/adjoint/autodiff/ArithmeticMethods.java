package io.adjoint.autodiff;

import io.adjoint.autodiff.op.Binary;

/**
 * Arithmetic and functions of two elements, after broadcasting: the methods of a {@link Tensor} that combine it with another
 * one, or with a number.
 *
 * <p>Two dtypes are promoted to the later one in the order of {@link DType}. Sums, products, maxima, remainders, powers and
 * rounded quotients of integers are integers (sums, products and powers modulo their width); BOOL counts as I32 in them.
 * The true quotient and all functions that are not whole of themselves take integers as F32. A Java number takes the dtype of
 * the tensor, see {@link Tensor}.
 */
public sealed interface ArithmeticMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code this + other}; derivatives 1, 1. */
    default Tensor add(Tensor other) {
        return Binary.ADD.of(self(), other);
    }

    /** As {@link #add(Tensor)} with a number. */
    default Tensor add(double other) {
        return add(self().alike(other));
    }

    /** {@code this - other}; derivatives 1, -1. */
    default Tensor sub(Tensor other) {
        return Binary.SUB.of(self(), other);
    }

    /** As {@link #sub(Tensor)} with a number. */
    default Tensor sub(double other) {
        return sub(self().alike(other));
    }

    /** {@code this + alpha other}; derivatives 1, alpha. */
    default Tensor add(Tensor other, double alpha) {
        return alpha == 1 ? add(other) : add(other.mul(alpha));
    }

    /** {@code this - alpha other}; derivatives 1, -alpha. */
    default Tensor sub(Tensor other, double alpha) {
        return alpha == 1 ? sub(other) : sub(other.mul(alpha));
    }

    /** {@code this + value left right}; derivatives 1, {@code value right}, {@code value left}. */
    default Tensor addcmul(Tensor left, Tensor right, double value) {
        return add(left.mul(right).mul(value));
    }

    /** {@code this + value left / right}; derivatives 1, {@code value / right}, {@code -value left / right^2}. */
    default Tensor addcdiv(Tensor left, Tensor right, double value) {
        return add(left.div(right).mul(value));
    }

    /** {@code this + weight (end - this)}, exactly the end where the weight is 1; derivatives {@code 1 - weight}, weight. */
    default Tensor lerp(Tensor end, double weight) {
        Tensor way = end.sub(self());
        return weight < 0.5 ? add(way.mul(weight)) : end.sub(way.mul(1 - weight));
    }

    /**
     * {@code this + weight (end - this)}, exactly the end where the weight is 1; derivatives {@code 1 - weight}, weight,
     * {@code end - this}. All three broadcast.
     */
    default Tensor lerp(Tensor end, Tensor weight) {
        Tensor way = end.sub(self());
        return weight.lt(0.5).where(add(way.mul(weight)), end.sub(way.mul(weight.rsub(1))));
    }

    /** {@code this * other}; derivatives other, this. */
    default Tensor mul(Tensor other) {
        return Binary.MUL.of(self(), other);
    }

    /** As {@link #mul(Tensor)} with a number. */
    default Tensor mul(double other) {
        return mul(self().alike(other));
    }

    /** {@code this / other}, in F32 for integers; derivatives {@code 1 / other}, {@code -this / other^2}. */
    default Tensor div(Tensor other) {
        return Binary.DIV.of(self(), other);
    }

    /** As {@link #div(Tensor)} with a number. */
    default Tensor div(double other) {
        return div(self().alike(other));
    }

    /**
     * {@code this / other} rounded to a whole number; derivative 0. Integers are divided exactly and stay integers.
     *
     * @throws ShapeException if an integer is divided by 0, or the shapes do not broadcast
     */
    default Tensor div(Tensor other, Rounding rounding) {
        return switch (rounding) {
            case TRUNC -> Binary.TRUNC_DIVIDE.of(self(), other);
            case FLOOR -> Binary.FLOOR_DIVIDE.of(self(), other);
        };
    }

    /** As {@link #div(Tensor, Rounding)} with a number. */
    default Tensor div(double other, Rounding rounding) {
        return div(self().alike(other), rounding);
    }

    /** {@code floor(this / other)}, see {@link #div(Tensor, Rounding)}; derivative 0. */
    default Tensor floorDivide(Tensor other) {
        return div(other, Rounding.FLOOR);
    }

    /** As {@link #floorDivide(Tensor)} with a number. */
    default Tensor floorDivide(double other) {
        return div(other, Rounding.FLOOR);
    }

    /**
     * {@code this - other floor(this / other)}, the rest of a division with the sign of the divisor; derivatives 1, {@code
     * -floor(this / other)}. Exact for integers.
     *
     * @throws ShapeException if an integer is divided by 0, or the shapes do not broadcast
     */
    default Tensor remainder(Tensor other) {
        return Binary.REMAINDER.of(self(), other);
    }

    /** As {@link #remainder(Tensor)} with a number. */
    default Tensor remainder(double other) {
        return remainder(self().alike(other));
    }

    /**
     * {@code this - other trunc(this / other)}, the rest of a division with the sign of the dividend, Java's {@code %};
     * derivatives 1, {@code -trunc(this / other)}. Exact.
     *
     * @throws ShapeException if an integer is divided by 0, or the shapes do not broadcast
     */
    default Tensor fmod(Tensor other) {
        return Binary.FMOD.of(self(), other);
    }

    /** As {@link #fmod(Tensor)} with a number. */
    default Tensor fmod(double other) {
        return fmod(self().alike(other));
    }

    /** {@code dividend / this}, in F32 for integers; derivative {@code -dividend / this^2}. */
    default Tensor rdiv(double dividend) {
        return self().alike(dividend).div(self());
    }

    /**
     * {@code this^other}; derivatives {@code other this^(other - 1)}, {@code this^other ln this}, both 0 where the other
     * factor is. Any number to the power of 0, and 1 to any power, is 1, even beside NaN; the power of a negative number
     * is NaN unless the exponent is whole. Integers are raised modulo their width; a negative exponent cuts the fraction
     * off, so that 2^-1 is 0 and (-1)^-1 is -1.
     */
    default Tensor pow(Tensor other) {
        return Binary.POW.of(self(), other);
    }

    /**
     * As {@link #pow(Tensor)} with a number; the powers of 2 and 3 are products, which is faster and at most one rounding away.
     *
     * @throws ShapeException if this holds integers and the exponent is negative and whole: cast to a float first
     */
    default Tensor pow(double other) {
        if (!dtype().isFloat() && other < 0 && other == Math.rint(other)) {
            throw ShapeException.of("pow", "an integer to a negative power").operand("input", spec())
                    .operand("exponent", other).expected("a float tensor, or an exponent of 0 or more");
        }
        if (other == 2) {
            return self().square();
        }
        return other == 3 ? self().square().mul(self()) : pow(self().alike(other));
    }

    /** {@code base^this}; derivative {@code base^this ln base}. */
    default Tensor rpow(double base) {
        return self().alike(base).pow(self());
    }

    /** {@code this^other} in F64 whatever the dtypes; derivatives as {@link #pow(Tensor)}. */
    default Tensor floatPower(Tensor other) {
        return self().cast(DType.F64).pow(other.cast(DType.F64));
    }

    /** As {@link #floatPower(Tensor)} with a number. */
    default Tensor floatPower(double other) {
        return self().cast(DType.F64).pow(other);
    }

    /** {@code max(this, other)}, NaN if either is; the gradient goes there, to equals half each. */
    default Tensor maximum(Tensor other) {
        return Binary.MAXIMUM.of(self(), other);
    }

    /** As {@link #maximum(Tensor)} with a number. */
    default Tensor maximum(double other) {
        return maximum(self().alike(other));
    }

    /** {@code min(this, other)}, NaN if either is; the gradient goes there, to equals half each. */
    default Tensor minimum(Tensor other) {
        return Binary.MINIMUM.of(self(), other);
    }

    /** As {@link #minimum(Tensor)} with a number. */
    default Tensor minimum(double other) {
        return minimum(self().alike(other));
    }

    /** {@code minuend - this}; derivative -1. */
    default Tensor rsub(double minuend) {
        return self().alike(minuend).sub(self());
    }

    /** {@code max(this, other)}, the other one if one is NaN; the gradient goes there, to this if they are equal. */
    default Tensor fmax(Tensor other) {
        return Binary.FMAX.of(self(), other);
    }

    /** {@code min(this, other)}, the other one if one is NaN; the gradient goes there, to this if they are equal. */
    default Tensor fmin(Tensor other) {
        return Binary.FMIN.of(self(), other);
    }

    /** {@code sqrt(this^2 + other^2)} without overflow in between; derivatives {@code this / y}, {@code other / y}. */
    default Tensor hypot(Tensor other) {
        return Binary.HYPOT.of(self(), other);
    }

    /** {@code atan2(this, x)}, the angle of the point (x, this) in (-pi, pi]; derivatives {@code x / r^2}, {@code -this / r^2}, NaN at the origin. */
    default Tensor atan2(Tensor x) {
        return Binary.ATAN2.of(self(), x);
    }

    /** {@code |this|} with the sign bit of the other, -0 too; derivative 1 or -1, 0 at 0; none by the other. */
    default Tensor copySign(Tensor sign) {
        return Binary.COPY_SIGN.of(self(), sign);
    }

    /** As {@link #copySign(Tensor)} with a number. */
    default Tensor copySign(double sign) {
        return copySign(Tensor.scalar(sign, self().floating().dtype()));
    }

    /** {@code ln(e^this + e^other)} without overflow; derivatives sigmoid(this - other), sigmoid(other - this). */
    default Tensor logAddExp(Tensor other) {
        return Binary.LOG_ADD_EXP.of(self(), other);
    }

    /** {@code log2(2^this + 2^other)} without overflow; derivatives as {@link #logAddExp} of the numbers times ln 2. */
    default Tensor logAddExp2(Tensor other) {
        return Binary.LOG_ADD_EXP2.of(self(), other);
    }

    /** {@code this ln other}, 0 where this is 0 unless the other is NaN; derivatives ln other (0 where this is 0 and the other at most 0), {@code this / other}. */
    default Tensor xlogy(Tensor other) {
        return Binary.XLOGY.of(self(), other);
    }

    /** As {@link #xlogy(Tensor)} with a number. */
    default Tensor xlogy(double other) {
        return xlogy(Tensor.scalar(other, self().floating().dtype()));
    }

    /** {@code this > 0 ? 1 : this == 0 ? values : 0}, the step function; NaN gives 0. The gradient goes to the values at 0. */
    default Tensor heaviside(Tensor values) {
        DType type = DType.promote(dtype(), values.dtype());
        return self().eq(0).where(values.cast(type), self().gt(0).cast(type));
    }
}
