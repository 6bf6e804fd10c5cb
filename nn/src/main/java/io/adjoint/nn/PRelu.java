package io.adjoint.nn;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;

/**
 * {@code x} above 0, {@code weight x} elsewhere, with slopes that are learned (He, Zhang, Ren, Sun 2015). Any shape for one
 * slope; {@code [n, channels, ...]} for one for each channel.
 *
 * @param weight the slopes, {@code [1]} or {@code [channels]}
 */
public record PRelu(Variable weight) implements Layer {
    public PRelu {
        if (weight.spec().shape().rank() != 1) {
            throw ShapeException.of("prelu", "no list of slopes").operand("weight", weight.spec())
                    .expected("[1] or [channels]");
        }
    }

    /** One slope for all, 0.25 as in PyTorch. */
    public static PRelu of() {
        return of(1);
    }

    /** A slope for each channel, 0.25. */
    public static PRelu of(int channels) {
        return of(channels, 0.25, DType.F32);
    }

    /** A slope for each channel, or one for all, that begins with this value. */
    public static PRelu of(int channels, double slope, DType dtype) {
        return new PRelu(Variable.parameter(Tensor.full(Shape.of(channels), dtype, slope)));
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.prelu(weight.value());
    }
}
