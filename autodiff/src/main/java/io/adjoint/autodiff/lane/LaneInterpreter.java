package io.adjoint.autodiff.lane;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane.Binary;
import io.adjoint.autodiff.lane.Lane.BinaryOp;
import io.adjoint.autodiff.lane.Lane.Bits;
import io.adjoint.autodiff.lane.Lane.Compare;
import io.adjoint.autodiff.lane.Lane.CompareOp;
import io.adjoint.autodiff.lane.Lane.Constant;
import io.adjoint.autodiff.lane.Lane.Convert;
import io.adjoint.autodiff.lane.Lane.Fma;
import io.adjoint.autodiff.lane.Lane.Input;
import io.adjoint.autodiff.lane.Lane.Select;
import io.adjoint.autodiff.lane.Lane.Strict;
import io.adjoint.autodiff.lane.Lane.StrictFunction;
import io.adjoint.autodiff.lane.Lane.Unary;
import io.adjoint.autodiff.lane.Lane.UnaryOp;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Evaluates a lane expression at one position, a node at a time: the meaning of {@link Lane} written down in Java,
 * against which every faster way to run an expression is tested.
 *
 * <p>A value travels as the raw bits of its dtype in a {@code long}: I32 sign-extended, F32 zero-extended, BOOL as 0 or
 * 1. The expression is flattened once, so that a node which is used twice is computed once and millions of positions
 * can be evaluated. An interpreter keeps no state between evaluations and may be shared by threads.
 */
public final class LaneInterpreter {
    /** A node and the positions of its operands in the order of evaluation. */
    private record Step(Lane node, int[] operands) {}

    private final List<Step> steps;

    /** Flattens {@code expression}. */
    public LaneInterpreter(Lane expression) {
        List<Step> order = new ArrayList<>();
        place(expression, order, new IdentityHashMap<>());
        steps = List.copyOf(order);
    }

    private static int place(Lane node, List<Step> order, Map<Lane, Integer> placed) {
        Integer known = placed.get(node);
        if (known != null) {
            return known;
        }
        int[] operands =
                operands(node).stream().mapToInt(operand -> place(operand, order, placed)).toArray();
        order.add(new Step(node, operands));
        placed.put(node, order.size() - 1);
        return order.size() - 1;
    }

    private static List<Lane> operands(Lane node) {
        return switch (node) {
            case Input _, Constant _ -> List.of();
            case Unary(UnaryOp _, Lane x) -> List.of(x);
            case Binary(BinaryOp _, Lane left, Lane right) -> List.of(left, right);
            case Fma(Lane a, Lane b, Lane c) -> List.of(a, b, c);
            case Compare(CompareOp _, Lane left, Lane right) -> List.of(left, right);
            case Select(Lane condition, Lane yes, Lane no) -> List.of(condition, yes, no);
            case Convert(Lane x, DType _) -> List.of(x);
            case Bits(Lane x, DType _) -> List.of(x);
            case Strict(StrictFunction _, List<Lane> arguments) -> arguments;
        };
    }

    /** Evaluates {@code expression} once, for boxed values of its inputs, to a boxed value. */
    public static Object evaluate(Lane expression, Object... inputs) {
        long[] bits = new long[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            bits[i] = unbox(inputs[i]);
        }
        return box(expression.type(), new LaneInterpreter(expression).evaluate(bits));
    }

    /** Every node once, operands before their users. */
    public List<Lane> nodes() {
        return steps.stream().map(Step::node).toList();
    }

    /** The raw bits of the value for the raw bits of the inputs. */
    public long evaluate(long... inputs) {
        long[] values = new long[steps.size()];
        for (int i = 0; i < values.length; i++) {
            Step step = steps.get(i);
            values[i] = evaluate(step.node(), step.operands(), values, inputs);
        }
        return values[values.length - 1];
    }

    private static long evaluate(Lane node, int[] operands, long[] values, long[] inputs) {
        return switch (node) {
            case Input(int index, DType type) -> canonical(type, inputs[index]);
            case Constant(DType type, long bits) -> canonical(type, bits);
            case Unary(UnaryOp op, Lane x) -> unary(op, x.type(), values[operands[0]]);
            case Binary(BinaryOp op, Lane left, Lane _) ->
                binary(op, left.type(), values[operands[0]], values[operands[1]]);
            case Fma(Lane a, Lane _, Lane _) ->
                fma(a.type(), values[operands[0]], values[operands[1]], values[operands[2]]);
            case Compare(CompareOp op, Lane left, Lane _) ->
                ofBoolean(compare(op, left.type(), values[operands[0]], values[operands[1]]));
            case Select _ -> values[asBoolean(values[operands[0]]) ? operands[1] : operands[2]];
            case Convert(Lane x, DType type) -> convert(x.type(), values[operands[0]], type);
            case Bits(Lane _, DType type) -> canonical(type, values[operands[0]]);
            case Strict(StrictFunction function, List<Lane> arguments) ->
                ofDouble(strict(
                        function,
                        IntStream.range(0, arguments.size()).mapToDouble(i -> asDouble(values[operands[i]]))
                                .toArray()));
        };
    }

