package io.adjoint.optim.train;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Layer;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.data.Batch;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.data.DataException;
import io.adjoint.optim.metric.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.BooleanSupplier;

/**
 * The training loop that people would otherwise write.
 *
 * {@snippet :
 * Sequential model = network(Rng.seed(1));
 * Trainer trainer = Trainer.of(model, Losses::crossEntropy, AdamW.of(1e-3).over(model), 20)
 *         .withValidation(Validation.on(split.heldBack().batches(256), Accuracy.of()))
 *         .withEarlyStopping(EarlyStopping.of(3))
 *         .withSaving(Saving.in(CheckpointFolder.of(folder)))
 *         .withListener(ProgressLines.on(System.out));
 * trainer.resume(split.training().batches(32, Rng.seed(2)));
 * }
 *
 * <p><b>Exact</b>: what is trained is a function of model, optimizer and batches, to the bit; compiled or not, in one run or
 * interrupted at any step and resumed by another process.
 *
 * <p><b>Interrupted</b> by SIGINT, SIGTERM, an interrupt of its thread or {@link #withStop}, it ends after the current step and leaves a
 * checkpoint of it, if it has somewhere to save.
 *
 * <p>{@link io.adjoint.optim.Lbfgs} is for losses of all examples, which it asks for as often as it likes: no steps on batches. Its
 * loop is a few lines, which stand there.
 *
 * <p>Larger batches than memory holds are made by {@link io.adjoint.optim.transform.Accumulate} in the optimizer.
 *
 * @param task what is learned
 * @param optimizer of the task's model
 * @param epochs in all, those before a checkpoint included; 1 or more
 * @param validation how epochs are judged
 * @param execution how steps run
 * @param loading who makes the batches; if empty, as {@link Loading#of} finds suitable for them
 * @param curvature how the optimizer comes to know the curvature of the loss, if it wants to
 * @param earlyStopping when it ends early
 * @param saving where checkpoints go
 * @param listeners told what happens, in this order
 * @param stop asked before each step, also of those run again to explain a NaN: true ends the training as an interrupt does
 */
