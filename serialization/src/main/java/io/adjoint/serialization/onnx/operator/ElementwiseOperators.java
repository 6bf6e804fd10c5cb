package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import io.adjoint.serialization.onnx.op.Bits;
import io.adjoint.serialization.onnx.operator.OperatorTable.Entry;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Arithmetic, comparison, logic and conversion, element by element. */
final class ElementwiseOperators {
    private ElementwiseOperators() {}

    static void addTo(OperatorTable table) {
        addArithmetic(table);
        addFunctions(table);
        addComparisons(table);
        addConversions(table);
        addBits(table);
    }

    private static void addArithmetic(OperatorTable table) {
        binary(table, "Add", Tensor::add);
        binary(table, "Sub", Tensor::sub);
        binary(table, "Mul", Tensor::mul);
        table.value("Div", call -> divide(Sides.of(call)));
        table.value("Mod", call -> modulo(call, Sides.of(call)));
        table.value("Pow", call -> power(call));
        table.tensor("Sum", call -> joined(call, Tensor::add));
        table.tensor("Mean", call -> {
            floats(call);
            return joined(call, Tensor::add).div(call.inputs());
        });
        table.tensor("Max", call -> extreme(call, Tensor::maximum));
        table.tensor("Min", call -> extreme(call, Tensor::minimum));
        table.value("Clip", ElementwiseOperators::clip).knows(1, 2);
        table.tensor("Identity", call -> call.tensor(0));
        table.tensor("Neg", call -> call.tensor(0).neg());
        table.tensor("Abs", call -> call.type(0) == ElementType.UINT64 ? call.tensor(0) : call.tensor(0).abs());
        table.tensor("Sign", call -> call.type(0) == ElementType.UINT64 ? call.tensor(0).ne(0).cast(DType.I64)
                : call.tensor(0).sign());
    }

    private static void addFunctions(OperatorTable table) {
        unary(table, "Reciprocal", Tensor::reciprocal);
        unary(table, "Sqrt", Tensor::sqrt);
        unary(table, "Exp", Tensor::exp);
        unary(table, "Log", Tensor::log);
        table.value("Erf", call -> {
            Value erf = call.like(0, Conversions.floats(call.value(0)).erf());
            return Conversions.convert(erf, call.type(0));
        });
        unary(table, "Ceil", Tensor::ceil);
        unary(table, "Floor", Tensor::floor);
        unary(table, "Round", Tensor::round);
        unary(table, "Sin", Tensor::sin);
        unary(table, "Cos", Tensor::cos);
        unary(table, "Tan", Tensor::tan);
        unary(table, "Asin", Tensor::asin);
        unary(table, "Acos", Tensor::acos);
        unary(table, "Atan", Tensor::atan);
        unary(table, "Sinh", Tensor::sinh);
        unary(table, "Cosh", Tensor::cosh);
        unary(table, "Tanh", Tensor::tanh);
        unary(table, "Asinh", Tensor::asinh);
        unary(table, "Acosh", Tensor::acosh);
        unary(table, "Atanh", Tensor::atanh);
    }

    private static void addComparisons(OperatorTable table) {
        compare(table, "Equal", Tensor::eq);
        compare(table, "Less", Tensor::lt);
        compare(table, "LessOrEqual", Tensor::le);
        compare(table, "Greater", Tensor::gt);
        compare(table, "GreaterOrEqual", Tensor::ge);
        binary(table, "And", Tensor::and);
        binary(table, "Or", Tensor::or);
        binary(table, "Xor", Tensor::xor);
        table.tensor("Not", call -> call.tensor(0).not());
        unary(table, "IsNaN", Tensor::isNaN);
        table.tensor("IsInf", ElementwiseOperators::isInf);
        table.value("Where", ElementwiseOperators::where);
    }

    private static void addConversions(OperatorTable table) {
        table.value("Cast", call -> Conversions.convert(call.value(0), Conversions.type(call, "to")));
        table.value("CastLike", call -> Conversions.convert(call.value(0), call.type(1)));
    }

    private static void addBits(OperatorTable table) {
        BitOperators.addTo(table);
        binary(table, "BitwiseAnd", new Bits(Bits.Rule.AND)::apply);
        binary(table, "BitwiseOr", new Bits(Bits.Rule.OR)::apply);
        binary(table, "BitwiseXor", new Bits(Bits.Rule.XOR)::apply);
    }

    // ---- sorts of operators

    private static Entry unary(OperatorTable table, String name, UnaryOperator<Tensor> function) {
        return table.tensor(name, call -> function.apply(floats(call)));
    }

    /** The first input, if it holds floats. */
    static Tensor floats(Call call) {
        if (!call.type(0).isFloat()) {
            throw call.refusal("not floats").operand("input", call.type(0)).expected("a float type");
        }
        return call.tensor(0);
    }

    private static Entry binary(OperatorTable table, String name, BinaryOperator<Tensor> function) {
        return table.value(name, call -> {
            Sides sides = Sides.of(call);
            return sides.typed(function.apply(sides.left(), sides.right()));
        });
    }

    private static Entry compare(OperatorTable table, String name, BinaryOperator<Tensor> function) {
        return table.value(name, call -> {
            Sides sides = Sides.of(call).ordered();
            return Value.of(function.apply(sides.left(), sides.right()));
        });
    }

