package io.adjoint.autodiff.lane;

import io.adjoint.autodiff.DType;
import java.util.List;

/**
 * The scalar algebra in which every elementwise operation states its numerics: an expression over the elements of the
 * inputs that stand at one position. From the one expression come the scalar loop, the SIMD loop, the fused loop and the
 * interpreter of the tests, and all give the same bits, since every node is one exactly specified operation of Java
 * (IEEE 754 for floats, two's complement for integers).
 *
 * <p>An expression is a graph: a node that is used twice is the same Java object twice and is computed once. Nodes are
 * checked when they are built: a dtype that does not fit is a bug in the operation, hence an {@code
 * IllegalArgumentException} without ceremony.
 *
 * <p>Comparisons give BOOL; {@link Select} takes a BOOL. AND, OR, XOR and NOT work on BOOL and on the integers. In a
 * shift the count is taken modulo the width, as in Java. MIN and MAX are {@code Math.min} and {@code Math.max}: NaN if
 * either side is, and -0 is less than +0. Integer DIV by zero is the caller's to exclude.
 */
public sealed interface Lane {
    /** The dtype of this expression's value. */
    DType type();

    /** The element of input number {@code index} at the current position. */
    record Input(int index, DType type) implements Lane {}

    /** The same value at every position: {@code bits} are the raw bits of the dtype (0 or 1 for BOOL). */
    record Constant(DType type, long bits) implements Lane {}

    /** One operand: {@code -x}, {@code |x|}, correctly rounded square root, complement. */
    record Unary(UnaryOp op, Lane x) implements Lane {
        public Unary {
            require(op.accepts(x.type()), op, x);
        }

        @Override
        public DType type() {
            return x.type();
        }
    }

    /** Two operands of one dtype, the result of the same. */
    record Binary(BinaryOp op, Lane left, Lane right) implements Lane {
        public Binary {
            require(left.type() == right.type() && op.accepts(left.type()), op, left, right);
        }

        @Override
        public DType type() {
            return left.type();
        }
    }

    /** {@code a * b + c} with one rounding ({@code Math.fma}); floats only. */
    record Fma(Lane a, Lane b, Lane c) implements Lane {
        public Fma {
            require(a.type().isFloat() && a.type() == b.type() && a.type() == c.type(), "FMA", a, b, c);
        }

        @Override
        public DType type() {
            return a.type();
        }
    }

    /** Java's comparison of two operands of one dtype (false where an operand is NaN); not for BOOL. */
    record Compare(CompareOp op, Lane left, Lane right) implements Lane {
        public Compare {
            require(left.type() == right.type() && left.type() != DType.BOOL, op, left, right);
        }

        @Override
        public DType type() {
            return DType.BOOL;
        }
    }

    /** {@code condition ? yes : no}; both sides are computed. */
    record Select(Lane condition, Lane yes, Lane no) implements Lane {
        public Select {
            require(condition.type() == DType.BOOL && yes.type() == no.type(), "SELECT", condition, yes, no);
        }

        @Override
        public DType type() {
            return yes.type();
        }
    }

    /**
     * Java's cast between number types (float to integer truncates and saturates, NaN becomes 0); from BOOL to a number
     * gives 0 or 1, from a number to BOOL gives {@code x != 0}.
     */
    record Convert(Lane x, DType type) implements Lane {}

    /** The raw bits as another dtype of the same width: F32 with I32, F64 with I64. */
    record Bits(Lane x, DType type) implements Lane {
        public Bits {
            require(x.type().bytes() == type.bytes() && x.type() != DType.BOOL, "BITS", x);
        }
    }

    /** A function of {@link StrictMath}, or of this package, on F64: exactly specified, never vectorised. */
    record Strict(StrictFunction function, List<Lane> arguments) implements Lane {
        public Strict {
            arguments = List.copyOf(arguments);
            require(arguments.size() == function.arity()
                    && arguments.stream().allMatch(x -> x.type() == DType.F64), function, arguments.toArray());
        }

        @Override
        public DType type() {
            return DType.F64;
        }
    }

    /** Operations of one operand. */
    enum UnaryOp {
        NEG, ABS, SQRT, NOT;

        boolean accepts(DType type) {
            return switch (this) {
                case NEG, ABS -> type != DType.BOOL;
                case SQRT -> type.isFloat();
                case NOT -> !type.isFloat();
            };
        }
    }

    /** Operations of two operands of one dtype. */
    enum BinaryOp {
        ADD, SUB, MUL, DIV, MIN, MAX, AND, OR, XOR, SHL, SHR, USHR;

        boolean accepts(DType type) {
            return switch (this) {
                case ADD, SUB, MUL, DIV, MIN, MAX -> type != DType.BOOL;
                case AND, OR, XOR -> !type.isFloat();
                case SHL, SHR, USHR -> type.isInteger();
            };
        }
    }

    /** Comparisons; the others follow by exchange and complement. */
    enum CompareOp {
        EQ, LT, LE
    }