public record Trainer(Task task, Optimizer optimizer, int epochs, Validation validation, Execution execution,
        Optional<Loading> loading, CurvatureEstimates curvature,
        Optional<EarlyStopping> earlyStopping, Saving saving, List<Listener> listeners,
        BooleanSupplier stop) {
    public Trainer {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(optimizer, "optimizer");
        Objects.requireNonNull(validation, "validation");
        Objects.requireNonNull(execution, "execution");
        Objects.requireNonNull(loading, "loading");
        Objects.requireNonNull(curvature, "curvature");
        Objects.requireNonNull(earlyStopping, "earlyStopping");
        Objects.requireNonNull(saving, "saving");
        Objects.requireNonNull(stop, "stop");
        listeners = List.copyOf(listeners);
        if (epochs < 1) {
            throw ShapeException.of("trainer", "nothing to do").operand("epochs", epochs).expected("1 or more");
        }
    }

    /** A trainer without validation, checkpoints and listeners. */
    public static Trainer of(Task task, Optimizer optimizer, int epochs) {
        return new Trainer(task, optimizer, epochs, Validation.NONE, Execution.COMPILED, Optional.empty(),
                CurvatureEstimates.DEFAULT, Optional.empty(), Saving.NONE, List.of(), () -> false);
    }

    /** A trainer of a layer that predicts from one tensor. */
    public static Trainer of(Layer model, BinaryOperator<Tensor> loss, Optimizer optimizer, int epochs) {
        return of(Task.of(model, loss), optimizer, epochs);
    }

    /** The same with another validation. */
    public Trainer withValidation(Validation other) {
        return new Trainer(task, optimizer, epochs, other, execution, loading, curvature, earlyStopping, saving,
                listeners, stop);
    }

    /** The same run otherwise. */
    public Trainer withExecution(Execution other) {
        return new Trainer(task, optimizer, epochs, validation, other, loading, curvature, earlyStopping, saving,
                listeners, stop);
    }

    /** The same with batches made otherwise, in training, validation, {@link #evaluate} and {@link #predict}. */
    public Trainer withLoading(Loading other) {
        return new Trainer(task, optimizer, epochs, validation, execution, Optional.of(other), curvature, earlyStopping,
                saving,
                listeners, stop);
    }

    /** The same with other estimates of the curvature, for an optimizer such as {@link io.adjoint.optim.Sophia}. */
    public Trainer withCurvature(CurvatureEstimates other) {
        return new Trainer(task, optimizer, epochs, validation, execution, loading, other, earlyStopping, saving,
                listeners, stop);
    }

    /** The same that may end early. */
    public Trainer withEarlyStopping(EarlyStopping early) {
        return new Trainer(task, optimizer, epochs, validation, execution, loading, curvature, Optional.of(early),
                saving,
                listeners,
                stop);
    }

    /** The same with checkpoints. */
    public Trainer withSaving(Saving other) {
        return new Trainer(task, optimizer, epochs, validation, execution, loading, curvature, earlyStopping, other,
                listeners,
                stop);
    }

    /** The same with one more listener, told after the others. */
    public Trainer withListener(Listener listener) {
        List<Listener> more = new ArrayList<>(listeners);
        more.add(listener);
        return new Trainer(task, optimizer, epochs, validation, execution, loading, curvature, earlyStopping, saving,
                more, stop);
    }

    /** The same that ends, to be resumed, once this is true. */
    public Trainer withStop(BooleanSupplier other) {
        return new Trainer(task, optimizer, epochs, validation, execution, loading, curvature, earlyStopping, saving,
                listeners,
                other);
    }

    /**
     * Trains from the model and the optimizer as they are, through all epochs. Checkpoints that were saved before are replaced.
     *
     * <p>Before anything changes, the first batch is tried, and every label and token of the training and the validation, in rows
     * that between them have them all ({@link io.adjoint.optim.data.Examples#representatives}). Examples that neither lie in memory
     * nor know their labels are all read once for that.
     *
     * @throws ShapeException if a first batch of the training or of the validation does not fit the task or the metrics; before the
     *     first step
     * @throws DataException if an example has a label that the task or a metric does not take, or a number that is not finite, before
     *     the first step; if one cannot be read
     * @throws TrainingException if the loss or a parameter is not finite: the message names the step and the operation, and the model
     *     is as it was before that step. Losses are looked at after each step, parameters before they are kept or saved, at the
     *     latest at the end of the epoch. To name the operation, steps are run again; a stop ends that too, with the model as it was
     *     before one of those. Also if an epoch leaves the loss of its validation or the figure of the criterion NaN, such as the
     *     area under a curve of a single class, or a listener that changes variables makes one not finite: nothing of the epoch is
     *     saved, and the model has the parameters of its last step, or what the listener made of them
     */
    public Outcome fit(Batches batches) {
        return new Run(this, batches).go();
    }

    /**
     * Goes on from the last checkpoint, exactly as if the training had not ended there; from the beginning, as {@link #fit}, if
     * there is none.
     *
     * @param batches the same as before; the order of the checkpoint counts, whatever their key is
     * @throws ShapeException as {@link #fit}
     * @throws DataException as {@link #fit}
     * @throws TrainingException as {@link #fit}
     */
    public Outcome resume(Batches batches) {
        return new Run(this, batches).fromCheckpoint().go();
    }

    /**
     * Judges the model as it is, by its loss and the metrics of the validation; for averages do it within
     * {@link Optimizer#withAverages}. Nothing changes.
     *
     * @param batches of which epoch 0 is taken
     */
    public Evaluation evaluate(Batches batches) {
        return evaluate(batches, validation.metrics().toArray(Metric[]::new));
    }

    /**
     * {@link #evaluate(Batches)} by other metrics.
     *
     * @throws ShapeException if two metrics have one name
     */
    public Evaluation evaluate(Batches batches, Metric... metrics) {
        return new Evaluator(task, execution).evaluate(feed(batches), List.of(metrics));
    }

    /**
     * What the model predicts, {@code [examples, ...]}, in the order of the batches.
     *
     * @param batches of which epoch 0 is taken
     */
    public Tensor predict(Batches batches) {
        return new Evaluator(task, execution).predict(feed(batches));
    }

    Loading loading(Batches batches) {
        return loading.orElseGet(() -> Loading.of(batches));
    }

    /** Those to judge or predict by. */
    Feed feed(Batches batches) {
        return new Feed(batches.epoch(0), loading(batches));
    }

    /**
     * Takes steps on one batch alone, and then gives model and optimizer back what they held: a model that does not even learn a few
     * examples by heart, its loss going to its least value, has a mistake in it.
     *
     * @param steps number of steps, 1 or more
     * @return the loss before each step
     */
    public List<Double> overfit(Batch batch, int steps) {
        if (steps < 1) {
            throw ShapeException.of("overfit", "nothing to do").operand("steps", steps).expected("1 or more");
        }
        Snapshot before = Snapshot.of(task.model(), optimizer);
        Stepper stepper = new Stepper(this);
        try {
            List<Double> losses = new ArrayList<>();
            while (losses.size() < steps) {
                losses.add(stepper.step(batch, losses.size()));
            }
            return List.copyOf(losses);
        } finally {
            before.restore();
        }
    }
}
