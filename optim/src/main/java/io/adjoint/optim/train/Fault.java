package io.adjoint.optim.train;

import io.adjoint.autodiff.check.FiniteCheck;
import io.adjoint.autodiff.check.NotFiniteException;
import io.adjoint.optim.data.Batch;
import io.adjoint.optim.data.Position;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Finds out what made a loss, or a parameter, that is not finite. Where a gradient did it, it may show many steps later, so the
 * training is taken back to a snapshot and run again, with the same bits, up to the first step that spoils something, which then
 * runs operation by operation. The model is left as it was before that step.
 *
 * @param stop asked before each step: true ends the search, which may take as long as the training did
 * @param symptom what was found
 * @param end number of steps completed when it was found
 */
record Fault(RunState state, Stepper stepper, Soundness soundness, BooleanSupplier stop, String symptom, long end) {
    /** To look at all numbers after each step from the snapshot on would take much longer than the steps. */
    private static final int COARSE = 64;

    /** A run of a step that looks for something. */
    private interface Check extends UnaryOperator<Supplier<Double>> {}

    /** The exception to end the training with. */
    TrainingException find(Snapshot begin) {
        try {
            Snapshot before = lastSound(lastSound(begin, COARSE), 1);
            restore(before);
            if (state.data().steps() < end) {
                watched(before, body -> () -> FiniteCheck.noNan(body));
                watched(before, body -> () -> FiniteCheck.finite(body));
            }
        } catch (TrainingException found) {
            return found;
        }
        return unexplained("which no operation shows when the step is run again");
    }

    private TrainingException unexplained(String why) {
        return new TrainingException(end - 1,
                "step " + (end - 1) + ": " + symptom + ", " + why + "; expected finite numbers", null);
    }

    /** Takes steps up to the first that is seen to spoil something, and gives the state at most so many steps before it. */
    private Snapshot lastSound(Snapshot from, int stride) {
        restore(from);
        Snapshot sound = from;
        while (state.data().steps() < end) {
            goOn(sound);
            double loss = stepper.step(state.data().next(), state.data().steps() - 1);
            if (!Double.isFinite(loss)) {
                return sound;
            }
            if (state.data().steps() % stride == 0 || state.data().steps() == end) {
                if (!soundness.holds()) {
                    return sound;
                }
                sound = snapshot();
            }
        }
        return sound;
    }

    private void goOn(Snapshot sound) {
        if (stop.getAsBoolean()) {
            restore(sound);
            throw unexplained("and the search for what made it was stopped");
        }
    }

    private void watched(Snapshot before, Check check) {
        goOn(before);
        Position at = state.data().position();
        long step = state.data().steps();
        Batch batch = state.data().next();
        try {
            check.apply(() -> stepper.stepEagerly(batch, step)).get();
        } catch (NotFiniteException e) {
            throw new TrainingException(step, "step " + step + " (epoch " + at.epoch() + ", batch " + at.batch() + "): "
                    + e.getMessage() + "; expected finite numbers", e);
        } finally {
            restore(before);
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
