package io.adjoint.autodiff;

import io.adjoint.autodiff.op.Binary;
import io.adjoint.autodiff.op.Cast;
import io.adjoint.autodiff.op.Comparison;
import io.adjoint.autodiff.op.Unary;
import io.adjoint.autodiff.op.Where;

/**
 * Functions of one element, or of the elements of two tensors at the same place after broadcasting, comparisons, and choices: the
 * methods of a {@link Tensor} that compute in each place by itself.
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

    /** 1 for positive, -1 for negative elements, zeros and NaN as they are; derivative 0. */
    default Tensor sign() {
        return Unary.SIGN.of(self());
    }

    /** The square root, NaN below 0; derivative {@code 1 / (2 sqrt(x))}. */
    default Tensor sqrt() {
        return Unary.SQRT.of(self());
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

    /** The natural logarithm, NaN below 0, -inf at 0; derivative {@code 1 / x}. */
    default Tensor log() {
        return Unary.LOG.of(self());
    }

    /** {@code ln (1 + x)}, exact near 0; derivative {@code 1 / (1 + x)}. */
    default Tensor log1p() {
        return Unary.LOG1P.of(self());
    }

    /** The sine of radians; derivative cos(x). */
    default Tensor sin() {
        return Unary.SIN.of(self());
    }

    /** The cosine of radians; derivative -sin(x). */
    default Tensor cos() {
        return Unary.COS.of(self());
    }

    /** The hyperbolic tangent; derivative {@code 1 - tanh(x)^2}. */
    default Tensor tanh() {
        return Unary.TANH.of(self());
    }

    /** The error function; derivative {@code 2 / sqrt(pi) e^(-x^2)}. */
    default Tensor erf() {
        return Unary.ERF.of(self());
    }

    /** The greatest whole number not above x; derivative 0. */
    default Tensor floor() {
        return Unary.FLOOR.of(self());
    }

    /** The least whole number not below x; derivative 0. */
    default Tensor ceil() {
        return Unary.CEIL.of(self());
    }

    /** The nearest whole number, halves to the even one; derivative 0. */
    default Tensor round() {
        return Unary.ROUND.of(self());
    }

    /** The complement of a BOOL tensor. */
    default Tensor not() {
        return Unary.NOT.of(self());
    }

    /** BOOL: where x is NaN. */
    default Tensor isNaN() {
        return Unary.IS_NAN.of(self());
    }

    /** {@code x * x}; derivative {@code 2 x}. */
    default Tensor square() {
        return mul(self());
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

    /** {@code this^other} as {@link Math#pow}, in F32 for integers; derivatives {@code other this^(other - 1)}, {@code this^other ln this}. */
    default Tensor pow(Tensor other) {
        return Binary.POW.of(self(), other);
    }

    /** As {@link #pow(Tensor)} with a number. */
    default Tensor pow(double other) {
        return pow(self().alike(other));
    }

    /** The greater of both, NaN if either is; the gradient goes there, to equals half each. */
    default Tensor maximum(Tensor other) {
        return Binary.MAXIMUM.of(self(), other);
    }

    /** As {@link #maximum(Tensor)} with a number. */
    default Tensor maximum(double other) {
        return maximum(self().alike(other));
    }

    /** The lesser of both, NaN if either is; the gradient goes there, to equals half each. */
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

    /** BOOL: where both are equal. */
    default Tensor eq(Tensor other) {
        return Comparison.EQ.of(self(), other);
    }

    /** BOOL: where both are equal. */
    default Tensor eq(double other) {
        return eq(self().alike(other));
    }

    /** BOOL: where they differ. */
    default Tensor ne(Tensor other) {
        return Comparison.NE.of(self(), other);
    }

    /** BOOL: where they differ. */
    default Tensor ne(double other) {
        return ne(self().alike(other));
    }

    /** BOOL: where this is less. */
    default Tensor lt(Tensor other) {
        return Comparison.LT.of(self(), other);
    }

    /** BOOL: where this is less. */
    default Tensor lt(double other) {
        return lt(self().alike(other));
    }

    /** BOOL: where this is less or equal. */
    default Tensor le(Tensor other) {
        return Comparison.LE.of(self(), other);
    }

    /** BOOL: where this is less or equal. */
    default Tensor le(double other) {
        return le(self().alike(other));
    }

    /** BOOL: where this is greater. */
    default Tensor gt(Tensor other) {
        return Comparison.GT.of(self(), other);
    }

    /** BOOL: where this is greater. */
    default Tensor gt(double other) {
        return gt(self().alike(other));
    }

    /** BOOL: where this is greater or equal. */
    default Tensor ge(Tensor other) {
        return Comparison.GE.of(self(), other);
    }

    /** BOOL: where this is greater or equal. */
    default Tensor ge(double other) {
        return ge(self().alike(other));
    }

    /** BOOL: where both are true. */
    default Tensor and(Tensor other) {
        return Binary.AND.of(self(), other);
    }

    /** BOOL: where at least one is true. */
    default Tensor or(Tensor other) {
        return Binary.OR.of(self(), other);
    }

    /** BOOL: where exactly one is true. */
    default Tensor xor(Tensor other) {
        return Binary.XOR.of(self(), other);
    }

    /**
     * The elements of {@code yes} where this BOOL tensor is true, else of {@code no}; all three broadcast, and the two are
     * promoted to one dtype. The gradient goes to the side that was taken.
     *
     * @throws ShapeException if this is not BOOL or the shapes do not broadcast
     */
    default Tensor where(Tensor yes, Tensor no) {
        return new Where().apply(self(), yes, no);
    }

    /** The elements of {@code yes} where this BOOL tensor is true, else the number. */
    default Tensor where(Tensor yes, double no) {
        return where(yes, yes.alike(no));
    }

    /** The number where this BOOL tensor is true, else the elements of {@code no}. */
    default Tensor where(double yes, Tensor no) {
        return where(no.alike(yes), no);
    }

    /** The elements as another dtype, see {@link Cast}; this itself if it is of that dtype. */
    default Tensor cast(DType target) {
        return target == dtype() ? self() : new Cast(target).apply(self());
    }
}
