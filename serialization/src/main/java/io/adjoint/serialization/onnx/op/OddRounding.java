package io.adjoint.serialization.onnx.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Arity;
import io.adjoint.autodiff.op.Custom;
import io.adjoint.autodiff.op.Gradient;
import java.util.List;

/**
 * From double to single precision on the way to less: what is not exact becomes the neighbour whose last bit is 1, which no
 * later rounding takes for a tie. So both roundings together are one. F64 to F32; the gradient passes as if nothing was rounded.
 */
public record OddRounding() implements Custom {
    private static final Gradient GRADIENT =
            Gradient.of(Gradient.Partial.linear(v -> v.cotangent().cast(v.inputSpec(0).dtype())));

    @Override
    public String id() {
        return "odd_rounding";
    }

    @Override
    public Arity arity() {
        return Arity.of(1);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        if (inputs.getFirst().dtype() != DType.F64) {
            throw ShapeException.of(id(), "nothing to round").operand("input", inputs.getFirst()).expected("F64");
        }
        return new TensorSpec(DType.F32, inputs.getFirst().shape());
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        double[] values = inputs.getFirst().toDoubles();
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = round(values[i]);
        }
        return Tensor.of(rounded, inputs.getFirst().shape());
    }

    private static float round(double value) {
        float nearest = (float) value;
        int bits = Float.floatToRawIntBits(nearest);
        if (nearest == value || Double.isNaN(value) || (bits & 1) != 0) {
            return nearest;
        }
        return Float.intBitsToFloat(Math.abs(nearest) < Math.abs(value) ? bits + 1 : bits - 1);
    }

    @Override
    public Gradient gradient() {
        return GRADIENT;
    }
}
