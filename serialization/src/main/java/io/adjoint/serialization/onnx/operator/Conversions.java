package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import io.adjoint.serialization.onnx.op.OddRounding;

/**
 * Conversion between element types. Floats lose their fraction on the way to integers; integers wrap around in a narrower
 * type; everything but 0 is true. What a type cannot hold at all, such as a NaN as an integer, ONNX leaves open.
 */
final class Conversions {
    private Conversions() {}

    /** The elements as another type. */
    static Value convert(Value value, ElementType target) {
        if (value.type() == target) {
            return value;
        }
        return Value.narrowed(target, carried(value, target));
    }

    /** The elements as floats: those of floats as they are, those of integers as double precision. */
    static Tensor floats(Value value) {
        return value.type().isFloat() ? value.tensor() : convert(value, ElementType.DOUBLE).tensor();
    }

    /** The elements as those of the target's carrier, which may be more than the target holds. */
    static Tensor carried(Value value, ElementType target) {
        if (value.type() == ElementType.UINT64 && target.isFloat()) {
            return Unsigned.toFloat(value.tensor(), target.carrier());
        }
        if (value.type().isFloat() && target == ElementType.UINT64) {
            return Unsigned.fromFloat(value.tensor());
        }
        if (value.type() == ElementType.DOUBLE && target.isFloat() && target.isNarrow()) {
            return new OddRounding().apply(value.tensor());
        }
        return value.tensor().cast(target.carrier());
    }

    /** The type that an attribute names, or the default. */
    static ElementType type(Call call, String attribute, ElementType otherwise) {
        return call.attributes().wholeIfGiven(attribute).map(number -> type(call, attribute, number))
                .orElse(otherwise);
    }

    /** The type that an attribute names. */
    static ElementType type(Call call, String attribute) {
        return type(call, attribute, call.attributes().wholeIfGiven(attribute)
                .orElseThrow(() -> call.missing(attribute)));
    }

    private static ElementType type(Call call, String attribute, long number) {
        return ElementType.of(Math.toIntExact(Math.clamp(number, -1, Integer.MAX_VALUE)))
                .orElseThrow(() -> call.refusal("elements of this type cannot be computed with")
                        .operand(attribute, number).expected("the number of a float or integer type, or of bool"));
    }
}
