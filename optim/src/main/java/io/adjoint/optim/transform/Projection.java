package io.adjoint.optim.transform;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.optim.PerParameter;

/**
 * Brings parameters back into a set after each step: {@code u -> project(p + u) - p}. The last of a chain; parameters outside the
 * set are best brought into it before the first step.
 */
public interface Projection extends PerParameter {
    /** The nearest point of the set. */
    Tensor project(Tensor value);

    @Override
    default Rule rule(TensorSpec parameter) {
        return (update, value, step) -> project(value.add(update)).sub(value);
    }
}