    // ---- single operators

    private static Value divide(Sides sides) {
        return sides.typed(sides.type().isFloat() ? sides.left().div(sides.right())
                : Unsigned.divide(sides.type(), sides.left(), sides.right()));
    }

    /** The rest has the sign of the divisor; as in C, with {@code fmod}, that of the dividend. */
    private static Value modulo(Call call, Sides sides) {
        if (sides.type() == ElementType.UINT64) {
            return sides.typed(Unsigned.remainder(sides.left(), sides.right()));
        }
        if (call.attributes().flag("fmod")) {
            return sides.typed(sides.left().fmod(sides.right()));
        }
        if (sides.type().isFloat()) {
            throw call.refusal("the rest of a division of floats has the sign of the dividend")
                    .operand("fmod", 0).operand("type", sides.type()).expected("fmod=1");
        }
        return sides.typed(sides.left().remainder(sides.right()));
    }

    /** Squares are so common, and so much cheaper, that a constant exponent is looked at. */
    private static Value power(Call call) {
        OptionalDouble constant = call.constant(1);
        boolean isProduct = constant.isPresent() && (constant.getAsDouble() == 2 || constant.getAsDouble() == 3);
        if (isProduct && call.type(0).isFloat() && call.tensor(1).rank() <= call.tensor(0).rank()) {
            return call.like(0, call.tensor(0).pow(constant.getAsDouble()));
        }
        return power(Sides.ofAnyTypes(call), call.value(1));
    }

    /** A power has the type of its base, whatever that of the exponent. */
    private static Value power(Sides sides, Value exponent) {
        ElementType type = sides.type();
        if (!type.isFloat() && exponent.type().isFloat()) {
            Value base = Conversions.convert(new Value(type, sides.left()), ElementType.DOUBLE);
            Tensor power = base.tensor().pow(sides.right().cast(DType.F64));
            return Conversions.convert(Value.of(power), type);
        }
        Tensor raised = type.isFloat()
                ? sides.left().pow(Conversions.carried(new Value(exponent.type(), sides.right()), type))
                : sides.left().pow(sides.right()).cast(type.carrier());
        return Value.narrowed(type, raised);
    }

    /** Any number of inputs of one type; before opset 8 of one shape, too. */
    private static Tensor joined(Call call, BinaryOperator<Tensor> function) {
        Tensor joined = call.tensor(0);
        for (int i = 1; i < call.inputs(); i++) {
            if (call.type(i) != call.type(0)
                    || call.version() < 8 && !call.tensor(i).shape().equals(call.tensor(0).shape())) {
                throw call.refusal("the inputs do not fit together").operand("input 0", call.tensor(0).spec())
                        .operand("input " + i, call.tensor(i).spec())
                        .expected(call.version() < 8 ? "one type and one shape" : "one type");
            }
            joined = function.apply(joined, call.tensor(i));
        }
        return joined;
    }

    private static Tensor extreme(Call call, BinaryOperator<Tensor> function) {
        ElementType type = call.type(0);
        return joined(call, (a, b) -> Unsigned.ordered(type,
                function.apply(Unsigned.ordered(type, a), Unsigned.ordered(type, b))));
    }

    /** Bounds are attributes before opset 11, and lie then at the ends of single precision if they are not given. */
    private static Value clip(Call call) {
        if (call.version() < 11) {
            return call.like(0, floats(call).clamp(call.attributes().real("min", -Float.MAX_VALUE),
                    call.attributes().real("max", Float.MAX_VALUE)));
        }
        ElementType type = call.type(0);
        Tensor x = Unsigned.ordered(type, call.tensor(0));
        Optional<Tensor> low = bound(call, 1);
        Optional<Tensor> high = bound(call, 2);
        Tensor raised = low.isPresent() ? x.clampMin(low.get()) : x;
        Tensor cut = high.isPresent() ? raised.clampMax(high.get()) : raised;
        return new Value(type, Unsigned.ordered(type, cut));
    }

    private static Optional<Tensor> bound(Call call, int input) {
        return call.find(input).map(bound -> {
            if (bound.type() != call.type(0) || bound.tensor().size() != 1) {
                throw call.refusal("not a bound").operand("input", call.type(0)).operand("bound", bound.type())
                        .operand("shape", bound.tensor().shape()).expected("a scalar of the input's type");
            }
            return Unsigned.ordered(bound.type(), bound.tensor().reshape(Shape.scalar()));
        });
    }

    private static Tensor isInf(Call call) {
        Tensor x = floats(call);
        Tensor isPositive = x.gt(0);
        Tensor infinite = x.isInf();
        Tensor counted = call.attributes().whole("detect_positive", 1) != 0 ? infinite
                : infinite.and(isPositive.not());
        return call.attributes().whole("detect_negative", 1) != 0 ? counted : counted.and(isPositive);
    }

    private static Value where(Call call) {
        if (call.type(1) != call.type(2)) {
            throw call.refusal("the choices differ in type").operand("X", call.type(1)).operand("Y", call.type(2))
                    .expected("one type");
        }
        return new Value(call.type(1), call.tensor(0).where(call.tensor(1), call.tensor(2)));
    }
}