    /** Static methods on double, by their names in lower case. */
    enum StrictFunction {
        EXP(1), EXPM1(1), LOG(1), LOG1P(1), LOG10(1), SIN(1), COS(1), TAN(1), ASIN(1), ACOS(1), ATAN(1), SINH(1),
        COSH(1), TANH(1), CBRT(1), POW(2), ATAN2(2), HYPOT(2),
        ASINH(PlainMath.class, 1), ACOSH(PlainMath.class, 1), ATANH(PlainMath.class, 1), LOGIT(PlainMath.class, 1),
        FMOD(PlainMath.class, 2), REMAINDER(PlainMath.class, 2), FLOORDIVIDE(PlainMath.class, 2),
        ERFC(ErrorMath.class, 1), ERFINV(ErrorMath.class, 1), NDTR(ErrorMath.class, 1),
        GELUSLOPE(ErrorMath.class, 1),
        LGAMMA(GammaMath.class, 1), DIGAMMA(GammaMath.class, 1), POLYGAMMA(GammaMath.class, 2),
        BESSELI(SeriesMath.class, 2), SINC(SeriesMath.class, 2),
        INCOMPLETEGAMMA(IncompleteGamma.class, 4), GAMMASLOPE(IncompleteGamma.class, 3),
        LOGGAMMAQUANTILE(IncompleteGamma.class, 2), INCOMPLETEBETA(IncompleteBeta.class, 5);

        private final Class<?> owner;
        private final int arity;

        StrictFunction(int arity) {
            this(StrictMath.class, arity);
        }

        StrictFunction(Class<?> owner, int arity) {
            this.owner = owner;
            this.arity = arity;
        }

        /** The class whose method it is. */
        public Class<?> owner() {
            return owner;
        }

        /** Number of arguments. */
        public int arity() {
            return arity;
        }
    }

    private static void require(boolean condition, Object node, Object... operands) {
        if (!condition) {
            throw new IllegalArgumentException("ill-typed lane expression: " + node + " of " + List.of(operands));
        }
    }

    /** Input number {@code index}. */
    static Lane input(int index, DType type) {
        return new Input(index, type);
    }

    /** A constant, converted to the dtype as a Java cast would. */
    static Lane constant(DType type, double value) {
        return new Constant(type, switch (type) {
            case BOOL -> value != 0 ? 1 : 0;
            case I32 -> (int) value;
            case I64 -> (long) value;
            case F32 -> Integer.toUnsignedLong(Float.floatToRawIntBits((float) value));
            case F64 -> Double.doubleToRawLongBits(value);
        });
    }

    /** An integer constant. */
    static Lane constant(DType type, long value) {
        return type.isInteger() ? new Constant(type, type == DType.I32 ? (int) value : value)
                : constant(type, (double) value);
    }

    default Lane add(Lane other) {
        return new Binary(BinaryOp.ADD, this, other);
    }

    default Lane add(double other) {
        return add(constant(type(), other));
    }

    default Lane sub(Lane other) {
        return new Binary(BinaryOp.SUB, this, other);
    }

    default Lane sub(double other) {
        return sub(constant(type(), other));
    }

    default Lane mul(Lane other) {
        return new Binary(BinaryOp.MUL, this, other);
    }

    default Lane mul(double other) {
        return mul(constant(type(), other));
    }

    default Lane div(Lane other) {
        return new Binary(BinaryOp.DIV, this, other);
    }

    default Lane min(Lane other) {
        return new Binary(BinaryOp.MIN, this, other);
    }

    default Lane max(Lane other) {
        return new Binary(BinaryOp.MAX, this, other);
    }

    default Lane and(Lane other) {
        return new Binary(BinaryOp.AND, this, other);
    }

    default Lane or(Lane other) {
        return new Binary(BinaryOp.OR, this, other);
    }

    default Lane xor(Lane other) {
        return new Binary(BinaryOp.XOR, this, other);
    }

    /** Shift left by a constant count. */
    default Lane shl(int count) {
        return new Binary(BinaryOp.SHL, this, constant(type(), (long) count));
    }

    /** Arithmetic shift right by a constant count. */
    default Lane shr(int count) {
        return new Binary(BinaryOp.SHR, this, constant(type(), (long) count));
    }

    /** Logical shift right by a constant count. */
    default Lane ushr(int count) {
        return new Binary(BinaryOp.USHR, this, constant(type(), (long) count));
    }

    default Lane neg() {
        return new Unary(UnaryOp.NEG, this);
    }

    default Lane abs() {
        return new Unary(UnaryOp.ABS, this);
    }

    default Lane sqrt() {
        return new Unary(UnaryOp.SQRT, this);
    }

    default Lane not() {
        return new Unary(UnaryOp.NOT, this);
    }

    /** {@code this * factor + addend} with one rounding. */
    default Lane fma(Lane factor, Lane addend) {
        return new Fma(this, factor, addend);
    }

    /** {@code this * factor + addend} with one rounding. */
    default Lane fma(Lane factor, double addend) {
        return new Fma(this, factor, constant(type(), addend));
    }

    default Lane eq(Lane other) {
        return new Compare(CompareOp.EQ, this, other);
    }

    default Lane lt(Lane other) {
        return new Compare(CompareOp.LT, this, other);
    }

    default Lane le(Lane other) {
        return new Compare(CompareOp.LE, this, other);
    }

    default Lane lt(double other) {
        return lt(constant(type(), other));
    }

    /** True where this is NaN; floats only. */
    default Lane isNaN() {
        return eq(this).not();
    }

    /** {@code this ? yes : no} for a BOOL. */
    default Lane select(Lane yes, Lane no) {
        return new Select(this, yes, no);
    }

    /** {@code this ? yes : no} for a BOOL, with constants of a dtype. */
    default Lane select(DType type, double yes, double no) {
        return new Select(this, constant(type, yes), constant(type, no));
    }

    default Lane convert(DType type) {
        return type == type() ? this : new Convert(this, type);
    }

    default Lane bits(DType type) {
        return type == type() ? this : new Bits(this, type);
    }
}
