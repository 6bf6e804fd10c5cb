package io.adjoint.nn.attention;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.util.Optional;

/**
 * Attention with linear biases (Press, Smith, Lewis, "Train short, test long", 2022): {@code -slope * |query - key|} is added to
 * each score, with a slope for each head: {@code 2^(-8 (h + 1) / heads)} for a power of two, otherwise those of the next lower
 * power of two and then every second one of the next higher.
 */
public record Alibi() implements RelativePositions {
    /** The slopes, F64 {@code [heads]}. */
    public static Tensor slopes(int heads) {
        int power = Math.max(1, Integer.highestOneBit(heads));
        double[] slopes = new double[heads];
        for (int h = 0; h < heads; h++) {
            // beyond the power of two: 1st, 3rd, 5th, ... of twice as many
            double step = h < power ? (h + 1.0) / power : (2 * (h - power) + 1.0) / (2 * power);
            slopes[h] = StrictMath.pow(2, -8 * step);
        }
        return Tensor.of(slopes, Shape.of(heads));
    }

    @Override
    public Tensor placed(Tensor heads, int from) {
        return heads;
    }

    @Override
    public Optional<Tensor> bias(Shape scores, int from, DType dtype) {
        Tensor distance = Tensor.range(scores.dim(1)).add(from).unsqueeze(1).sub(Tensor.range(scores.dim(2))).abs();
        Tensor slopes = slopes(scores.dim(0)).neg().reshape(Shape.of(scores.dim(0), 1, 1));
        return Optional.of(slopes.mul(distance.cast(DType.F64)).cast(dtype));
    }
}
