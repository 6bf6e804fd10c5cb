package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/** What losses ask of their inputs, and clamps with the gradients that they want. */
final class LossRules {
    private LossRules() {}

    /** Refuses shapes that differ: {@code [n]} does not stretch to {@code [n, 1]}, which would compare each with all. */
    static void requireAlike(String loss, String what, Tensor input, Tensor target) {
        requireFloat(loss, what, input);
        if (!input.shape().equals(target.shape())) {
            throw ShapeException.of(loss, "shapes differ").operand(what, input.shape())
                    .operand("target", target.shape()).expected("target " + input.shape());
        }
    }

    static void requireFloat(String loss, String what, Tensor x) {
        if (!x.dtype().isFloat()) {
            throw ShapeException.of(loss, "not a float").operand(what, x.spec()).expected("F32 or F64");
        }
    }

    /** Refuses what does not stretch to a shape. */
    static void requireStretches(String loss, String what, Tensor x, Shape shape) {
        if (!Shape.broadcast(loss, x.shape(), shape).equals(shape)) {
            throw ShapeException.of(loss, "more than stretches to the input").operand(what, x.shape())
                    .operand("input", shape).expected("a shape that stretches to " + shape);
        }
    }

    /** Refuses a weight for each class that is not one. */
    static void requireClasses(String loss, Tensor weights, int classes) {
        requireFloat(loss, "weights", weights);
        if (!weights.shape().equals(Shape.of(classes))) {
            throw ShapeException.of(loss, "not a weight for each class").operand("weights", weights.shape())
                    .expected(Shape.of(classes).toString());
        }
    }

    /** Labels as I64. */
    static Tensor labels(String loss, Tensor labels) {
        if (!labels.dtype().isInteger()) {
            throw ShapeException.of(loss, "labels are not integers").operand("labels", labels.spec())
                    .expected("I64 or I32");
        }
        return labels.cast(DType.I64);
    }

    /** {@code max(x, 0)} with the gradient 1 at 0, as {@code torch.clamp}; NaN stays. */
    static Tensor positivePart(Tensor x) {
        return x.lt(0).where(0, x);
    }

    /** {@code max(x, least)} whose gradient is 1 also where it was raised. */
    static Tensor raised(Tensor x, double least) {
        return x.lt(least).where(x.sub(x.detached()).add(least), x);
    }
}
