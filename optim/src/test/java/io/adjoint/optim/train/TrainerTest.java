package io.adjoint.optim.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.optim.data.Batch;
import io.adjoint.optim.data.DataException;
import io.adjoint.optim.data.Dataset;
import io.adjoint.optim.metric.Accuracy;
import io.adjoint.optim.metric.Average;
import io.adjoint.optim.metric.ClassMeasure;
import io.adjoint.optim.metric.Metric;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainerTest {
    @Test
    void compiledAndEagerTrainingsHaveTheSameBits() {
        Setup compiled = Setup.of(1);
        Setup eager = Setup.of(1);
        Outcome one = compiled.trainer().fit(compiled.batches());
        Outcome other = eager.trainer().withExecution(Execution.EAGER).fit(eager.batches());
        compiled.assertSameAs(eager);
        assertEquals(other, one);
        assertEquals(Outcome.End.FINISHED, one.end());
        assertTrue(one.history().getLast().loss() < one.history().getFirst().loss(), one.toString());
    }

    @Test
    void itIsTheLoopThatPeopleWouldWrite() {
        Setup byHand = Setup.of(2);
        Setup trained = Setup.of(2);
        Outcome outcome = trained.trainer().fit(trained.batches());
        for (int epoch = 0; epoch < Setup.EPOCHS; epoch++) {
            double sum = 0;
            for (Batch batch : byHand.batches().epoch(epoch)) {
                sum += byHand.optimizer().minimize(() -> Losses.crossEntropy(
                        byHand.model().forward(batch.features()), batch.targets())).item() * batch.size();
            }
            EpochResult result = outcome.history().get(epoch);
            assertEquals(sum / byHand.training().size(), result.loss());
            double right = byHand.optimizer().withAverages(() -> byHand.model().forward(byHand.heldBack().features())
                    .argmax(1).eq(byHand.heldBack().targets()).cast(DType.F64).mean().item());
            assertEquals(right, result.validation().orElseThrow().figure("accuracy"));
            byHand.rate().observe(result.validation().orElseThrow().loss());
        }
        byHand.assertSameAs(trained);
    }

    /** Also within a training scope, where a careless one would drop out and move running statistics. */
    @Test
    void evaluatingAndPredictingLeaveNoTrace() {
        Setup setup = Setup.of(3);
        Setup same = Setup.of(3);
        Accuracy accuracy = Accuracy.of();
        for (Execution execution : Execution.values()) {
            Trainer trainer = setup.trainer().withExecution(execution);
            Evaluation outside = trainer.evaluate(setup.heldBack().batches(4), accuracy);
            Evaluation inside = Training.scope(() -> trainer.evaluate(setup.heldBack().batches(4), accuracy));
            assertEquals(outside, inside);
            Tensor predicted = Training.scope(() -> trainer.predict(setup.heldBack().batches(4)));
            assertTrue(predicted.sameBits(setup.model().forward(setup.heldBack().features())));
        }
        assertTrue(Double.isNaN(accuracy.value()), "the metric has seen nothing");
        setup.assertSameAs(same);
    }

    @Test
    void eventsComeInOrder() {
        Setup setup = Setup.of(4);
        List<String> events = new ArrayList<>();
        Trainer trainer = setup.trainer().withSaving(Saving.in(new MemoryStore()).withEvery(3));
        new Trainer(trainer.task(), trainer.optimizer(), 1, trainer.validation(), Execution.EAGER,
                trainer.loading(), trainer.curvature(), trainer.earlyStopping(), trainer.saving(),
                List.of(event -> events.add(switch (event) {
                    case Event.Started started -> "start of " + started.plan().steps() + " at " + started.step();
                    case Event.StepDone step -> "step " + step.step();
                    case Event.EpochDone epoch -> "epoch " + epoch.result().epoch() + " " + epoch.isBest();
                    case Event.Saved saved -> saved.slot() + " " + saved.step();
                    case Event.Ended ended -> ended.outcome().end().toString();
                })), () -> false).fit(setup.batches());
        assertEquals(List.of("LAST 0", "start of 4 at 0", "step 1", "step 2", "step 3", "LAST 3", "step 4",
                "epoch 0 true", "BEST 4", "LAST 4", "FINISHED"), events);
    }

    @Test
    void anOverfitOfOneBatchChangesNothing() {
        Setup setup = Setup.of(5);
        Setup same = Setup.of(5);
        List<Double> losses = setup.trainer().overfit(setup.training().rows(0, 1, 2, 3), 200);
        assertEquals(200, losses.size());
        assertTrue(losses.getLast() < 0.2 * losses.getFirst(), losses.toString());
        setup.assertSameAs(same);
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeTheFirstStep() {
        Setup setup = Setup.of(6);
        Setup same = Setup.of(6);
        Trainer trainer = setup.trainer().withListener(event -> {
            throw new AssertionError(event);
        });
        Dataset wide = Dataset.of(Tensor.zeros(Shape.of(2, 4), DType.F32), new long[] {0, 1}, 2);
        Dataset foreign = Dataset.of(Tensor.zeros(Shape.of(2, 3), DType.F32), new long[] {0, 2}, 3);
        assertThrows(ShapeException.class, () -> trainer.fit(wide.batches(2)));
        assertThrows(ShapeException.class,
                () -> trainer.withValidation(Validation.on(wide.batches(2))).fit(setup.batches()));
        assertThrows(DataException.class, () -> trainer.fit(foreign.batches(2)));
        ShapeException unknown = assertThrows(ShapeException.class, () -> trainer.withValidation(Validation.on(
                setup.heldBack().batches(4), Accuracy.of()).withCriterion(Criterion.highest("recall")))
                .fit(setup.batches()));
        assertTrue(unknown.getMessage().contains("recall") && unknown.getMessage().contains("accuracy"),
                unknown.getMessage());
        setup.assertSameAs(same);
    }

    /** One would hide the figure of the other. */
    @Test
    void twoMetricsOfOneNameAreRefused() {
        Setup setup = Setup.of(8);
        ShapeException refused = assertThrows(ShapeException.class, () -> setup.trainer().evaluate(
                setup.heldBack().batches(4), Accuracy.of(), Accuracy.of()));
        assertTrue(refused.getMessage().contains("two metrics have one name"), refused.getMessage());
    }

    /** A criterion would mean the one or the other, and a line of JSON have the key twice. */
    @Test
    void aMetricThatIsNamedAsTheLossIsRefused() {
        Metric loss = new EarlyStoppingTest.Scripted("loss", () -> 1);
        assertEquals("evaluation: a metric is named as the loss: metrics [loss]; expected another name",
                assertThrows(ShapeException.class, () -> Validation.on(Setup.of(8).batches(), loss)).getMessage());
    }

    @Test
    void measuresThatAreAveragedDifferentlyHaveNamesOfTheirOwn() {
        Setup setup = Setup.of(8);
        List<Metric> metrics = new ArrayList<>();
        for (Average average : Average.values()) {
            metrics.add(ClassMeasure.f1(2, average));
            metrics.add(ClassMeasure.precision(2, average));
            metrics.add(ClassMeasure.recall(2, average));
        }
        Evaluation judged = setup.trainer().evaluate(setup.heldBack().batches(4), metrics.toArray(Metric[]::new));
        assertEquals(List.of("micro F1", "micro precision", "micro recall", "macro F1", "macro precision",
                "macro recall", "weighted F1", "weighted precision", "weighted recall"),
                List.copyOf(judged.metrics().keySet()));
    }

    @Test
    void aListenerThatThrowsEndsTheTraining() {
        Setup setup = Setup.of(7);
        Trainer trainer = setup.trainer().withListener(event -> {
            if (event instanceof Event.StepDone step && step.step() == 2) {
                throw new IllegalStateException("planned");
            }
        });
        assertThrows(IllegalStateException.class, () -> trainer.fit(setup.batches()));
        assertEquals(2, setup.optimizer().steps());
    }
}
