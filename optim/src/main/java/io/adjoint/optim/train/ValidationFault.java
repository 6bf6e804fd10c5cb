package io.adjoint.optim.train;

import io.adjoint.autodiff.check.FiniteCheck;
import io.adjoint.autodiff.check.NotFiniteException;
import io.adjoint.optim.data.Batch;
import java.util.List;

/** Finds out what made the loss of a validation NaN, while the model still holds what was judged. */
record ValidationFault(Task task, Feed heldBack) {
    /**
     * The exception to end the training with. Closes the batches.
     *
     * @param epoch that was judged
     * @param step number of steps completed
     */
    TrainingException find(long epoch, long step) {
        Evaluator eager = new Evaluator(task, Execution.EAGER);
        String place = "validation of epoch " + epoch + " (after step " + (step - 1);
        try (heldBack) {
            for (int i = 0; heldBack.hasNext(); i++) {
                Batch batch = heldBack.next();
                if (Double.isNaN(loss(eager, batch))) {
                    place += ", batch " + i;
                    FiniteCheck.noNan(() -> loss(eager, batch));
                }
            }
        } catch (NotFiniteException e) {
            return new TrainingException(step, place + "): " + e.getMessage() + "; expected finite numbers", e);
        }
        return new TrainingException(step, place + "): the loss is NaN, which no operation shows when it is run again; "
                + "expected a number", null);
    }

    private static double loss(Evaluator eager, Batch batch) {
        return eager.evaluate(new Feed(List.of(batch), Loading.ON_DEMAND), List.of()).loss();
    }
}
