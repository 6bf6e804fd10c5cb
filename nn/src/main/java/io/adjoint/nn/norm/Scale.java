package io.adjoint.nn.norm;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Affine;
import java.util.Optional;

/** The weight and the bias of a layer that normalises. */
record Scale(Optional<Variable> weight, Optional<Variable> bias) {
    /** Ones and zeros. */
    static Scale of(Scaling scaling, Shape shape, DType dtype) {
        return switch (scaling) {
            case NONE -> new Scale(Optional.empty(), Optional.empty());
            case WEIGHT -> new Scale(Optional.of(filled(shape, dtype, 1)), Optional.empty());
            case WEIGHT_AND_BIAS ->
                new Scale(Optional.of(filled(shape, dtype, 1)), Optional.of(filled(shape, dtype, 0)));
        };
    }

    private static Variable filled(Shape shape, DType dtype, double value) {
        return Variable.parameter(Tensor.full(shape, dtype, value));
    }

    /** Refuses variables of another shape. */
    void require(String layer, Shape shape) {
        weight.ifPresent(w -> requireShape(layer, "weight", w, shape));
        bias.ifPresent(b -> requireShape(layer, "bias", b, shape));
    }

    static void requireShape(String layer, String name, Variable variable, Shape shape) {
        if (!variable.spec().shape().equals(shape)) {
            throw ShapeException.of(layer, "a variable does not fit").operand(name, variable.spec().shape())
                    .expected(shape.toString());
        }
    }

    Affine values() {
        return new Affine(weight.map(Variable::value), bias.map(Variable::value));
    }
}
