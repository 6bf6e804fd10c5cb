package io.adjoint.serialization.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Sequential;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.Sgd;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.data.Dataset;
import io.adjoint.optim.metric.RegressionError;
import io.adjoint.optim.schedule.StepDecay;
import io.adjoint.optim.train.EpochResult;
import io.adjoint.optim.train.Event;
import io.adjoint.optim.train.Outcome;
import io.adjoint.optim.train.Saving;
import io.adjoint.optim.train.Trainer;
import io.adjoint.optim.train.TrainingException;
import io.adjoint.optim.train.Validation;
import io.adjoint.serialization.CheckpointFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny training, 2 epochs of 4 steps, and what TensorBoard is told of it. */
class TensorBoardTest {
    @TempDir
    Path folder;

    private final Sequential model = Sequential.of(Linear.of(3, 1, Rng.seed(1)));
    private final Schedule rate = new StepDecay(0.1, 3, 0.5);
    private final Dataset data = data();

    private static Dataset data() {
        Tensor features = Rng.seed(1).normal(Shape.of(19, 3), DType.F32);
        return new Dataset(features, features.sum(1).unsqueeze(1));
    }

    private Trainer trainer() {
        return Trainer.of(model, Losses::meanSquaredError, Sgd.of(rate).over(model), 2)
                .withValidation(Validation.on(data.batches(10), RegressionError.meanAbsolute()));
    }

    private Batches batches() {
        return data.batches(5, Rng.seed(2));
    }

    private TensorBoard board() {
        return TensorBoard.in(folder).withClock(EventFileTest.CLOCK);
    }

    private List<LoggedEvent> events(int file) throws IOException {
        try (var files = Files.list(folder)) {
            return EventFile.read(files.filter(Files::isRegularFile).sorted().toList().get(file));
        }
    }

    private static LoggedEvent scalar(String tag, long step, double value) {
        return new LoggedEvent.Scalar(EventFileTest.NOW, step, tag, (float) value);
    }

    @Test
    void everyStepAndEveryEpoch() throws IOException {
        List<LoggedEvent> expected = new ArrayList<>();
        expected.add(new LoggedEvent.Restart(EventFileTest.NOW, 1));
        Outcome outcome = trainer().withListener(event -> {
            if (event instanceof Event.StepDone step) {
                expected.add(scalar("training/loss", step.step(), step.loss()));
                // 0.1, and half of it for each 3 steps taken
                expected.add(scalar("learning_rate", step.step(), 0.1 * Math.pow(0.5, (step.step() - 1) / 3)));
            } else if (event instanceof Event.EpochDone done) {
                EpochResult result = done.result();
                expected.add(scalar("training/epoch_loss", result.step(), result.loss()));
                expected.add(scalar("validation/loss", result.step(), result.validation().orElseThrow().loss()));
                result.validation().orElseThrow().metrics().forEach(
                        (name, figure) -> expected.add(scalar("validation/" + name, result.step(), figure)));
            }
        }).withListener(board().withLearningRate(rate)).fit(batches());
        assertEquals(2, outcome.history().size());
        assertEquals(1 + 8 * 2 + 2 * 3, expected.size());
        assertEquals(expected, events(0));
    }

    @Test
    void fewerStepsAndHistogramsOnRequest() throws IOException {
        trainer().withListener(board().withEvery(3).withParameters(model)).fit(batches());
        List<LoggedEvent> events = events(0);
        assertEquals(List.of(3L, 6L), events.stream().filter(event -> event instanceof LoggedEvent.Scalar scalar
                && scalar.tag().equals("training/loss")).map(LoggedEvent::step).toList());
        List<LoggedEvent.Histogram> histograms = events.stream().filter(LoggedEvent.Histogram.class::isInstance)
                .map(LoggedEvent.Histogram.class::cast).toList();
        assertEquals(List.of("parameters/0.weight", "parameters/0.bias", "parameters/0.weight", "parameters/0.bias"),
                histograms.stream().map(LoggedEvent.Histogram::tag).toList());
        assertEquals(List.of(4L, 4L, 8L, 8L), histograms.stream().map(LoggedEvent.Histogram::step).toList());
        Tensor weight = model.variables().get("0.weight").value();
        assertEquals(3, histograms.get(2).count());
        assertEquals(weight.max().item(), histograms.get(2).max());
    }

    @Test
    void aResumedTrainingForgetsTheStepsAfterItsCheckpoint() throws IOException {
        Saving saving = Saving.in(CheckpointFolder.of(folder.resolve("checkpoints")));
        int[] left = {6};
        TensorBoard board = board();
        trainer().withSaving(saving).withStop(() -> left[0]-- == 0).withListener(board).resume(batches());
        trainer().withSaving(saving).withListener(board).resume(batches());
        assertEquals(new LoggedEvent.Restart(EventFileTest.NOW, 7), events(1).getFirst());
        assertEquals(6, events(0).getLast().step());
        assertEquals(7, events(1).get(1).step());
    }

    @Test
    void aTrainingThatFailsLeavesItsSteps() throws IOException {
        int[] calls = {0};
        Trainer failing = Trainer.of(model, Losses::meanSquaredError, Sgd.of(1e30).over(model), 2);
        try (TensorBoard board = board()) {
            assertThrows(TrainingException.class, () -> failing.withListener(board)
                    .withListener(_ -> calls[0]++).fit(batches()));
        }
        assertTrue(calls[0] > 1, "no step");
        assertEquals(calls[0], events(0).size());
    }

    @Test
    void wrongCalls() {
        assertThrows(ShapeException.class, () -> board().withEvery(0));
        board().close();
    }
}
