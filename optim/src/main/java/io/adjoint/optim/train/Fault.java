package io.adjoint.optim.train;

import io.adjoint.autodiff.check.FiniteCheck;
import io.adjoint.autodiff.check.NotFiniteException;
import io.adjoint.optim.data.Batch;
import io.adjoint.optim.data.Position;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Finds out what made a loss that is not finite. The loss shows it one step late where a gradient did it, so the training is taken
 * back to a snapshot and run again, with the same bits, up to the last two steps, which then run operation by operation. The
 * model is left as it was before the step that went wrong.
 */
record Fault(RunState state, Stepper stepper, Snapshot begin) {
    /** A run of a step that looks for something. */
    private interface Check extends UnaryOperator<Supplier<Double>> {}

    /**
     * The exception to end the training with.
     *
     * @param failed number of steps completed before the one with this loss
     */
    TrainingException find(double loss, long failed) {
        restore(begin);
        while (state.data().steps() < failed - 1) {
            stepper.step(state.data().next(), state.data().steps() - 1);
        }
        try {
            Snapshot before = snapshot();
            while (state.data().steps() <= failed) {
                before = snapshot();
                watched(before, body -> () -> FiniteCheck.noNan(body));
            }
            restore(before);
            watched(before, body -> () -> FiniteCheck.finite(body));
            restore(before);
        } catch (TrainingException found) {
            return found;
        }
        return new TrainingException(failed, "step " + failed + ": the loss is " + loss
                + ", which no operation shows when the step is run again; expected a finite number", null);
    }

    private void watched(Snapshot before, Check check) {
        Position at = state.data().position();
        long step = state.data().steps();
        Batch batch = state.data().next();
        try {
            check.apply(() -> stepper.stepEagerly(batch, step)).get();
        } catch (NotFiniteException e) {
            restore(before);
            throw new TrainingException(step, "step " + step + " (epoch " + at.epoch() + ", batch " + at.batch() + "): "
                    + e.getMessage() + "; expected finite numbers", e);
        }
    }

    private void restore(Snapshot snapshot) {
        snapshot.restore();
        state.read();
    }

    private Snapshot snapshot() {
        state.write();
        return Snapshot.of(state);
    }
}
