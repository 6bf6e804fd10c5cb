package io.adjoint.autodiff.op;

import static io.adjoint.autodiff.op.Gradient.Partial.linear;
import static io.adjoint.autodiff.op.Gradient.Partial.reading;
import static io.adjoint.autodiff.op.Gradient.Partial.readingOutput;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneFunctions;
import io.adjoint.autodiff.lane.LaneMath;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Functions of one element. Conventions at kinks are PyTorch's: the gradient of abs, sign and relu at 0 is 0.
 * A product of an infinite x and a gate of 0 is NaN, as in silu at minus infinity. */
public enum Unary implements Elementwise {
    COPY("x", "Identity", Takes.ALL, Domain.REAL, x -> x, linear(Gradient.Context::cotangent)),
    NEG("-x", "Neg", Takes.SIGNED, Domain.REAL, Lane::neg, linear(v -> v.cotangent().neg())),
    ABS("|x|", "Abs", Takes.NUMBERS, Domain.NONZERO, Lane::abs,
            reading(0, v -> v.cotangent().mul(v.input(0).sign()))),
    SIGN("1 for x > 0, -1 for x < 0, else 0", "Sign", Takes.NUMBERS, Domain.NONZERO, Unary::signOrZero,
            "piecewise constant"),
    SQRT("x^(1/2), correctly rounded", "Sqrt", Takes.FLOATS, Domain.POSITIVE, Lane::sqrt,
            readingOutput(v -> v.cotangent().div(v.output().mul(2)))),
    RSQRT("x^(-1/2)", "", Takes.FLOATS, Domain.POSITIVE, LaneMath::rsqrt,
            readingOutput(v -> v.cotangent().mul(-0.5).mul(v.output().square().mul(v.output())))),
    RECIPROCAL("1 / x", "Reciprocal", Takes.FLOATS, Domain.POSITIVE, x -> Lane.constant(x.type(), 1.0).div(x),
            readingOutput(v -> v.cotangent().neg().mul(v.output()).mul(v.output()))),
    EXP("e^x", "Exp", Takes.FLOATS, Domain.REAL, LaneMath::exp,
            readingOutput(v -> v.cotangent().mul(v.output()))),
    EXP2("2^x", "", Takes.FLOATS, Domain.REAL, LaneMath::exp2,
            readingOutput(v -> v.cotangent().mul(v.output()).mul(Constants.LN2))),
    EXPM1("e^x - 1", "", Takes.FLOATS, Domain.REAL, LaneMath::expm1,
            readingOutput(v -> v.cotangent().mul(v.output().add(1)))),
    LOG("ln x", "Log", Takes.FLOATS, Domain.POSITIVE, LaneMath::log,
            reading(0, v -> v.cotangent().div(v.input(0)))),
    LOG2("log2 x", "", Takes.FLOATS, Domain.POSITIVE, LaneMath::log2,
            reading(0, v -> v.cotangent().div(v.input(0).mul(Constants.LN2)))),
    LOG10("log10 x", "", Takes.FLOATS, Domain.POSITIVE, LaneMath::log10,
            reading(0, v -> v.cotangent().div(v.input(0).mul(Constants.LN10)))),
    LOG1P("ln (1 + x)", "", Takes.FLOATS, Domain.POSITIVE, LaneMath::log1p,
            reading(0, v -> v.cotangent().div(v.input(0).add(1)))),
    LOGIT("ln (x / (1 - x))", "", Takes.FLOATS, Domain.PROBABILITY, LaneFunctions::logit,
            reading(0, v -> v.input(0).ge(0).and(v.input(0).le(1)).where(
                    v.cotangent().div(v.input(0).mul(v.input(0).rsub(1))), Double.NaN))),
    ENTR("-x ln x", "", Takes.FLOATS, Domain.POSITIVE, LaneFunctions::entr,
            reading(0, v -> v.cotangent().mul(v.input(0).log().add(1)).neg())),
    SIN("sin x, x in radians", "Sin", Takes.FLOATS, Domain.REAL, LaneMath::sin,
            reading(0, v -> v.cotangent().mul(v.input(0).cos()))),
    COS("cos x, x in radians", "Cos", Takes.FLOATS, Domain.REAL, LaneMath::cos,
            reading(0, v -> v.cotangent().mul(v.input(0).sin()).neg())),
    TAN("tan x, x in radians", "Tan", Takes.FLOATS, Domain.UNIT, LaneMath::tan,
            readingOutput(v -> v.cotangent().mul(v.output().square().add(1)))),
    ASIN("arcsin x", "Asin", Takes.FLOATS, Domain.UNIT, LaneMath::asin,
            reading(0, v -> v.cotangent().mul(v.input(0).square().rsub(1).rsqrt()))),
    ACOS("arccos x", "Acos", Takes.FLOATS, Domain.UNIT, LaneMath::acos,
            reading(0, v -> v.cotangent().mul(v.input(0).square().rsub(1).rsqrt()).neg())),
    ATAN("arctan x", "Atan", Takes.FLOATS, Domain.REAL, LaneMath::atan,
            reading(0, v -> v.cotangent().div(v.input(0).square().add(1)))),
    SINH("sinh x", "Sinh", Takes.FLOATS, Domain.REAL, LaneMath::sinh,
            reading(0, v -> v.cotangent().mul(v.input(0).cosh()))),
    COSH("cosh x", "Cosh", Takes.FLOATS, Domain.REAL, LaneMath::cosh,
            reading(0, v -> v.cotangent().mul(v.input(0).sinh()))),
    TANH("tanh x", "Tanh", Takes.FLOATS, Domain.REAL, LaneMath::tanh,
            readingOutput(v -> v.cotangent().mul(v.output().square().rsub(1)))),
    TANHSHRINK("x - tanh x", "", Takes.FLOATS, Domain.REAL, LaneFunctions::tanhshrink,
            reading(0, v -> v.cotangent().mul(v.input(0).tanh().square()))),
    ASINH("arsinh x", "Asinh", Takes.FLOATS, Domain.REAL, LaneMath::asinh,
            reading(0, v -> v.cotangent().mul(v.input(0).square().add(1).rsqrt()))),
    ACOSH("arcosh x", "Acosh", Takes.FLOATS, Domain.ABOVE_ONE, LaneMath::acosh,
            reading(0, v -> v.cotangent().mul(v.input(0).square().sub(1).rsqrt()))),
    ATANH("artanh x", "Atanh", Takes.FLOATS, Domain.UNIT, LaneMath::atanh,
            reading(0, v -> v.cotangent().div(v.input(0).square().rsub(1)))),
    SINC("sin(pi x) / (pi x), 1 at 0", "", Takes.FLOATS, Domain.REAL, x -> LaneFunctions.sinc(0, x),
            reading(0, v -> v.cotangent().mul(new SincDerivative(1).apply(v.input(0))))),
    SIGMOID("1 / (1 + e^-x)", "Sigmoid", Takes.FLOATS, Domain.REAL, LaneMath::sigmoid,
            readingOutput(v -> v.cotangent().mul(v.output().rsub(1)).mul(v.output()))),
    LOG_SIGMOID("ln (1 / (1 + e^-x))", "", Takes.FLOATS, Domain.REAL, x -> LaneMath.softplus(x.neg()).neg(),
            reading(0, v -> v.cotangent().mul(v.input(0).neg().sigmoid()))),
    SOFTPLUS("ln (1 + e^x)", "Softplus", Takes.FLOATS, Domain.REAL, LaneMath::softplus,
            reading(0, v -> v.cotangent().mul(v.input(0).sigmoid()))),
    SOFTSIGN("x / (1 + |x|)", "Softsign", Takes.FLOATS, Domain.NONZERO, x -> x.div(x.abs().add(1)),
            reading(0, v -> v.cotangent().div(v.input(0).abs().add(1).square()))),
    SILU("x / (1 + e^-x)", "", Takes.FLOATS, Domain.REAL, LaneFunctions::silu, reading(0, GateRules::silu)),
    MISH("x tanh(ln (1 + e^x))", "Mish", Takes.FLOATS, Domain.REAL, LaneFunctions::mish, reading(0, GateRules::mish)),
    GELU("x (1 + erf(x / sqrt(2))) / 2", "Gelu", Takes.FLOATS, Domain.REAL, LaneFunctions::gelu,
            reading(0, GateRules::gelu)),
    GELU_SLOPE("ndtr(x) + x density(x)", "", Takes.FLOATS, Domain.REAL, LaneFunctions::geluSlope,
            reading(0, GateRules::geluSlope)),
    GELU_TANH("x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2", "", Takes.FLOATS, Domain.REAL,
            LaneFunctions::geluTanh,
            reading(0, GateRules::geluTanh)),
    RELU("max(x, 0)", "Relu", Takes.NUMBERS, Domain.NONZERO, x -> x.max(Lane.constant(x.type(), 0L)),
            readingOutput(v -> v.output().le(0).where(0, v.cotangent()))),
    ERF("2 / sqrt(pi) * integral of e^(-t^2) from 0 to x", "Erf", Takes.FLOATS, Domain.REAL, LaneMath::erf,
            reading(0, v -> v.cotangent().mul(v.input(0).square().neg().exp()).mul(2 / Math.sqrt(Math.PI)))),
    ERFC("1 - erf x", "", Takes.FLOATS, Domain.REAL, LaneFunctions::erfc,
            reading(0, v -> v.cotangent().mul(v.input(0).square().neg().exp()).mul(-2 / Math.sqrt(Math.PI)))),
    ERFINV("the y with erf y = x", "", Takes.FLOATS, Domain.UNIT, LaneFunctions::erfinv,
            readingOutput(v -> v.cotangent().mul(v.output().square().exp()).mul(Math.sqrt(Math.PI) / 2))),
    NDTR("(1 + erf(x / sqrt(2))) / 2", "", Takes.FLOATS, Domain.REAL, LaneFunctions::ndtr,
            reading(0, v -> v.cotangent().mul(GateRules.density(v.input(0))))),
    LGAMMA("ln |gamma(x)|", "", Takes.FLOATS, Domain.POSITIVE, LaneFunctions::lgamma,
            reading(0, v -> v.cotangent().mul(v.input(0).digamma()))),
    DIGAMMA("d/dx ln gamma(x)", "", Takes.FLOATS, Domain.POSITIVE, LaneFunctions::digamma,
            reading(0, v -> v.cotangent().mul(v.input(0).polygamma(1)))),
    I0("sum of (x^2 / 4)^k / k!^2", "", Takes.FLOATS, Domain.REAL, x -> LaneFunctions.besseli(0, x),
            reading(0, v -> v.cotangent().mul(v.input(0).besselI(1)))),
    FLOOR("greatest whole number not above x", "Floor", Takes.NUMBERS, Domain.betweenSteps(),
            x -> rounded(x, LaneMath::floor), "piecewise constant"),
    CEIL("least whole number not below x", "Ceil", Takes.NUMBERS, Domain.betweenSteps(),
            x -> rounded(x, LaneMath::ceil), "piecewise constant"),
    ROUND("nearest whole number, halves to the even one", "Round", Takes.NUMBERS, Domain.betweenSteps(),
            x -> rounded(x, LaneMath::rint), "piecewise constant"),
    TRUNC("x without its fraction", "", Takes.NUMBERS, Domain.betweenSteps(),
            x -> rounded(x, LaneMath::trunc), "piecewise constant"),
    NOT("not x", "Not", Takes.BOOLS, Domain.REAL, Lane::not, "boolean result"),
    IS_NAN("x is NaN", "IsNaN", Takes.FLOATS, Domain.REAL, Lane::isNaN, "boolean result"),
    IS_INF("x is infinite", "IsInf", Takes.FLOATS, Domain.REAL,
            x -> x.abs().eq(Lane.constant(x.type(), Double.POSITIVE_INFINITY)), "boolean result"),
    IS_FINITE("x is neither infinite nor NaN", "", Takes.FLOATS, Domain.REAL,
            x -> x.abs().lt(Double.POSITIVE_INFINITY), "boolean result");

