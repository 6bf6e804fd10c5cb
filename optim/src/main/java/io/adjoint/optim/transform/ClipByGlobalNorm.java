package io.adjoint.optim.transform;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.optim.Transformation;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Norms;
import java.util.SequencedMap;

/**
 * Shortens all updates together if they are too long as one vector, as {@code torch.nn.utils.clip_grad_norm_}:
 * {@code u -> u min(1, most / (norm + 1e-6))}.
 *
 * @param most the greatest length, above 0
 */
public record ClipByGlobalNorm(double most) implements Transformation {
    private static final double OFF_ZERO = 1e-6;

    public ClipByGlobalNorm {
        Hyper.positive("clip_by_global_norm", "most", most);
    }

    @Override
    public Stage bind(SequencedMap<String, TensorSpec> parameters) {
        return (updates, values, step) -> {
            Tensor factor = Norms.global(updates).add(OFF_ZERO).rdiv(most).clampMax(1);
            return updates.stream().map(update -> update.mul(factor.cast(update.dtype()))).toList();
        };
    }
}
