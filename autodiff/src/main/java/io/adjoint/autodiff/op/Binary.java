package io.adjoint.autodiff.op;

import static io.adjoint.autodiff.op.Gradient.Partial.linear;
import static io.adjoint.autodiff.op.Gradient.Partial.reading;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rounding;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneFunctions;
import io.adjoint.autodiff.lane.LaneMath;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * Functions of two elements. Conventions are PyTorch's: where the sides of a maximum or minimum are equal, each gets half
 * of the gradient; a NaN on either side gives NaN. The quotient that a remainder is taken by counts as constant. Powers of 1,
 * and the zeroth power, are 1 even beside NaN.
 */
public enum Binary implements Elementwise {
    ADD("a + b", "Add", Takes.NUMBERS, Domain.REAL, Domain.REAL, Lane::add,
            linear(Gradient.Context::cotangent),
            linear(Gradient.Context::cotangent)),
    SUB("a - b", "Sub", Takes.NUMBERS, Domain.REAL, Domain.REAL, Lane::sub,
            linear(Gradient.Context::cotangent),
            linear(v -> v.cotangent().neg())),
    MUL("a * b", "Mul", Takes.NUMBERS, Domain.REAL, Domain.REAL, Lane::mul,
            reading(1, v -> v.cotangent().mul(v.input(1))),
            reading(0, v -> v.cotangent().mul(v.input(0)))),
    DIV("a / b; integers are divided as F32", "Div", Takes.FLOATS, Domain.REAL, Domain.POSITIVE, Lane::div,
            reading(1, v -> v.cotangent().div(v.input(1))),
            reading(0, 1, v -> v.cotangent().neg().mul(v.input(0).div(v.input(1)).div(v.input(1))))),
    TRUNC_DIVIDE("a / b without its fraction", "", Takes.DIVIDENDS, Dividends.A, Dividends.B,
            LaneFunctions::truncDivide,
            "piecewise constant"),
    FLOOR_DIVIDE("greatest whole number not above a / b", "", Takes.DIVIDENDS, Dividends.A, Dividends.B,
            LaneFunctions::floorDivide, "piecewise constant"),
    FMOD("a - b trunc(a / b)", "Mod", Takes.DIVIDENDS, Dividends.A, Dividends.B, LaneFunctions::fmod,
            linear(Gradient.Context::cotangent),
            reading(0, 1, v -> v.cotangent().neg().mul(v.input(0).div(v.input(1), Rounding.TRUNC)))),
    REMAINDER("a - b floor(a / b)", "", Takes.DIVIDENDS, Dividends.A, Dividends.B, LaneFunctions::remainder,
            linear(Gradient.Context::cotangent),
            reading(0, 1, v -> v.cotangent().neg().mul(v.input(0).div(v.input(1), Rounding.FLOOR)))),
    POW("a^b; a power of integers is an integer", "Pow", Takes.NUMBERS, Domain.POSITIVE, Domain.REAL,
            LaneFunctions::power,
            reading(0, 1, v -> v.cotangent().mul(v.input(1).eq(0).where(0,
                    v.input(1).mul(oneIfConstant(v).pow(v.input(1).sub(1)))))),
            reading(0, 1, v -> v.cotangent().mul(oneForZero(v).pow(v.input(1)).mul(oneForZero(v).log())))),
    MAXIMUM("max(a, b)", "Max", Takes.NUMBERS, Domain.DISTINCT, Domain.DISTINCT, Lane::max,
            reading(0, 1, v -> v.input(0).lt(v.input(1)).where(0, halfAtTies(v))),
            reading(0, 1, v -> v.input(1).lt(v.input(0)).where(0, halfAtTies(v)))),
    MINIMUM("min(a, b)", "Min", Takes.NUMBERS, Domain.DISTINCT, Domain.DISTINCT, Lane::min,
            reading(0, 1, v -> v.input(0).gt(v.input(1)).where(0, halfAtTies(v))),
            reading(0, 1, v -> v.input(1).gt(v.input(0)).where(0, halfAtTies(v)))),
    FMAX("max(a, b), the other one if one is NaN", "", Takes.NUMBERS, Domain.DISTINCT, Domain.DISTINCT,
            (a, b) -> takesLeft(b.le(a), b).select(a, b),
            reading(0, 1, v -> v.input(0).ge(v.input(1)).or(v.input(1).isNaN()).where(v.cotangent(), 0)),
            reading(0, 1, v -> v.input(0).ge(v.input(1)).or(v.input(1).isNaN()).where(0, v.cotangent()))),
    FMIN("min(a, b), the other one if one is NaN", "", Takes.NUMBERS, Domain.DISTINCT, Domain.DISTINCT,
            (a, b) -> takesLeft(a.le(b), b).select(a, b),
            reading(0, 1, v -> v.input(0).le(v.input(1)).or(v.input(1).isNaN()).where(v.cotangent(), 0)),
            reading(0, 1, v -> v.input(0).le(v.input(1)).or(v.input(1).isNaN()).where(0, v.cotangent()))),
    HYPOT("sqrt(a^2 + b^2)", "", Takes.FLOATS, Domain.POSITIVE, Domain.POSITIVE, LaneFunctions::hypot,
            reading(0, v -> v.cotangent().mul(v.input(0).div(v.output()))).andOutput(),
            reading(1, v -> v.cotangent().mul(v.input(1).div(v.output()))).andOutput()),
    ATAN2("the angle of the point (b, a)", "", Takes.FLOATS, Domain.REAL, Domain.POSITIVE, LaneMath::atan2,
            reading(0, 1, v -> v.cotangent().mul(v.input(1)).mul(inverseSquare(v))),
            reading(0, 1, v -> v.cotangent().mul(v.input(0).neg()).mul(inverseSquare(v)))),
    COPY_SIGN("|a| with the sign bit of b", "", Takes.FLOATS, Domain.NONZERO, Domain.NONZERO, LaneMath::copySign,
            reading(0, v -> v.cotangent().mul(v.input(0).sign().mul(v.output().sign()))).andOutput(),
            Gradient.Partial.none()),
    LOG_ADD_EXP("ln (e^a + e^b)", "", Takes.FLOATS, Domain.REAL, Domain.REAL, LaneFunctions::logaddexp,
            reading(0, 1, v -> v.cotangent().mul(v.input(0).sub(v.input(1)).sigmoid())),
            reading(0, 1, v -> v.cotangent().mul(v.input(1).sub(v.input(0)).sigmoid()))),
    LOG_ADD_EXP2("log2(2^a + 2^b)", "", Takes.FLOATS, Domain.REAL, Domain.REAL, LaneFunctions::logaddexp2,
            reading(0, 1, v -> v.cotangent().mul(v.input(0).sub(v.input(1)).mul(0.6931471805599453).sigmoid())),
            reading(0, 1, v -> v.cotangent().mul(v.input(1).sub(v.input(0)).mul(0.6931471805599453).sigmoid()))),
    XLOGY("a ln b, 0 where a is 0", "", Takes.FLOATS, Domain.NONZERO, Domain.POSITIVE, LaneFunctions::xlogy,
            reading(0, 1, v -> v.input(0).eq(0).and(v.input(1).le(0)).where(0, v.cotangent().xlogy(v.input(1)))),
            reading(0, 1, v -> v.cotangent().mul(v.input(0)).div(v.input(1)))),
    AND("a and b", "And", Takes.BOOLS, Domain.REAL, Domain.REAL, Lane::and),
    OR("a or b", "Or", Takes.BOOLS, Domain.REAL, Domain.REAL, Lane::or),
    XOR("a or b, not both", "Xor", Takes.BOOLS, Domain.REAL, Domain.REAL, Lane::xor);