    /** What sort of input a function takes, and what becomes of others. */
    private enum Takes {
        /** Whatever there is. */
        ALL,
        /** Integers and floats; BOOL counts as I32. */
        NUMBERS,
        /** Integers and floats; BOOL is refused. */
        SIGNED,
        /** Floats; others are cast to F32. */
        FLOATS,
        /** BOOL only. */
        BOOLS
    }

    /** Constants that stand before those of the enum. */
    private static final class Constants {
        static final double LN2 = 0.6931471805599453;
        static final double LN10 = 2.302585092994046;
    }

    private final String id = name().toLowerCase(Locale.ROOT);
    private final String formula;
    private final String onnxName;
    private final Takes takes;
    private final Domain domain;
    private final UnaryOperator<Lane> numerics;
    private final Gradient gradient;

    Unary(String formula, String onnxName, Takes takes, Domain domain, UnaryOperator<Lane> numerics,
            Gradient.Partial partial) {
        this(formula, onnxName, takes, domain, numerics, Gradient.of(partial));
    }

    Unary(String formula, String onnxName, Takes takes, Domain domain, UnaryOperator<Lane> numerics,
            String noGradient) {
        this(formula, onnxName, takes, domain, numerics, Gradient.none(noGradient));
    }

    Unary(String formula, String onnxName, Takes takes, Domain domain, UnaryOperator<Lane> numerics,
            Gradient gradient) {
        this.formula = formula;
        this.onnxName = onnxName;
        this.takes = takes;
        this.domain = domain;
        this.numerics = numerics;
        this.gradient = gradient;
    }

