package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.Lanes.atLeast;
import static io.adjoint.autodiff.lane.Lanes.between;
import static io.adjoint.autodiff.lane.Lanes.f32;

/**
 * Functions {@code x gate(x)} in F32 whose gate falls like an exponential: x is multiplied in before the powers of two, so
 * that the product rounds once where it is subnormal. At minus infinity they are NaN, the product of it and 0.
 */
final class FloatGates {
    /** {@code sqrt(8 / pi)}. */
    static final double LINEAR = 1.5957691216057308;

    /** {@code 0.044715 sqrt(8 / pi)}. */
    static final double CUBIC = 0.07135481627260025;

    private FloatGates() {}

    static Lane silu(Lane x) {
        return gated(x, FloatSigmoids.scaledDenominator(between(-110, x, 40)), -110);
    }

    /** The exponent is the sum of two floats: at its greatest its last bit is worth a hundred of the result's. */
    static Lane geluTanh(Lane x) {
        Lane bounded = between(-16, x, 16);
        Lane square = bounded.mul(bounded);
        Lane squareRest = bounded.fma(bounded, square.neg());
        float cubic = (float) CUBIC;
        float linear = (float) LINEAR;
        Lane product = square.mul(cubic);
        Lane productRest = square.fma(f32(cubic), product.neg())
                .add(squareRest.fma(f32(cubic), square.mul(CUBIC - cubic)));
        Lane factor = product.add(linear);
        Lane virtual = factor.sub(product); // the error of the sum (Knuth)
        Lane sumRest = product.sub(factor.sub(virtual)).add(f32(linear).sub(virtual));
        Lane factorRest = sumRest.add(productRest).add(LINEAR - linear);
        Lane exponent = bounded.mul(factor);
        Lane rest = bounded.fma(factorRest, bounded.fma(factor, exponent.neg()));
        return gated(x, FloatSigmoids.scaledDenominator(between(-110, exponent, 40), rest), -16);
    }

    /**
     * The product of x and a sigmoid.
     *
     * @param denominator of the sigmoid, by {@link FloatSigmoids#scaledDenominator}
     * @param least the x below which the product underflows
     */
    private static Lane gated(Lane x, Lane denominator, double least) {
        Lane small = x.abs().lt(1);
        Lane scale = f32(0x1p-64);
        Lane quotient = small.select(scale, atLeast(x, least).mul(scale)).div(denominator);
        return Lanes.orNaNAtMinusInfinity(x, quotient.mul(small.select(x, f32(1))));
    }

    /** {@code x n / (n + 2)} with {@code n = e^x (e^x + 2)}, in terms of {@code e^-|x|}. */
    static Lane mish(Lane x) {
        Lane bounded = atLeast(x.abs().neg(), -112);
        FloatExp.Parts parts = FloatExp.Parts.of(bounded);
        Lane e = parts.product();
        Lane negative = x.lt(0);
        Lane sum = e.add(negative.select(x.type(), 2, 0));
        Lane numerator = negative.select(atLeast(x, -112).mul(sum), x.mul(e.fma(f32(2), 1)));
        Lane denominator = negative.select(e.fma(sum, 2), e.fma(e.fma(f32(2), 2), 1));
        Lane quotient = numerator.div(denominator);
        return Lanes.orNaNAtMinusInfinity(x, negative.select(parts.times(quotient), quotient));
    }
}
