package io.adjoint.serialization.onnx.graph;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.ElementType;

/**
 * A tensor between operators.
 *
 * @param type of its elements
 * @param tensor of the type's carrier, with elements that the type can hold
 */
public record Value(ElementType type, Tensor tensor) {
    public Value {
        if (tensor.dtype() != type.carrier()) {
            throw new IllegalArgumentException(tensor.spec() + " is no " + type);
        }
    }

    /** A tensor whose type is that of its dtype. */
    public static Value of(Tensor tensor) {
        return new Value(ElementType.of(tensor.dtype()), tensor);
    }

    /** A tensor of the type's carrier, each element rounded to nearest, or wrapped around, to what the type can hold. */
    public static Value narrowed(ElementType type, Tensor tensor) {
        return new Value(type, type.narrow(tensor));
    }

    /** As an operator's result is typed: like {@code model} where the carrier is the same, else by its own dtype. */
    public static Value like(ElementType model, Tensor tensor) {
        return tensor.dtype() == model.carrier() ? narrowed(model, tensor) : of(tensor);
    }

    /** The dtype of the tensor. */
    public DType dtype() {
        return tensor.dtype();
    }
}
