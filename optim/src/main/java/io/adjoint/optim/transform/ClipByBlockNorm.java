package io.adjoint.optim.transform;

import io.adjoint.autodiff.TensorSpec;
import io.adjoint.optim.PerParameter;
import io.adjoint.optim.hyper.Hyper;

/**
 * Shortens the update of each parameter if it is too long: {@code u -> u min(1, most / (|u| + 1e-6))}.
 *
 * @param most the greatest length, above 0
 */
public record ClipByBlockNorm(double most) implements PerParameter {
    private static final double OFF_ZERO = 1e-6;

    public ClipByBlockNorm {
        Hyper.positive("clip_by_block_norm", "most", most);
    }

    @Override
    public Rule rule(TensorSpec spec) {
        return (update, parameter, step) -> update.mul(update.norm().add(OFF_ZERO).rdiv(most).clampMax(1));
    }
}
