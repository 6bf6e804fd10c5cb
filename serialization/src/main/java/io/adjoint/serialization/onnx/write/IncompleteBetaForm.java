package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;

/**
 * The regularised incomplete beta function in double, of columns. It is {@code x^a (1 - x)^b / (a B(a, b))} times the integral of
 * {@code a e^(a s) / (1 + x (e^s - 1))^(a + b)} over s below 0, where s is how far the logarithm of {@code t / (1 - t)} is
 * from its end. It is taken of the smaller tail, and for a greater a, to which the recurrence leads, over the stretch where it
 * is not negligible. Derivatives by a and b are those of this form.
 */
final class IncompleteBetaForm {
    private IncompleteBetaForm() {}

    /** The derivative of these orders by a and b. */
    static Tensor of(int first, int second, Tensor a, Tensor b, Tensor x) {
        Tensor isDefined = a.gt(0).and(b.gt(0)).and(x.ge(0)).and(x.le(1));
        Tensor isPlain = isDefined.and(x.gt(0)).and(x.lt(1));
        Tensor plainX = isPlain.where(x, 0.5);
        Tensor plainA = isPlain.where(a, 1);
        Tensor value = IncompleteGammaForm.derivative(
                q -> IncompleteGammaForm.derivative(p -> lower(p, q, plainX), plainA, first),
                isPlain.where(b, 1), second);
        return isDefined.where(isPlain.where(value, first + second == 0 ? x : x.mul(0)), Double.NaN);
    }

    private static Tensor lower(Tensor a, Tensor b, Tensor x) {
        Tensor isAbove = x.gt(a.add(1).div(a.add(b).add(2)));
        Tensor rest = x.rsub(1);
        Tensor part = tail(isAbove.where(b, a), isAbove.where(a, b), isAbove.where(rest, x), isAbove.where(x, rest));
        return isAbove.where(part.rsub(1), part);
    }

    private static Tensor tail(Tensor a, Tensor b, Tensor x, Tensor rest) {
        Tensor shifted = a.add(IncompleteGammaForm.STEPS);
        Tensor sum = shifted.add(b);
        Tensor stretch = stretch(shifted.detached(), b.detached(), x, rest);
        // 1 + x (e^s - 1) is e^s (1 + (1 - x) (e^-s - 1)), which is the more precise one for great x
        Tensor isSmall = x.le(rest);
        Tensor smaller = isSmall.where(x, rest);
        Tensor factor = isSmall.where(shifted, b);
        Tensor signed = isSmall.where(stretch.neg(), stretch);
        Tensor integral = Quadrature.of(IncompleteGammaForm.POINTS).integral(points -> {
            Tensor s = signed.mul(points);
            return factor.mul(s).sub(sum.mul(smaller.mul(s.expm1()).log1p())).exp();
        }).mul(stretch);
        Tensor series = shifted.mul(integral);
        for (int k = IncompleteGammaForm.STEPS; k > 0; k--) {
            series = series.mul(a.add(b).add(k - 1).div(a.add(k)).mul(x)).add(1);
        }
        return series.mul(logFactor(a, b, x, rest).exp());
    }

    /**
     * Where the exponent has become negligible, or later: the bound of {@link IncompleteGammaForm} with the variance of the
     * exponent's slope, and one step towards it.
     */
    private static Tensor stretch(Tensor a, Tensor b, Tensor x, Tensor rest) {
        Tensor sum = a.add(b);
        Tensor away = a.mul(rest).sub(b.mul(x));
        Tensor square = away.add(sum.mul(x).mul(rest));
        Tensor linear = away.mul(2).rsub(IncompleteGammaForm.NEGLIGIBLE);
        Tensor root = linear.square().add(square.mul(8 * IncompleteGammaForm.NEGLIGIBLE)).sqrt();
        Tensor first = IncompleteGammaForm.positiveRoot(square, linear, root);
        Tensor exponent = b.mul(first).add(IncompleteGammaForm.NEGLIGIBLE).div(sum);
        return first.minimum(exponent.expm1().div(rest).log1p());
    }

    /** {@code ln (x^a (1 - x)^b / (a B(a, b)))}. */
    private static Tensor logFactor(Tensor a, Tensor b, Tensor x, Tensor rest) {
        Tensor direct = a.mul(logOf(x, rest)).add(b.mul(logOf(rest, x))).add(a.add(b).lgamma())
                .sub(a.add(1).lgamma()).sub(b.lgamma());
        Tensor isSmall = a.minimum(b).lt(IncompleteGammaForm.LARGE);
        Tensor largeA = isSmall.where(IncompleteGammaForm.LARGE, a);
        Tensor largeB = isSmall.where(IncompleteGammaForm.LARGE, b);
        Tensor sum = largeA.add(largeB);
        Tensor away = largeB.mul(x).sub(largeA.mul(rest)); // (x - a / (a + b)) (a + b)
        Tensor cancelled = largeB.div(largeA.mul(2 * Math.PI)).div(sum).log().mul(0.5)
                .sub(largeA.mul(IncompleteGammaForm.excess(away.div(largeA))))
                .sub(largeB.mul(IncompleteGammaForm.excess(away.neg().div(largeB))))
                .add(GammaForms.stirling(sum)).sub(GammaForms.stirling(largeA)).sub(GammaForms.stirling(largeB));
        return isSmall.where(direct, cancelled);
    }

    /** Of the smaller one of two numbers whose sum is 1; of the greater one by the smaller. */
    private static Tensor logOf(Tensor x, Tensor rest) {
        return x.lt(0.5).where(x.log(), rest.neg().log1p());
    }
}
