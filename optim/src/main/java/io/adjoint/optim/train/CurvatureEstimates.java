package io.adjoint.optim.train;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.optim.Curvature;
import java.util.Objects;

/**
 * How an optimizer that wants to know the curvature of the loss, such as {@link io.adjoint.optim.Sophia}, comes to know it: by
 * {@link Curvature#hutchinson} on the batch of every so many steps, before that step. The signs of an estimate are a function of the
 * key and the number of the step.
 *
 * @param every number of steps from one estimate to the next, 1 or more; the first step has one
 * @param key of the signs
 */
public record CurvatureEstimates(int every, Rng key) {
    /** Every tenth step, as the paper of Sophia has it. */
    public static final CurvatureEstimates DEFAULT = new CurvatureEstimates(10, Rng.seed(0));

    public CurvatureEstimates {
        Objects.requireNonNull(key, "key");
        if (every < 1) {
            throw ShapeException.of("curvature", "no step has an estimate").operand("every", every)
                    .expected("1 or more");
        }
    }

    boolean isDue(long step) {
        return step % every == 0;
    }
}
