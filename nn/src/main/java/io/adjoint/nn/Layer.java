package io.adjoint.nn;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/** A module that is a function of one tensor, so that it can stand in a {@link Sequential}. A lambda will do. */
@FunctionalInterface
public interface Layer extends Module {
    /**
     * The layer's function.
     *
     * @throws ShapeException if the layer cannot take a tensor of this shape or dtype
     */
    Tensor forward(Tensor x);

    /**
     * As {@link #forward(Tensor)}, for the layer around this one: a refusal inside begins with the name of this part, so
     * that the message of a whole model names the path of the layer that refused.
     *
     * @param name what this layer is called in the one around it
     */
    default Tensor forward(String name, Tensor x) {
        return Module.within(name, () -> forward(x));
    }
}
