package io.adjoint.optim.train;

import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * What one epoch came to.
 *
 * @param epoch its number, 0 for the first
 * @param step number of steps completed in all at its end
 * @param loss the mean over the examples of the epoch, each as its step found it
 * @param validation of the data held back, where there are some
 */
public record EpochResult(long epoch, long step, double loss, Optional<Evaluation> validation) {
    /** A figure of the validation, or of the training where there is none. */
    double figure(String name) {
        return validation.orElseGet(() -> new Evaluation(loss, new LinkedHashMap<>())).figure(name);
    }
}
