package io.adjoint.autodiff.lane;

import io.adjoint.autodiff.Tensor;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * The methods of a tensor in F32 that compute in each place by itself, but not by one operation: what they should be in
 * double, and the error in ulp that they may have. Numbers are floats, lest their own rounding count.
 */
public enum FloatComposition {
    SOFTPLUS("softplus(1, 20)", x -> x.softplus(1, 20), x -> softplus(1, 20, x), 3),
    SOFTPLUS_EIGHTH("softplus(0.125, 2)", x -> x.softplus(0.125, 2), x -> softplus(0.125, 2, x), 1),
    SOFTPLUS_BETA("softplus(0.7, 20)", x -> x.softplus(0.7f, 20), x -> softplus(0.7f, 20, x), 1),
    SOFTPLUS_FALLING("softplus(-3, 20)", x -> x.softplus(-3, 20), x -> softplus(-3, 20, x), 1),
    RELU6("relu6()", Tensor::relu6, x -> Math.clamp(x, 0, 6.0), 0.5),
    HARDTANH("hardtanh()", Tensor::hardtanh, x -> Math.clamp(x, -1, 1.0), 0.5),
    HARDSIGMOID("hardsigmoid()", Tensor::hardsigmoid, x -> Math.clamp(x + 3, 0, 6.0) / 6, 2),
    HARDSWISH("hardswish()", Tensor::hardswish, FloatComposition::hardswish, 3),
    HARDSHRINK("hardshrink(0.5)", x -> x.hardshrink(0.5), x -> Math.abs(x) > 0.5 ? x : 0, 0.5),
    SOFTSHRINK("softshrink(0.7)", x -> x.softshrink(0.7f),
            x -> x > 0.7f ? x - 0.7f : x < -0.7f ? x + 0.7f : 0, 0.501),
    THRESHOLD("threshold(0.7, 20)", x -> x.threshold(0.7f, 20), x -> x <= 0.7f ? 20 : x, 0.5),
    LEAKY_RELU("leakyRelu(0.01)", x -> x.leakyRelu(0.01f), x -> x > 0 ? x : 0.01f * x, 0.5),
    RRELU("rrelu(0.125, 0.25)", x -> x.rrelu(0.125, 0.25), x -> x > 0 ? x : 0.1875 * x, 0.5),
    ELU("elu()", Tensor::elu, x -> x > 0 ? x : StrictMath.expm1(x), 2),
    ELU_ALPHA("elu(0.7)", x -> x.elu(0.7f), x -> x > 0 ? x : 0.7f * StrictMath.expm1(x), 4),
    CELU("celu(0.7)", x -> x.celu(0.7f), x -> celu(0.7f, x), 4),
    CELU_FALLING("celu(-0.7)", x -> x.celu(-0.7f), x -> celu(-0.7f, x), 1),
    SELU("selu()", Tensor::selu, FloatComposition::selu, 4),
    DEG2RAD("deg2rad()", Tensor::deg2rad, x -> x * (Math.PI / 180), 2),
    RAD2DEG("rad2deg()", Tensor::rad2deg, x -> x * (180 / Math.PI), 2),
    FRAC("frac()", Tensor::frac, x -> Double.isInfinite(x) ? Double.NaN : x - (x < 0 ? Math.ceil(x) : Math.floor(x)),
            0.5),
    SQUARE("square()", Tensor::square, x -> x * x, 0.5),
    NAN_TO_NUM("nanToNum()", Tensor::nanToNum,
            x -> Double.isNaN(x) ? 0 : Math.clamp(x, -Float.MAX_VALUE, (double) Float.MAX_VALUE), 0.5),
    CLAMP("clamp(-0.7, 20)", x -> x.clamp(-0.7f, 20), x -> Math.clamp(x, -0.7f, 20.0), 0.5),
    CLAMP_MIN("clampMin(0.7)", x -> x.clampMin(0.7f), x -> Math.max(x, 0.7f), 0.5),
    CLAMP_MAX("clampMax(0.7)", x -> x.clampMax(0.7f), x -> Math.min(x, 0.7f), 0.5),
    LOGIT("logit(0.125)", x -> x.logit(0.125), FloatComposition::logit, 3);

    private final String call;
    private final UnaryOperator<Tensor> composition;
    private final DoubleUnaryOperator exact;
    private final double ulps;

    FloatComposition(String call, UnaryOperator<Tensor> composition, DoubleUnaryOperator exact, double ulps) {
        this.call = call;
        this.composition = composition;
        this.exact = exact;
        this.ulps = ulps;
    }

    /** The method and its numbers. */
    public String call() {
        return call;
    }

    /** The error that is guaranteed. */
    public double ulps() {
        return ulps;
    }

    String method() {
        return call.substring(0, call.indexOf('('));
    }

    float[] apply(float... arguments) {
        return composition.apply(Tensor.of(arguments, arguments.length)).toFloats();
    }

    double exact(double x) {
        return exact.applyAsDouble(x);
    }

    private static double softplus(double beta, double threshold, double x) {
        double scaled = beta * x;
        double e = StrictMath.exp(-Math.abs(scaled));
        return scaled > threshold ? x : (Math.max(scaled, 0) + StrictMath.log1p(e)) / beta;
    }

    private static double hardswish(double x) {
        return x * (Math.clamp(x + 3, 0, 6.0) / 6);
    }

    private static double celu(double alpha, double x) {
        return x > 0 ? x : alpha * StrictMath.expm1(x / alpha);
    }

    private static double selu(double x) {
        double alpha = 1.6732632423543772848170429916717;
        return 1.0507009873554804934193349852946 * (x > 0 ? x : alpha * StrictMath.expm1(x));
    }

    private static double logit(double x) {
        double y = Math.clamp(x, 0.125, 0.875);
        return 2 * PlainMath.atanh(2 * y - 1);
    }
}