    /** What sort of inputs a function takes, and what becomes of others. */
    private enum Takes {
        NUMBERS(DType.I32), FLOATS(DType.F32), BOOLS(DType.BOOL), DIVIDENDS(DType.I32);

        private final DType least;

        Takes(DType least) {
            this.least = least;
        }
    }

    /** Samples whose quotients are between two and three. */
    private static final class Dividends {
        static final Domain A = new Domain(2.25, 2.9);
        static final Domain B = new Domain(1.02, 1.08);
    }

    private final String id = name().toLowerCase(Locale.ROOT);
    private final String formula;
    private final String onnxName;
    private final Takes takes;
    private final Domain left;
    private final Domain right;
    private final BinaryOperator<Lane> numerics;
    private final Gradient gradient;

    Binary(String formula, String onnxName, Takes takes, Domain left, Domain right, BinaryOperator<Lane> numerics,
            Gradient.Partial byLeft, Gradient.Partial byRight) {
        this(formula, onnxName, takes, left, right, numerics, Gradient.of(byLeft, byRight));
    }

    Binary(String formula, String onnxName, Takes takes, Domain left, Domain right, BinaryOperator<Lane> numerics) {
        this(formula, onnxName, takes, left, right, numerics, Gradient.none("boolean result"));
    }

    Binary(String formula, String onnxName, Takes takes, Domain left, Domain right, BinaryOperator<Lane> numerics,
            String noGradient) {
        this(formula, onnxName, takes, left, right, numerics, Gradient.none(noGradient));
    }

