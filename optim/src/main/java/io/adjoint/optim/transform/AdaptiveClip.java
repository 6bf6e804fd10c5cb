package io.adjoint.optim.transform;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.optim.PerParameter;
import io.adjoint.optim.hyper.Hyper;
import java.util.stream.IntStream;

/**
 * Shortens the gradient of each unit to a share of the unit's own length (Brock, De, Smith, Simonyan 2021):
 * {@code u -> u min(1, share max(|p|, floor) / |u|)}. A unit is what leads to one output: a row of a matrix, a filter, a single
 * element of a vector.
 *
 * @param share 0.01 is usual
 * @param floor the least length that counts, 0.001 is usual
 */
public record AdaptiveClip(double share, double floor) implements PerParameter {
    private static final double LEAST = 1e-6;

    public AdaptiveClip {
        Hyper.positive("adaptive_clip", "share", share);
        Hyper.positive("adaptive_clip", "floor", floor);
    }

    /** With the paper's floor of 0.001. */
    public static AdaptiveClip of(double share) {
        return new AdaptiveClip(share, 1e-3);
    }

    @Override
    public Rule rule(TensorSpec spec) {
        int rank = spec.shape().rank();
        Axes within = Axes.keep(IntStream.range(1, rank).toArray());
        return (update, parameter, step) -> {
            Tensor own = rank < 2 ? parameter.abs() : parameter.norm(2, within);
            Tensor wanted = rank < 2 ? update.abs() : update.norm(2, within);
            Tensor allowed = own.clampMin(floor).mul(share);
            return update.mul(allowed.div(wanted.clampMin(LEAST)).clampMax(1));
        };
    }
}
