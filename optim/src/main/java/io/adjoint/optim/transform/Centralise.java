package io.adjoint.optim.transform;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.optim.PerParameter;
import java.util.stream.IntStream;

/**
 * Takes the mean off the gradient of each unit (Yong, Huang, Hua, Zhang 2020): {@code u -> u - mean(u)} over all axes but
 * the first. Parameters with fewer than two axes stay as they are.
 */
public record Centralise() implements PerParameter {
    @Override
    public Rule rule(TensorSpec spec) {
        int rank = spec.shape().rank();
        if (rank < 2) {
            return (update, parameter, step) -> update;
        }
        Axes within = Axes.keep(IntStream.range(1, rank).toArray());
        return (update, parameter, step) -> update.sub(update.mean(within));
    }
}