    private static long unary(UnaryOp op, DType type, long x) {
        return switch (type) {
            case BOOL -> ofBoolean(!asBoolean(x));
            case I32 -> unary(op, asInt(x));
            case I64 -> unary(op, x);
            case F32 -> ofFloat(unary(op, asFloat(x)));
            case F64 -> ofDouble(unary(op, asDouble(x)));
        };
    }

    private static int unary(UnaryOp op, int x) {
        return switch (op) {
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case NOT -> ~x;
            case SQRT -> throw illTyped(op);
        };
    }

    private static long unary(UnaryOp op, long x) {
        return switch (op) {
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case NOT -> ~x;
            case SQRT -> throw illTyped(op);
        };
    }

    private static float unary(UnaryOp op, float x) {
        return switch (op) {
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SQRT -> (float) Math.sqrt(x); // exact: a double has more than twice the digits of a float
            case NOT -> throw illTyped(op);
        };
    }

    private static double unary(UnaryOp op, double x) {
        return switch (op) {
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SQRT -> Math.sqrt(x);
            case NOT -> throw illTyped(op);
        };
    }

    private static long binary(BinaryOp op, DType type, long x, long y) {
        return switch (type) {
            case BOOL -> ofBoolean(binary(op, asBoolean(x), asBoolean(y)));
            case I32 -> binary(op, asInt(x), asInt(y));
            case I64 -> binary(op, x, y);
            case F32 -> ofFloat(binary(op, asFloat(x), asFloat(y)));
            case F64 -> ofDouble(binary(op, asDouble(x), asDouble(y)));
        };
    }

    private static boolean binary(BinaryOp op, boolean x, boolean y) {
        return switch (op) {
            case AND -> x & y;
            case OR -> x | y;
            case XOR -> x ^ y;
            case ADD, SUB, MUL, DIV, MIN, MAX, SHL, SHR, USHR -> throw illTyped(op);
        };
    }

