package io.adjoint.optim.transform;

import io.adjoint.autodiff.TensorSpec;
import io.adjoint.optim.PerParameter;
import io.adjoint.optim.hyper.Hyper;

/**
 * Moves each element into a range: {@code u -> max(-limit, min(u, limit))}.
 *
 * @param limit the greatest magnitude, above 0
 */
public record ClipByValue(double limit) implements PerParameter {
    public ClipByValue {
        Hyper.positive("clip_by_value", "limit", limit);
    }

    @Override
    public Rule rule(TensorSpec spec) {
        return (update, parameter, step) -> update.clamp(-limit, limit);
    }
}
