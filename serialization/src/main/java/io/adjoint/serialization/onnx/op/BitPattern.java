package io.adjoint.serialization.onnx.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Arity;
import io.adjoint.autodiff.op.Custom;
import io.adjoint.autodiff.op.Gradient;
import io.adjoint.serialization.onnx.ElementType;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The bits of elements, read as those of another type of the same width. Elements are what the types' carriers hold. No gradient.
 *
 * @param from the type of the elements
 * @param to the type of the result
 */
public record BitPattern(ElementType from, ElementType to) implements Custom {
    private static final Gradient NONE = Gradient.none("bits");

    /** Types of one width. */
    public BitPattern {
        if (width(from) != width(to)) {
            throw ShapeException.of("bit_pattern", "the types differ in width").operand("input", from)
                    .operand("to", to).expected("a type of " + width(from) + " bits");
        }
    }

    private static int width(ElementType type) {
        return switch (type) {
            case UINT8, INT8, BOOL -> 8;
            case FLOAT16, BFLOAT16, UINT16, INT16 -> 16;
            case FLOAT, INT32, UINT32 -> 32;
            case DOUBLE, INT64, UINT64 -> 64;
        };
    }

    @Override
    public String id() {
        return "bit_pattern";
    }

    @Override
    public Arity arity() {
        return Arity.of(1);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        if (inputs.getFirst().dtype() != from.carrier()) {
            throw ShapeException.of(id(), "not the elements' type").operand("input", inputs.getFirst())
                    .expected(from.carrier() + ", which holds " + from);
        }
        return new TensorSpec(to.carrier(), inputs.getFirst().shape());
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Tensor x = inputs.getFirst();
        long[] bits = bits(x);
        int n = bits.length;
        IntStream all = IntStream.range(0, n);
        return switch (to) {
            case DOUBLE -> Tensor.of(all.mapToDouble(i -> Double.longBitsToDouble(bits[i])).toArray(), x.shape());
            case FLOAT, FLOAT16, BFLOAT16 -> {
                float[] values = new float[n];
                all.forEach(i -> values[i] = toFloat((int) bits[i]));
                yield Tensor.of(values, x.shape());
            }
            case INT64, UINT64 -> Tensor.of(bits, x.shape());
            case UINT32 -> Tensor.of(all.mapToLong(i -> bits[i] & 0xFFFFFFFFL).toArray(), x.shape());
            case INT32 -> ints(x, all.map(i -> (int) bits[i]));
            case INT16 -> ints(x, all.map(i -> (short) bits[i]));
            case UINT16 -> ints(x, all.map(i -> (int) bits[i] & 0xFFFF));
            case INT8 -> ints(x, all.map(i -> (byte) bits[i]));
            case UINT8 -> ints(x, all.map(i -> (int) bits[i] & 0xFF));
            case BOOL -> Tensor.of(bits, x.shape()).cast(DType.BOOL);
        };
    }

    private static Tensor ints(Tensor x, IntStream values) {
        return Tensor.of(values.toArray(), x.shape());
    }

    private float toFloat(int bits) {
        return switch (to) {
            case FLOAT16 -> Float.float16ToFloat((short) bits);
            case BFLOAT16 -> Float.intBitsToFloat(bits << 16);
            default -> Float.intBitsToFloat(bits);
        };
    }

    private long[] bits(Tensor x) {
        if (from == ElementType.DOUBLE) {
            double[] values = x.toDoubles();
            return IntStream.range(0, values.length).mapToLong(i -> Double.doubleToRawLongBits(values[i])).toArray();
        }
        if (from.isFloat()) {
            float[] values = x.toFloats();
            return IntStream.range(0, values.length).mapToLong(i -> fromFloat(values[i])).toArray();
        }
        return x.cast(DType.I64).toLongs();
    }

    private int fromFloat(float value) {
        return switch (from) {
            case FLOAT16 -> Float.floatToFloat16(value);
            case BFLOAT16 -> Float.floatToRawIntBits(value) >>> 16;
            default -> Float.floatToRawIntBits(value);
        };
    }

    @Override
    public Gradient gradient() {
        return NONE;
    }
}
