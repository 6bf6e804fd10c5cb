package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.Centre;
import io.adjoint.autodiff.op.Normalise;
import io.adjoint.autodiff.op.Span;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a normalised tensor is multiplied with, and what is added then.
 *
 * @param weight empty for ones
 * @param bias empty for zeros
 */
public record Affine(Optional<Tensor> weight, Optional<Tensor> bias) {
    /** Nothing is multiplied or added. */
    public static final Affine NONE = new Affine(Optional.empty(), Optional.empty());

    /** Both. */
    public static Affine of(Tensor weight, Tensor bias) {
        return new Affine(Optional.of(weight), Optional.of(bias));
    }

    /** A weight alone. */
    public static Affine of(Tensor weight) {
        return new Affine(Optional.of(weight), Optional.empty());
    }

    /** The rows normalised, then both applied, seen in another shape; everything in one dtype. */
    Tensor normalise(Tensor rows, Span span, Centre centre, double epsilon, Shape seen) {
        DType dtype = Stream.of(weight, bias).flatMap(Optional::stream).map(Tensor::dtype)
                .reduce(rows.dtype(), DType::promote);
        Tensor scale = weight.map(w -> w.reshape(seen).cast(dtype)).orElseGet(() -> Tensor.scalar(1, dtype));
        Tensor shift = bias.map(b -> b.reshape(seen).cast(dtype)).orElseGet(() -> Tensor.scalar(0, dtype));
        return new Normalise(span, centre, epsilon).apply(rows.cast(dtype), scale, shift);
    }

    /** Applies both, seen in another shape, to what they stretch to. */
    Tensor apply(Tensor x, Shape seen) {
        Tensor scaled = weight.map(w -> x.mul(w.reshape(seen))).orElse(x);
        return bias.map(b -> scaled.add(b.reshape(seen))).orElse(scaled);
    }

    /** Refuses another shape than this. */
    void require(String name, Shape expected) {
        weight.ifPresent(w -> require(name, "weight", w, expected));
        bias.ifPresent(b -> require(name, "bias", b, expected));
    }

    private static void require(String name, String what, Tensor given, Shape expected) {
        LossRules.requireFloat(name, what, given);
        if (!given.shape().equals(expected)) {
            throw ShapeException.of(name, "does not fit the input").operand(what, given.shape())
                    .expected(expected.toString());
        }
    }
}
