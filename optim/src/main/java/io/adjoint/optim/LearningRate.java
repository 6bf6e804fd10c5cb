package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.optim.hyper.Hyper;
import java.util.List;
import java.util.SequencedMap;

/**
 * Goes downhill: {@code u -> -rate u}. The last transformation of most chains.
 *
 * @param rate the length of a step
 */
public record LearningRate(Schedule rate) implements Transformation {
    /**
     * A constant rate.
     *
     * @throws io.adjoint.autodiff.ShapeException if it is negative or not finite
     */
    public static LearningRate of(double rate) {
        return new LearningRate(constant("learning_rate", rate));
    }

    /** The schedule of a constant rate; a refusal names the optimizer. */
    static Schedule constant(String optimizer, double rate) {
        return Schedule.constant(Hyper.notNegative(optimizer, "rate", rate));
    }

    @Override
    public Stage bind(SequencedMap<String, TensorSpec> parameters) {
        return new Downhill(rate);
    }

    private record Downhill(Schedule rate) implements Stage {
        @Override
        public List<Tensor> apply(List<Tensor> updates, List<Tensor> parameters, Tensor step) {
            Tensor scale = rate.at(step).neg();
            return updates.stream().map(update -> update.mul(scale.cast(update.dtype()))).toList();
        }
    }
}
