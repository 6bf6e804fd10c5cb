package io.adjoint.autodiff;

import io.adjoint.autodiff.op.BesselI;
import io.adjoint.autodiff.op.Polygamma;
import io.adjoint.autodiff.op.Unary;

/**
 * Special functions of one element: the methods of a {@link Tensor} that statistics and physics know. They take BOOL and
 * integers as F32. Derivatives exist for every order, and are precise at 0 and in the tails.
 */
public sealed interface SpecialMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code ln(x / (1 - x))}, the inverse of sigmoid: -inf at 0, inf at 1, NaN outside; derivative {@code 1 / (x (1 - x))}, NaN outside. */
    default Tensor logit() {
        return Unary.LOGIT.of(self());
    }

    /** {@code logit(clamp(x, eps, 1 - eps))}; derivative {@code 1 / (x (1 - x))}, 0 where x was moved. */
    default Tensor logit(double eps) {
        return self().floating().clamp(eps, 1 - eps).logit();
    }

    /** {@code -x ln x}: 0 at 0, -inf below; derivative {@code -(1 + ln x)}. */
    default Tensor entr() {
        return Unary.ENTR.of(self());
    }

    /** {@code sin(pi x) / (pi x)}, 1 at 0, NaN at infinity; derivative {@code (pi x cos(pi x) - sin(pi x)) / (pi x^2)}, 0 at 0. */
    default Tensor sinc() {
        return Unary.SINC.of(self());
    }

    /** {@code erf(x)}, 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x; derivative {@code 2 / sqrt(pi) e^(-x^2)}. */
    default Tensor erf() {
        return Unary.ERF.of(self());
    }

    /** {@code 1 - erf(x)}, precise in its tail too; derivative {@code -2 / sqrt(pi) e^(-x^2)}. */
    default Tensor erfc() {
        return Unary.ERFC.of(self());
    }

    /** {@code y with erf(y) = x}: infinite at -1 and 1, NaN outside; derivative {@code sqrt(pi) / 2 e^(y^2)}. */
    default Tensor erfinv() {
        return Unary.ERFINV.of(self());
    }

    /** {@code (1 + erf(x / sqrt 2)) / 2}, the distribution function of the normal distribution, precise in its tail too; derivative {@code e^(-x^2 / 2) / sqrt(2 pi)}. */
    default Tensor ndtr() {
        return Unary.NDTR.of(self());
    }

    /** {@code ln |gamma(x)|}, infinite at 0, -1, -2, ...; derivative digamma(x). */
    default Tensor lgamma() {
        return Unary.LGAMMA.of(self());
    }

    /** {@code gamma'(x) / gamma(x)}: -inf at 0, inf at -0, NaN at -1, -2, ...; derivative polygamma(1). */
    default Tensor digamma() {
        return Unary.DIGAMMA.of(self());
    }

    /**
     * {@code d^n/dx^n digamma(x)}; derivative polygamma(n + 1).
     *
     * @throws ShapeException unless n is in [0, 100]
     */
    default Tensor polygamma(int n) {
        return n == 0 ? digamma() : new Polygamma(n).apply(self());
    }

    /** {@code besselI(0)}, the modified Bessel function of the first kind and order 0, NaN at infinity; derivative besselI(1). */
    default Tensor i0() {
        return Unary.I0.of(self());
    }

    /**
     * {@code sum over k of (x/2)^(2k + n) / (k! (k + n)!)}, the modified Bessel function of the first kind and order n, NaN at
     * infinity; derivative {@code (besselI(n - 1) + besselI(n + 1)) / 2}.
     *
     * @throws ShapeException unless n is in [0, 100]
     */
    default Tensor besselI(int n) {
        return new BesselI(n).apply(self());
    }
}
