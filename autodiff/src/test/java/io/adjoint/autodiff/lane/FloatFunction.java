package io.adjoint.autodiff.lane;

import io.adjoint.autodiff.DType;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The functions of one argument in F32, what they should be in double, and the error in ulp that they may have. */
public enum FloatFunction {
    EXP(LaneMath::exp, StrictMath::exp, 2),
    LOG(LaneMath::log, StrictMath::log, 2),
    TANH(LaneMath::tanh, StrictMath::tanh, 2),
    SIGMOID(LaneMath::sigmoid, inDouble(LaneMath::sigmoid), 2),
    ERF(LaneMath::erf, inDouble(LaneMath::erf), 2),
    EXPM1(LaneMath::expm1, StrictMath::expm1, 2),
    EXP2(LaneMath::exp2, x -> StrictMath.pow(2, x), 2),
    LOG1P(LaneMath::log1p, StrictMath::log1p, 2),
    LOG2(LaneMath::log2, inDouble(LaneMath::log2), 2),
    LOG10(LaneMath::log10, StrictMath::log10, 2),
    SIN(LaneMath::sin, StrictMath::sin, 2),
    COS(LaneMath::cos, StrictMath::cos, 2),
    TAN(LaneMath::tan, StrictMath::tan, 4),
    ASIN(LaneMath::asin, StrictMath::asin, 3),
    ACOS(LaneMath::acos, StrictMath::acos, 2),
    ATAN(LaneMath::atan, StrictMath::atan, 2),
    SINH(LaneMath::sinh, StrictMath::sinh, 2),
    COSH(LaneMath::cosh, StrictMath::cosh, 2),
    SOFTPLUS(LaneMath::softplus, inDouble(LaneMath::softplus), 3),
    CBRT(LaneMath::cbrt, StrictMath::cbrt, 1),
    RSQRT(LaneMath::rsqrt, x -> 1 / Math.sqrt(x), 2),
    LOG_SIGMOID(x -> LaneMath.softplus(x.neg()).neg(), inDouble(x -> LaneMath.softplus(x.neg()).neg()), 3),
    SOFTSIGN(x -> x.div(x.abs().add(1)), x -> x / (1 + Math.abs(x)), 2),
    SILU(LaneFunctions::silu, inDouble(LaneFunctions::silu), 4),
    MISH(LaneFunctions::mish, inDouble(LaneFunctions::mish), 4),
    GELU(LaneFunctions::gelu, inDouble(LaneFunctions::gelu), 4),
    GELU_SLOPE(LaneFunctions::geluSlope, inDouble(LaneFunctions::geluSlope), 4),
    GELU_TANH(LaneFunctions::geluTanh, inDouble(LaneFunctions::geluTanh), 4),
    NDTR(LaneFunctions::ndtr, inDouble(LaneFunctions::ndtr), 4),
    ERFC(LaneFunctions::erfc, inDouble(LaneFunctions::erfc), 4),
    TANHSHRINK(LaneFunctions::tanhshrink, inDouble(LaneFunctions::tanhshrink), 4),
    ASINH(LaneMath::asinh, inDouble(LaneMath::asinh), 3),
    ACOSH(LaneMath::acosh, inDouble(LaneMath::acosh), 4),
    ATANH(LaneMath::atanh, inDouble(LaneMath::atanh), 3),
    LOGIT(LaneFunctions::logit, inDouble(LaneFunctions::logit), 3),
    ENTR(LaneFunctions::entr, inDouble(LaneFunctions::entr), 3),
    ERFINV(LaneFunctions::erfinv, inDouble(LaneFunctions::erfinv), 1, false),
    LGAMMA(LaneFunctions::lgamma, inDouble(LaneFunctions::lgamma), 1, false),
    DIGAMMA(LaneFunctions::digamma, inDouble(LaneFunctions::digamma), 1, false),
    I0(x -> LaneFunctions.besseli(0, x), inDouble(x -> LaneFunctions.besseli(0, x)), 1, false),
    SINC(x -> LaneFunctions.sinc(0, x), inDouble(x -> LaneFunctions.sinc(0, x)), 1, false);

    private final UnaryOperator<Lane> function;
    private final DoubleUnaryOperator exact;
    private final double ulps;
    private final boolean popular;

    FloatFunction(UnaryOperator<Lane> function, DoubleUnaryOperator exact, double ulps) {
        this(function, exact, ulps, true);
    }

    FloatFunction(UnaryOperator<Lane> function, DoubleUnaryOperator exact, double ulps, boolean popular) {
        this.function = function;
        this.exact = exact;
        this.ulps = ulps;
        this.popular = popular;
    }

    /** Those that are worth vectors; others are computed in double. */
    public static Stream<FloatFunction> popular() {
        return Stream.of(values()).filter(function -> function.popular);
    }

    public Lane expression() {
        return function.apply(Lane.input(0, DType.F32));
    }

    double exact(double x) {
        return exact.applyAsDouble(x);
    }

    /** The error that is guaranteed. */
    public double ulps() {
        return ulps;
    }

    /** The same function in F64, which has tests of its own. */
    private static DoubleUnaryOperator inDouble(UnaryOperator<Lane> function) {
        LaneInterpreter interpreter = new LaneInterpreter(function.apply(Lane.input(0, DType.F64)));
        return x -> Double.longBitsToDouble(interpreter.evaluate(Double.doubleToRawLongBits(x)));
    }
}
