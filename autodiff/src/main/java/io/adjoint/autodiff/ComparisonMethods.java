package io.adjoint.autodiff;

import io.adjoint.autodiff.op.Binary;
import io.adjoint.autodiff.op.Cast;
import io.adjoint.autodiff.op.Comparison;
import io.adjoint.autodiff.op.Unary;
import io.adjoint.autodiff.op.Where;

/**
 * Comparisons, logic, and choices by what they find: the methods of a {@link Tensor} whose condition or result is BOOL, after
 * broadcasting. Two dtypes are promoted before they are compared; BOOL counts as 0 and 1. A NaN is equal to nothing, and
 * neither less nor greater.
 */
public sealed interface ComparisonMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code this == other}, as BOOL; NaN is equal to nothing. */
    default Tensor eq(Tensor other) {
        return Comparison.EQ.of(self(), other);
    }

    /** As {@link #eq(Tensor)} with a number. */
    default Tensor eq(double other) {
        return eq(self().alike(other));
    }

    /** {@code this != other}, as BOOL; NaN differs from everything. */
    default Tensor ne(Tensor other) {
        return Comparison.NE.of(self(), other);
    }

    /** As {@link #ne(Tensor)} with a number. */
    default Tensor ne(double other) {
        return ne(self().alike(other));
    }

    /** {@code this < other}, as BOOL; false beside NaN. */
    default Tensor lt(Tensor other) {
        return Comparison.LT.of(self(), other);
    }

    /** As {@link #lt(Tensor)} with a number. */
    default Tensor lt(double other) {
        return lt(self().alike(other));
    }

    /** {@code this <= other}, as BOOL; false beside NaN. */
    default Tensor le(Tensor other) {
        return Comparison.LE.of(self(), other);
    }

    /** As {@link #le(Tensor)} with a number. */
    default Tensor le(double other) {
        return le(self().alike(other));
    }

    /** {@code this > other}, as BOOL; false beside NaN. */
    default Tensor gt(Tensor other) {
        return Comparison.GT.of(self(), other);
    }

    /** As {@link #gt(Tensor)} with a number. */
    default Tensor gt(double other) {
        return gt(self().alike(other));
    }

    /** {@code this >= other}, as BOOL; false beside NaN. */
    default Tensor ge(Tensor other) {
        return Comparison.GE.of(self(), other);
    }

    /** As {@link #ge(Tensor)} with a number. */
    default Tensor ge(double other) {
        return ge(self().alike(other));
    }

    /** {@code this && other} of BOOL tensors. */
    default Tensor and(Tensor other) {
        return Binary.AND.of(self(), other);
    }

    /** {@code this || other} of BOOL tensors. */
    default Tensor or(Tensor other) {
        return Binary.OR.of(self(), other);
    }

    /** {@code this ^ other} of BOOL tensors. */
    default Tensor xor(Tensor other) {
        return Binary.XOR.of(self(), other);
    }

    /** {@code !this} of a BOOL tensor. */
    default Tensor not() {
        return Unary.NOT.of(self());
    }

    /** {@code this && other}, numbers counting as true where they are not 0: NaN is true. */
    default Tensor logicalAnd(Tensor other) {
        return cast(DType.BOOL).and(other.cast(DType.BOOL));
    }

    /** {@code this || other}, numbers counting as true where they are not 0. */
    default Tensor logicalOr(Tensor other) {
        return cast(DType.BOOL).or(other.cast(DType.BOOL));
    }

    /** {@code this != other} of truth values, numbers counting as true where they are not 0. */
    default Tensor logicalXor(Tensor other) {
        return cast(DType.BOOL).xor(other.cast(DType.BOOL));
    }

    /** {@code !this}: true where the element is 0 or false. */
    default Tensor logicalNot() {
        return cast(DType.BOOL).not();
    }

    /** {@code x != x}, as BOOL: where x is NaN. */
    default Tensor isNaN() {
        return Unary.IS_NAN.of(self());
    }

    /** {@code |x| == infinity}, as BOOL. */
    default Tensor isInf() {
        return Unary.IS_INF.of(self());
    }

    /** {@code |x| < infinity}, as BOOL: where x is neither infinite nor NaN. */
    default Tensor isFinite() {
        return Unary.IS_FINITE.of(self());
    }

    /** {@code |this - other| <= 1e-8 + 1e-5 |other|}, as BOOL, see {@link #isClose(Tensor, double, double)}. */
    default Tensor isClose(Tensor other) {
        return isClose(other, 1e-5, 1e-8);
    }

    /**
     * {@code |this - other| <= absolute + relative |other|}, as BOOL, or both are equal, infinities too; a NaN is close to
     * nothing. Integers are compared as F64.
     *
     * @param relative tolerance in units of the other's magnitude
     * @param absolute tolerance
     * @throws ShapeException if a tolerance is negative or NaN, or the shapes do not broadcast
     */
    default Tensor isClose(Tensor other, double relative, double absolute) {
        if (!(relative >= 0 && absolute >= 0)) {
            throw ShapeException.of("is_close", "not a tolerance").operand("relative", relative)
                    .operand("absolute", absolute).expected("0 or more");
        }
        boolean floats = dtype().isFloat() && other.dtype().isFloat();
        Tensor a = floats ? self() : cast(DType.F64);
        Tensor b = floats ? other : other.cast(DType.F64);
        Tensor difference = a.sub(b).abs();
        Tensor near = difference.le(b.abs().mul(relative).add(absolute)).and(difference.isFinite());
        return near.or(a.eq(b));
    }

    /** {@code |this - other| <= absolute + relative |other|}, as BOOL, or both are equal or NaN. */
    default Tensor isCloseOrBothNaN(Tensor other, double relative, double absolute) {
        return isClose(other, relative, absolute).or(isNaN().and(other.isNaN()));
    }

    /**
     * {@code this ? yes : no} of a BOOL tensor; all three broadcast, and the two are
     * promoted to one dtype. The gradient goes to the side that was taken.
     *
     * @throws ShapeException if this is not BOOL or the shapes do not broadcast
     */
    default Tensor where(Tensor yes, Tensor no) {
        return new Where().apply(self(), yes, no);
    }

    /** {@code this ? yes : no} with a number. */
    default Tensor where(Tensor yes, double no) {
        return where(yes, yes.alike(no));
    }

    /** {@code this ? yes : no} with a number. */
    default Tensor where(double yes, Tensor no) {
        return where(no.alike(yes), no);
    }

    /** {@code this ? yes : no} with two numbers, as F32. */
    default Tensor where(double yes, double no) {
        return where(Tensor.scalar((float) yes), Tensor.scalar((float) no));
    }

    /**
     * {@code mask ? value : this}; derivative 0 where the mask is true. Mask and tensor broadcast; an integer tensor becomes
     * F32 if the number has a fraction.
     *
     * @throws ShapeException if the mask is not BOOL or the shapes do not broadcast
     */
    default Tensor maskedFill(Tensor mask, double value) {
        return mask.where(value, self());
    }

    /**
     * {@code mask ? value : this}; where the mask is true the gradient goes to the value, else to this.
     *
     * @param value a scalar, which is cast to the dtype of this
     * @throws ShapeException if the value is not a scalar, the mask is not BOOL, or the shapes do not broadcast
     */
    default Tensor maskedFill(Tensor mask, Tensor value) {
        if (value.rank() != 0) {
            throw ShapeException.of("masked_fill", "the value is not a scalar").operand("value", value.spec())
                    .expected("shape []; where() takes a value for each place");
        }
        return mask.where(value.cast(dtype()), self());
    }

    /** {@code (dtype) x}, the elements as another dtype, see {@link Cast}; this itself if it is of that dtype. */
    default Tensor cast(DType target) {
        return target == dtype() ? self() : new Cast(target).apply(self());
    }
}
