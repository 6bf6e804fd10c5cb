package io.adjoint.autodiff.function;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.IncompleteBeta;
import io.adjoint.autodiff.op.IncompleteGamma;
import io.adjoint.autodiff.op.LogGammaQuantile;

/**
 * Special functions of several numbers, elementwise: arguments broadcast. They are computed in F64 and have derivatives by all
 * arguments, by the parameters up to the third order (that of beta up to the second).
 */
public final class Special {
    private Special() {}

    /**
     * {@code P(a, x)}, the integral of {@code t^(a - 1) e^-t / gamma(a)} from 0 to x, as {@code torch.special.gammainc}; NaN unless
     * a is above 0 and x not negative. Its relative error is some 10^-14, and grows as 10^-16 times the root of a.
     */
    public static Tensor gammainc(Tensor a, Tensor x) {
        return new IncompleteGamma(IncompleteGamma.Tail.LOWER, 0).apply(a, x);
    }

    /**
     * {@code Q(a, x) = 1 - P(a, x)}, as {@code torch.special.gammaincc}, precise in its tail too, which begins at x = a + 1; NaN
     * unless a is above 0 and x not negative.
     */
    public static Tensor gammaincc(Tensor a, Tensor x) {
        return new IncompleteGamma(IncompleteGamma.Tail.UPPER, 0).apply(a, x);
    }

    /**
     * {@code y with P(a, e^y) = p}, see {@link #gammainc}: minus infinity at 0, infinity at 1, NaN outside and unless a is above
     * 0. The logarithm is finite where e^y is not, for a tiny a.
     */
    public static Tensor logGammaQuantile(Tensor a, Tensor p) {
        return new LogGammaQuantile().apply(a, p);
    }

    /**
     * {@code I(a, b, x)}, the integral of {@code t^(a - 1) (1 - t)^(b - 1) / B(a, b)} from 0 to x; NaN unless a and b are above 0 and
     * x is in [0, 1], and where they are so large (some 10^8) that the fraction has too many terms.
     */
    public static Tensor betainc(Tensor a, Tensor b, Tensor x) {
        return new IncompleteBeta(0, 0).apply(a, b, x);
    }
}
