package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.List;
import java.util.Optional;

/** Integers that stand for floats: {@code x = (q - zero point) * scale}. */
final class QuantisationOperators {
    private QuantisationOperators() {}

    static void addTo(OperatorTable table) {
        table.value("QuantizeLinear", QuantisationOperators::quantise);
        table.value("DequantizeLinear", QuantisationOperators::dequantise);
        table.values("DynamicQuantizeLinear", call -> {
            Dynamic all = Dynamic.of(call.tensor(0));
            return List.of(uint8(all.quantised()), Value.of(all.scale()), uint8(all.zeroPoint()));
        });
        QuantisedProducts.addTo(table);
    }

    private static Value uint8(Tensor tensor) {
        return new Value(ElementType.UINT8, tensor);
    }

    // ---- one scale for all, for each place of an axis, or for each block along it

    private static Value quantise(Call call) {
        ElementType computed = typeOr(call, "precision", call.type(1));
        Tensor x = call.tensor(0).cast(computed.carrier());
        Tensor scale = fitted(call, call.tensor(1), x).cast(computed.carrier());
        Tensor quotient = Value.narrowed(computed, x.div(scale)).tensor();
        ElementType type = call.has(2) ? call.type(2) : typeOr(call, "output_dtype", ElementType.UINT8);
        return rounded(call, type, quotient, call.findTensor(2).map(zero -> fitted(call, zero, x)));
    }

    /** {@code round(x / scale) + zero point}, ties to even, as the nearest that the type has. */
    static Value rounded(Call call, ElementType type, Tensor quotient, Optional<Tensor> zeroPoint) {
        int bits = switch (type) {
            case UINT8, INT8 -> 8;
            case UINT16, INT16 -> 16;
            default -> throw call.refusal("no type of quantised numbers").operand("type", type)
                    .expected("uint8, int8, uint16 or int16");
        };
        boolean signed = type == ElementType.INT8 || type == ElementType.INT16;
        int low = signed ? -(1 << bits - 1) : 0;
        Tensor whole = quotient.round();
        Tensor moved = zeroPoint.map(zero -> whole.add(zero.cast(whole.dtype()))).orElse(whole);
        return new Value(type, moved.clamp(low, low + (1 << bits) - 1).cast(DType.I32));
    }

    private static Value dequantise(Call call) {
        Tensor x = call.tensor(0);
        if (x.dtype() != DType.I32) {
            throw call.refusal("no quantised numbers").operand("input", call.type(0))
                    .expected("an integer type of at most 32 bits");
        }
        Tensor above = call.findTensor(2).map(zero -> x.sub(fitted(call, zero, x))).orElse(x);
        Tensor scale = fitted(call, call.tensor(1), x);
        ElementType type = typeOr(call, "output_dtype", call.type(1));
        return Value.narrowed(type, above.cast(scale.dtype()).mul(scale).cast(type.carrier()));
    }

    private static ElementType typeOr(Call call, String attribute, ElementType otherwise) {
        int number = call.attributes().integer(attribute, 0);
        return number == 0 ? otherwise : ElementType.of(number).orElseThrow(() -> call.refusal("no such type")
                .operand(attribute, number).expected("a type that can be computed with"));
    }

    /** Scales or zero points as they stretch to what they are for. */
    private static Tensor fitted(Call call, Tensor given, Tensor x) {
        if (given.size() == 1 && given.rank() <= 1) {
            return given.reshape(Shape.scalar());
        }
        int axis = x.shape().axis(call.operator(), call.attributes().integer("axis", 1));
        int block = call.attributes().integer("block_size", 0);
        Shape expected = block > 0 ? x.shape().with(axis, Math.ceilDiv(x.dim(axis), block)) : Shape.of(x.dim(axis));
        if (!given.shape().equals(expected)) {
            throw call.refusal("scale or zero point do not fit the input").operand("given", given.shape())
                    .operand("input", x.shape()).operand("axis", axis).operand("block_size", block)
                    .expected("a scalar or " + expected);
        }
        Tensor blocks = Tensor.range(x.dim(axis)).floorDivide(Math.max(1, block));
        return block > 0 ? given.indexSelect(axis, blocks) : ArrangementOperators.along(given, axis, x.rank());
    }

    /**
     * Floats quantised to uint8 so that the whole range that they and 0 need is used.
     *
     * @param quantised of the shape of the floats
     * @param scale a scalar
     * @param zeroPoint a scalar
     */
    record Dynamic(Tensor quantised, Tensor scale, Tensor zeroPoint) {
        static Dynamic of(Tensor x) {
            Tensor high = x.max().maximum(0);
            Tensor low = x.min().minimum(0);
            Tensor range = high.sub(low).div(255);
            Tensor scale = range.eq(0).where(1, range); // all are 0: any scale will do
            Tensor zeroPoint = low.neg().div(scale).clamp(0, 255).round();
            Tensor quantised = x.div(scale).round().add(zeroPoint).clamp(0, 255);
            return new Dynamic(quantised.cast(DType.I32), scale, zeroPoint.cast(DType.I32));
        }
    }
}
