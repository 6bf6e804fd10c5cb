package io.adjoint.nn.loss;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * How wrong a prediction is, compared with a target. A lambda will do. Losses of three tensors have a method of their own
 * form.
 */
@FunctionalInterface
public interface Loss {
    /**
     * The loss; a scalar unless the losses are not to be joined.
     *
     * @throws ShapeException if shapes or dtypes do not fit
     */
    Tensor of(Tensor prediction, Tensor target);
}