    /** NaN has no sign; zeros keep theirs. */
    private static Lane signOrZero(Lane x) {
        return x.eq(x).select(LaneMath.sign(x), Lane.constant(x.type(), 0.0));
    }

    /** Integers are whole. */
    private static Lane rounded(Lane x, UnaryOperator<Lane> rounding) {
        return x.type().isFloat() ? rounding.apply(x) : x;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String formula() {
        return formula;
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of(onnxName).filter(name -> !name.isEmpty());
    }

    @Override
    public Arity arity() {
        return Arity.of(1);
    }

    @Override
    public List<DType> inputTypes(List<DType> given) {
        DType type = given.getFirst();
        return List.of(switch (takes) {
            case ALL -> type;
            case NUMBERS -> DType.promote(type, DType.I32);
            case FLOATS -> DType.promote(type, DType.F32);
            case SIGNED -> {
                if (type == DType.BOOL) {
                    throw ShapeException.of(id(), "a boolean has no sign").operand("input", type)
                            .expected("a number; not() is the complement");
                }
                yield type;
            }
            case BOOLS -> {
                if (type != DType.BOOL) {
                    throw ShapeException.of(id(), "not a boolean").operand("input", type).expected("BOOL");
                }
                yield type;
            }
        });
    }

    @Override
    @SuppressWarnings("exports")
    public Lane numerics(List<Lane> inputs) {
        return numerics.apply(inputs.getFirst());
    }

    @Override
    public Gradient gradient() {
        return gradient;
    }

    Sample sample(Sampler sampler) {
        return Sample.of(this, takes == Takes.BOOLS ? sampler.booleans(sampler.shape()) : sampler.tensor(domain));
    }

    /** Applies the function to every element. */
    public Tensor of(Tensor x) {
        return apply(x);
    }
}