    private static int binary(BinaryOp op, int x, int y) {
        return switch (op) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            case MIN -> Math.min(x, y);
            case MAX -> Math.max(x, y);
            case AND -> x & y;
            case OR -> x | y;
            case XOR -> x ^ y;
            case SHL -> x << y;
            case SHR -> x >> y;
            case USHR -> x >>> y;
        };
    }

    private static long binary(BinaryOp op, long x, long y) {
        return switch (op) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            case MIN -> Math.min(x, y);
            case MAX -> Math.max(x, y);
            case AND -> x & y;
            case OR -> x | y;
            case XOR -> x ^ y;
            case SHL -> x << y;
            case SHR -> x >> y;
            case USHR -> x >>> y;
        };
    }

    private static float binary(BinaryOp op, float x, float y) {
        return switch (op) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            case MIN -> Math.min(x, y);
            case MAX -> Math.max(x, y);
            case AND, OR, XOR, SHL, SHR, USHR -> throw illTyped(op);
        };
    }

    private static double binary(BinaryOp op, double x, double y) {
        return switch (op) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            case MIN -> Math.min(x, y);
            case MAX -> Math.max(x, y);
            case AND, OR, XOR, SHL, SHR, USHR -> throw illTyped(op);
        };
    }

    private static long fma(DType type, long a, long b, long c) {
        return type == DType.F32
                ? ofFloat(Math.fma(asFloat(a), asFloat(b), asFloat(c)))
                : ofDouble(Math.fma(asDouble(a), asDouble(b), asDouble(c)));
    }

    private static boolean compare(CompareOp op, DType type, long x, long y) {
        return switch (type) {
            case BOOL -> throw illTyped(op);
            case I32, I64 ->
                switch (op) {
                    case EQ -> x == y;
                    case LT -> x < y;
                    case LE -> x <= y;
                };
            case F32 -> compare(op, asFloat(x), asFloat(y)); // widening keeps order, equality and NaN
            case F64 -> compare(op, asDouble(x), asDouble(y));
        };
    }

    private static boolean compare(CompareOp op, double x, double y) {
        return switch (op) {
            case EQ -> x == y;
            case LT -> x < y;
            case LE -> x <= y;
        };
    }

    private static long convert(DType from, long x, DType to) {
        return switch (from) {
            case BOOL, I32, I64 ->
                switch (to) {
                    case BOOL -> ofBoolean(x != 0);
                    case I32 -> (int) x;
                    case I64 -> x;
                    case F32 -> ofFloat(x);
                    case F64 -> ofDouble(x);
                };
            case F32 -> {
                float value = asFloat(x);
                yield switch (to) {
                    case BOOL -> ofBoolean(value != 0);
                    case I32 -> (int) value;
                    case I64 -> (long) value;
                    case F32 -> x;
                    case F64 -> ofDouble(value);
                };
            }
            case F64 -> {
                double value = asDouble(x);
                yield switch (to) {
                    case BOOL -> ofBoolean(value != 0);
                    case I32 -> (int) value;
                    case I64 -> (long) value;
                    case F32 -> ofFloat((float) value);
                    case F64 -> x;
                };
            }
        };
    }

    private static double strict(StrictFunction function, double[] arguments) {
        double x = arguments[0];
        double y = arguments.length > 1 ? arguments[1] : 0;
        return switch (function) {
            case EXP -> StrictMath.exp(x);
            case EXPM1 -> StrictMath.expm1(x);
            case LOG -> StrictMath.log(x);
            case LOG1P -> StrictMath.log1p(x);
            case LOG10 -> StrictMath.log10(x);
            case SIN -> StrictMath.sin(x);
            case COS -> StrictMath.cos(x);
            case TAN -> StrictMath.tan(x);
            case ASIN -> StrictMath.asin(x);
            case ACOS -> StrictMath.acos(x);
            case ATAN -> StrictMath.atan(x);
            case SINH -> StrictMath.sinh(x);
            case COSH -> StrictMath.cosh(x);
            case TANH -> StrictMath.tanh(x);
            case CBRT -> StrictMath.cbrt(x);
            case POW -> StrictMath.pow(x, y);
            case ATAN2 -> StrictMath.atan2(x, y);
            case HYPOT -> StrictMath.hypot(x, y);
            case ASINH -> PlainMath.asinh(x);
            case ACOSH -> PlainMath.acosh(x);
            case ATANH -> PlainMath.atanh(x);
            case LOGIT -> PlainMath.logit(x);
            case FMOD -> PlainMath.fmod(x, y);
            case REMAINDER -> PlainMath.remainder(x, y);
            case FLOORDIVIDE -> PlainMath.floordivide(x, y);
            case ERFC -> ErrorMath.erfc(x);
            case ERFINV -> ErrorMath.erfinv(x);
            case NDTR -> ErrorMath.ndtr(x);
            case GELUSLOPE -> ErrorMath.geluslope(x);
            case LGAMMA -> GammaMath.lgamma(x);
            case DIGAMMA -> GammaMath.digamma(x);
            case POLYGAMMA -> GammaMath.polygamma(x, y);
            case BESSELI -> SeriesMath.besseli(x, y);
            case SINC -> SeriesMath.sinc(x, y);
            case INCOMPLETEGAMMA -> IncompleteGamma.incompletegamma(x, y, arguments[2], arguments[3]);
            case GAMMASLOPE -> IncompleteGamma.gammaslope(x, y, arguments[2]);
            case LOGGAMMAQUANTILE -> IncompleteGamma.loggammaquantile(x, y);
            case INCOMPLETEBETA -> IncompleteBeta.incompletebeta(x, y, arguments[2], arguments[3], arguments[4]);
        };
    }

    private static long canonical(DType type, long bits) {
        return switch (type) {
            case BOOL -> bits & 1;
            case I32 -> (int) bits;
            case F32 -> Integer.toUnsignedLong((int) bits);
            case I64, F64 -> bits;
        };
    }

    private static long unbox(Object value) {
        return switch (value) {
            case Boolean x -> ofBoolean(x);
            case Integer x -> x;
            case Long x -> x;
            case Float x -> ofFloat(x);
            case Double x -> ofDouble(x);
            default -> throw new IllegalArgumentException("no value of a dtype: " + value.getClass());
        };
    }

    private static Object box(DType type, long bits) {
        return switch (type) {
            case BOOL -> asBoolean(bits);
            case I32 -> asInt(bits);
            case I64 -> bits;
            case F32 -> asFloat(bits);
            case F64 -> asDouble(bits);
        };
    }

    private static boolean asBoolean(long bits) {
        return bits != 0;
    }

    private static int asInt(long bits) {
        return (int) bits;
    }

    private static float asFloat(long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    private static double asDouble(long bits) {
        return Double.longBitsToDouble(bits);
    }

    private static long ofBoolean(boolean value) {
        return value ? 1 : 0;
    }

    private static long ofFloat(float value) {
        return Integer.toUnsignedLong(Float.floatToRawIntBits(value));
    }

    private static long ofDouble(double value) {
        return Double.doubleToRawLongBits(value);
    }

    private static AssertionError illTyped(Enum<?> op) {
        return new AssertionError(op + " on a dtype that its constructor refuses");
    }
}
