package io.adjoint.serialization.onnx.graph;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Arity;
import io.adjoint.autodiff.op.Custom;
import io.adjoint.autodiff.op.Gradient;
import io.adjoint.serialization.onnx.ElementType;
import java.util.List;

/**
 * Elements as a narrower type holds them: floats are rounded to nearest, ties to even, and integers wrap around. The
 * gradient passes rounding as if it were not there.
 *
 * @param type whose values are kept
 */
public record Narrow(ElementType type) implements Custom {
    private static final Gradient STRAIGHT_THROUGH = Gradient.of(Gradient.Partial.linear(Gradient.Context::cotangent));

    @Override
    public String id() {
        return "narrow";
    }

    @Override
    public Arity arity() {
        return Arity.of(1);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        return inputs.getFirst();
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Tensor x = inputs.getFirst();
        return switch (type) {
            case FLOAT16 -> floats(x, v -> Float.float16ToFloat(Float.floatToFloat16(v)));
            case BFLOAT16 -> floats(x, Narrow::toBfloat16);
            case UINT8 -> ints(x, v -> v & 0xFF);
            case INT8 -> ints(x, v -> (byte) v);
            case UINT16 -> ints(x, v -> v & 0xFFFF);
            case INT16 -> ints(x, v -> (short) v);
            case UINT32 -> longs(x);
            case FLOAT, INT32, INT64, BOOL, DOUBLE, UINT64 -> x;
        };
    }

    private interface FloatRule {
        float apply(float value);
    }

    private interface IntRule {
        int apply(int value);
    }

    private static Tensor floats(Tensor x, FloatRule rule) {
        float[] values = x.toFloats();
        for (int i = 0; i < values.length; i++) {
            values[i] = rule.apply(values[i]);
        }
        return Tensor.of(values, x.shape());
    }

    /** Adding half of the last place kept carries where it must; a NaN keeps a bit, so that it does not become infinite. */
    private static float toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int rounded = Float.isNaN(value) ? bits | 1 << 22 : bits + 0x7FFF + (bits >>> 16 & 1);
        return Float.intBitsToFloat(rounded & 0xFFFF0000);
    }

    private static Tensor ints(Tensor x, IntRule rule) {
        int[] values = x.toInts();
        for (int i = 0; i < values.length; i++) {
            values[i] = rule.apply(values[i]);
        }
        return Tensor.of(values, x.shape());
    }

    private static Tensor longs(Tensor x) {
        long[] values = x.toLongs();
        for (int i = 0; i < values.length; i++) {
            values[i] &= 0xFFFFFFFFL;
        }
        return Tensor.of(values, x.shape());
    }

    @Override
    public Gradient gradient() {
        return type.isFloat() ? STRAIGHT_THROUGH : Gradient.none("integers");
    }
}
