package io.adjoint.serialization.tensorboard;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.train.EpochResult;
import io.adjoint.optim.train.Event;
import io.adjoint.optim.train.Listener;
import io.adjoint.serialization.ModelFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Shows a training in TensorBoard: the loss of the steps as {@code training/loss}, and after each epoch {@code training/epoch_loss},
 * {@code validation/loss} and the metrics, as {@code validation/accuracy}. A point stands at the number of steps completed.
 *
 * {@snippet :
 * try (TensorBoard board = TensorBoard.in(Path.of("runs", "first")).withLearningRate(rate).withParameters(model)) {
 *     trainer.withListener(board).fit(batches);
 * }
 * }
 *
 * <p>Each training writes a new file into the folder, and closes it at its end. One that is resumed tells TensorBoard to forget the steps
 * after its checkpoint, which are taken again; so does one that begins anew, with all steps of those before.
 */
public final class TensorBoard implements Listener, AutoCloseable {
    private final Path folder;
    private final InstantSource clock;
    private final int every;
    private final Optional<Schedule> learningRate;
    private final SequencedMap<String, Variable> parameters;
    private Optional<EventFile> file = Optional.empty();

    private TensorBoard(Path folder, InstantSource clock, int every, Optional<Schedule> learningRate,
            SequencedMap<String, Variable> parameters) {
        this.folder = folder;
        this.clock = clock;
        this.every = every;
        this.learningRate = learningRate;
        this.parameters = parameters;
    }

    /** Writes into this folder, which is made if it is not there when a training begins. */
    public static TensorBoard in(Path folder) {
        return new TensorBoard(folder, Clock.systemUTC(), 1, Optional.empty(), new LinkedHashMap<>());
    }

    /** The same with times from elsewhere than the system's clock. */
    public TensorBoard withClock(InstantSource other) {
        return new TensorBoard(folder, other, every, learningRate, parameters);
    }

    /**
     * The same that tells of every so many steps only: those whose number it divides.
     *
     * @throws ShapeException if that is below 1
     */
    public TensorBoard withEvery(int steps) {
        if (steps < 1) {
            throw ShapeException.of("tensorboard", "no such number of steps").operand("every", steps)
                    .expected("1 or more");
        }
        return new TensorBoard(folder, clock, steps, learningRate, parameters);
    }

    /** The same that also tells the rate of a step, as {@code learning_rate}. */
    public TensorBoard withLearningRate(Schedule schedule) {
        return new TensorBoard(folder, clock, every, Optional.of(schedule), parameters);
    }

    /** The same that also tells how each parameter of a model is spread after each epoch, as {@code parameters/hidden.weight}. */
    public TensorBoard withParameters(Module model) {
        SequencedMap<String, Variable> found = new LinkedHashMap<>(model.variables());
        found.values().removeIf(variable -> variable.kind() != Variable.Kind.PARAMETER);
        return new TensorBoard(folder, clock, every, learningRate, found);
    }

    /** @throws ModelFileException if the file cannot be written */
    @Override
    public void on(Event event) {
        switch (event) {
            case Event.Started started -> start(started.step());
            case Event.StepDone done -> file.ifPresent(events -> step(events, done));
            case Event.EpochDone done -> file.ifPresent(events -> epoch(events, done.result()));
            case Event.Saved _ -> {}
            case Event.Ended _ -> close();
        }
    }

    private void start(long step) {
        close();
        EventFile events = EventFile.in(folder, clock);
        file = Optional.of(events);
        events.restart(step + 1);
    }

    private void step(EventFile events, Event.StepDone done) {
        if (done.step() % every != 0) {
            return;
        }
        events.scalar("training/loss", done.step(), done.loss());
        learningRate.ifPresent(rate -> {
            Tensor before = Tensor.scalar(done.step() - 1, DType.F64);
            events.scalar("learning_rate", done.step(), rate.at(before).item());
        });
    }

    private void epoch(EventFile events, EpochResult result) {
        long step = result.step();
        events.scalar("training/epoch_loss", step, result.loss());
        result.validation().ifPresent(validation -> {
            events.scalar("validation/loss", step, validation.loss());
            for (Map.Entry<String, Double> metric : validation.metrics().entrySet()) {
                events.scalar("validation/" + metric.getKey(), step, metric.getValue());
            }
        });
        parameters.forEach((path, variable) -> events.histogram("parameters/" + path, step, variable.value()));
    }

    /** Closes the file of a training that did not come to its end. */
    @Override
    public void close() {
        file.ifPresent(EventFile::close);
        file = Optional.empty();
    }
}
