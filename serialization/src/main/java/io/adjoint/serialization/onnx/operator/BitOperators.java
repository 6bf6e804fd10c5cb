package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import io.adjoint.serialization.onnx.op.BitPattern;
import io.adjoint.serialization.onnx.op.Bits;
import java.util.EnumSet;
import java.util.Set;

/** Operators of the bits of elements. */
final class BitOperators {
    private static final Set<ElementType> UNSIGNED =
            EnumSet.of(ElementType.UINT8, ElementType.UINT16, ElementType.UINT32, ElementType.UINT64);

    private BitOperators() {}

    static void addTo(OperatorTable table) {
        table.value("BitCast", call -> cast(call, Conversions.type(call, "to")));
        table.value("BitShift", call -> shift(call, Sides.of(call)));
        table.tensor("BitwiseNot", call -> not(call, call.tensor(0)));
    }

    private static Value cast(Call call, ElementType to) {
        ElementType from = call.type(0);
        return from == to ? call.value(0) : new Value(to, new BitPattern(from, to).apply(call.tensor(0)));
    }

    /** Every bit the other way round. */
    private static Tensor not(Call call, Tensor x) {
        if (!x.dtype().isInteger()) {
            throw call.refusal("not integers").operand("input", call.type(0)).expected("an integer type");
        }
        return x.neg().sub(1);
    }

    private static Value shift(Call call, Sides sides) {
        Bits.Rule rule = switch (call.attributes().text("direction", "")) {
            case "LEFT" -> Bits.Rule.LEFT;
            case "RIGHT" -> Bits.Rule.RIGHT;
            case String other -> throw call.refusal("not a direction").operand("direction", other)
                    .expected("LEFT or RIGHT");
        };
        if (!UNSIGNED.contains(sides.type())) {
            throw call.refusal("not unsigned integers").operand("type", sides.type()).expected(UNSIGNED.toString());
        }
        return sides.typed(new Bits(rule).apply(sides.left(), sides.right()));
    }
}