    Binary(String formula, String onnxName, Takes takes, Domain left, Domain right, BinaryOperator<Lane> numerics,
            Gradient gradient) {
        this.formula = formula;
        this.onnxName = onnxName;
        this.takes = takes;
        this.left = left;
        this.right = right;
        this.numerics = numerics;
        this.gradient = gradient;
    }

    private static Lane takesLeft(Lane first, Lane right) {
        return right.type().isFloat() ? first.or(right.isNaN()) : first;
    }

    /** The base, but where its power is 1 whatever it is: there nothing infinite may meet the zero. */
    private static Tensor oneIfConstant(Gradient.Context v) {
        return v.input(1).eq(0).where(1, v.input(0));
    }

    /** A base of which the power times the logarithm is 0, of every order, where that of 0 is. */
    private static Tensor oneForZero(Gradient.Context v) {
        return v.input(0).eq(0).and(v.input(1).ge(0)).where(1, v.input(0));
    }

    private static Tensor inverseSquare(Gradient.Context v) {
        return v.input(0).square().add(v.input(1).square()).reciprocal();
    }

    private static Tensor halfAtTies(Gradient.Context v) {
        return v.input(0).eq(v.input(1)).where(v.cotangent().mul(0.5), v.cotangent());
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
        return Arity.of(2);
    }

    @Override
    public List<DType> inputTypes(List<DType> given) {
        DType type = DType.promote(DType.promote(given.getFirst(), given.getLast()), takes.least);
        if (takes == Takes.BOOLS && type != DType.BOOL) {
            throw ShapeException.of(id(), "not booleans")
                    .operand("left", given.getFirst())
                    .operand("right", given.getLast())
                    .expected("BOOL on both sides");
        }
        return List.of(type, type);
    }

    @Override
    @SuppressWarnings("exports")
    public Lane numerics(List<Lane> inputs) {
        return numerics.apply(inputs.getFirst(), inputs.getLast());
    }

    /** Divides integers only by others than zero. */
    @Override
    public Tensor compute(List<Tensor> inputs) {
        Tensor divisor = inputs.getLast();
        if (takes == Takes.DIVIDENDS && divisor.dtype().isInteger() && divisor.eq(0).any().item() != 0) {
            throw ShapeException.of(id(), "an integer is divided by zero").operand("left", inputs.getFirst().spec())
                    .operand("right", divisor.spec()).expected("a right side without zeros");
        }
        return Elementwise.super.compute(inputs);
    }

    @Override
    public Gradient gradient() {
        return gradient;
    }

    Sample sample(Sampler sampler) {
        List<Shape> shapes = sampler.broadcastable(2);
        return takes == Takes.BOOLS
                ? Sample.of(this, sampler.booleans(shapes.getFirst()), sampler.booleans(shapes.getLast()))
                : Sample.of(this, sampler.tensor(shapes.getFirst(), left), sampler.tensor(shapes.getLast(), right));
    }

    /** Applies the function to the elements of both, broadcast against each other. */
    public Tensor of(Tensor left, Tensor right) {
        return apply(left, right);
    }
}
