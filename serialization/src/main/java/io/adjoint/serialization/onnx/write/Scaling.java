package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.Tensor;

/** What matrices are brought to before they are decomposed. */
final class Scaling {
    private Scaling() {}

    /**
     * The power of two by which a matrix is divided so that its greatest element is about 1, {@code [..., m, n] -> [..., 1, 1]}:
     * squares neither overflow nor vanish. 1 if the greatest is 0 or not finite.
     */
    static Tensor power(Tensor a) {
        Tensor greatest = a.abs().max(Axes.keep(-2, -1));
        Tensor isUsual = greatest.gt(0).and(greatest.lt(Double.POSITIVE_INFINITY));
        Tensor exponent = isUsual.where(greatest, 1).log2().floor();
        return exponent.clamp(Double.MIN_EXPONENT, Double.MAX_EXPONENT).exp2();
    }

    /** 0, or NaN if an element is not finite: {@code [..., m, n] -> [..., 1, 1]}. */
    static Tensor poison(Tensor a) {
        return a.mul(0).sum(Axes.keep(-2, -1));
    }
}
