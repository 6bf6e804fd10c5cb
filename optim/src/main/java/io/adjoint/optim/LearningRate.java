package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import java.util.SequencedMap;

/** Goes downhill: {@code u -> -rate u}. The last transformation of most chains. */
public record LearningRate(Schedule rate) implements Transformation {
    @Override
    public Stage bind(SequencedMap<String, TensorSpec> parameters) {
        return (updates, values, step) -> {
            Tensor scale = rate.at(step).neg();
            return updates.stream().map(update -> update.mul(scale.cast(update.dtype()))).toList();
        };
    }
}
