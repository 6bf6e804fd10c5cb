package io.adjoint.autodiff.op;

import static io.adjoint.autodiff.op.Gradient.Partial.linear;
import static io.adjoint.autodiff.op.Gradient.Partial.reading;
import static io.adjoint.autodiff.op.Gradient.Partial.readingOutput;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneMath;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Functions of one element. Conventions at kinks are PyTorch's: the gradient of abs, sign and relu at 0 is 0. */
public enum Unary implements Elementwise {
    NEG("-x", "Neg", Takes.NUMBERS, Domain.REAL, Lane::neg, linear(v -> v.cotangent().neg())),
    ABS("|x|", "Abs", Takes.NUMBERS, Domain.NONZERO, Lane::abs,
            reading(0, v -> v.cotangent().mul(v.input(0).sign()))),
    SIGN("1 for x > 0, -1 for x < 0, else x", "Sign", Takes.NUMBERS, Domain.NONZERO, LaneMath::sign,
            "piecewise constant"),
    SQRT("x^(1/2), correctly rounded", "Sqrt", Takes.FLOATS, Domain.POSITIVE, Lane::sqrt,
            readingOutput(v -> v.cotangent().div(v.output().mul(2)))),
    RECIPROCAL("1 / x", "Reciprocal", Takes.FLOATS, Domain.POSITIVE, x -> Lane.constant(x.type(), 1.0).div(x),
            readingOutput(v -> v.cotangent().neg().mul(v.output()).mul(v.output()))),
    EXP("e^x", "Exp", Takes.FLOATS, Domain.REAL, LaneMath::exp,
            readingOutput(v -> v.cotangent().mul(v.output()))),
    EXPM1("e^x - 1", "", Takes.FLOATS, Domain.REAL, LaneMath::expm1,
            readingOutput(v -> v.cotangent().mul(v.output().add(1)))),
    LOG("ln x", "Log", Takes.FLOATS, Domain.POSITIVE, LaneMath::log,
            reading(0, v -> v.cotangent().div(v.input(0)))),
    LOG1P("ln (1 + x)", "", Takes.FLOATS, Domain.POSITIVE, LaneMath::log1p,
            reading(0, v -> v.cotangent().div(v.input(0).add(1)))),
    SIN("sin x, x in radians", "Sin", Takes.FLOATS, Domain.REAL, LaneMath::sin,
            reading(0, v -> v.cotangent().mul(v.input(0).cos()))),
    COS("cos x, x in radians", "Cos", Takes.FLOATS, Domain.REAL, LaneMath::cos,
            reading(0, v -> v.cotangent().mul(v.input(0).sin()).neg())),
    TANH("tanh x", "Tanh", Takes.FLOATS, Domain.REAL, LaneMath::tanh,
            readingOutput(v -> v.cotangent().mul(v.output().square().rsub(1)))),
    SIGMOID("1 / (1 + e^-x)", "Sigmoid", Takes.FLOATS, Domain.REAL, LaneMath::sigmoid,
            readingOutput(v -> v.cotangent().mul(v.output().rsub(1)).mul(v.output()))),
    SOFTPLUS("ln (1 + e^x)", "Softplus", Takes.FLOATS, Domain.REAL, LaneMath::softplus,
            reading(0, v -> v.cotangent().mul(v.input(0).sigmoid()))),
    ERF("2 / sqrt(pi) * integral of e^(-t^2) from 0 to x", "Erf", Takes.FLOATS, Domain.REAL, LaneMath::erf,
            reading(0, v -> v.cotangent().mul(v.input(0).square().neg().exp()).mul(2 / Math.sqrt(Math.PI)))),
    RELU("max(x, 0)", "Relu", Takes.NUMBERS, Domain.NONZERO, x -> x.max(Lane.constant(x.type(), 0L)),
            readingOutput(v -> v.output().le(0).where(0, v.cotangent()))),
    FLOOR("greatest whole number not above x", "Floor", Takes.FLOATS, Domain.betweenSteps(), LaneMath::floor,
            "piecewise constant"),
    CEIL("least whole number not below x", "Ceil", Takes.FLOATS, Domain.betweenSteps(), LaneMath::ceil,
            "piecewise constant"),
    ROUND("nearest whole number, halves to the even one", "Round", Takes.FLOATS, Domain.betweenSteps(),
            LaneMath::rint, "piecewise constant"),
    NOT("not x", "Not", Takes.BOOLS, Domain.REAL, Lane::not, "boolean result"),
    IS_NAN("x is NaN", "IsNaN", Takes.FLOATS, Domain.REAL, Lane::isNaN, "boolean result");

    /** What sort of input a function takes, and what becomes of others. */
    private enum Takes {
        /** Integers and floats; BOOL counts as I32. */
        NUMBERS,
        /** Floats; others are cast to F32. */
        FLOATS,
        /** BOOL only. */
        BOOLS
    }

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

    @Override
    public String id() {
        return name().toLowerCase(Locale.ROOT);
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
            case NUMBERS -> DType.promote(type, DType.I32);
            case FLOATS -> DType.promote(type, DType.F32);
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
