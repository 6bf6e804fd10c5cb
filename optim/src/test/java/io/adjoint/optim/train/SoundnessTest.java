package io.adjoint.optim.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Layer;
import io.adjoint.optim.Lion;
import io.adjoint.optim.Sgd;
import io.adjoint.optim.Transformation;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.data.Dataset;
import io.adjoint.optim.metric.RocAuc;
import io.adjoint.optim.schedule.Plateau;
import io.adjoint.optim.train.CheckpointStore.Slot;
import io.adjoint.optim.transform.Accumulate;
import io.adjoint.optim.transform.SkipNonFinite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A step whose loss is finite, and whose gradient is not: the root of 0. What it spoils is neither kept nor saved. */
class SoundnessTest {
    private record Scale(Variable weight) implements Layer {
        @Override
        public Tensor forward(Tensor x) {
            return x.mul(weight.value());
        }

        static Scale of(float... weight) {
            return new Scale(Variable.parameter(Tensor.of(weight, weight.length)));
        }
    }

    private static Tensor root(Tensor predicted, Tensor target) {
        return predicted.sqrt().sub(target).mean();
    }

    private static Batches batches(float... features) {
        return new Dataset(Tensor.of(features, features.length, 1),
                Tensor.zeros(Shape.of(features.length, 1), DType.F32)).batches(1);
    }

    private static Trainer trainer(Layer model, Transformation steps, int epochs) {
        return Trainer.of(model, SoundnessTest::root, steps.over(model), epochs);
    }

    private static Trainer trainer(Layer model, int epochs) {
        return trainer(model, Sgd.of(1e-3).withMomentum(0.9), epochs);
    }

    private static void assertFound(String place, Scale model, Trainer trainer, Batches batches) {
        TrainingException thrown = assertThrows(TrainingException.class, () -> trainer.fit(batches));
        assertTrue(thrown.getMessage().startsWith(place + ": ")
                && thrown.getMessage().contains(" made NaN in the gradient of "), thrown.getMessage());
        assertTrue(place.startsWith("step " + thrown.step() + " "), thrown.getMessage());
        assertTrue(Double.isFinite(model.weight.value().sum().item()));
    }

    @ParameterizedTest
    @EnumSource(Execution.class)
    void theLastStepOfAnEpoch(Execution execution) {
        for (int epochs = 1; epochs < 3; epochs++) {
            Scale model = Scale.of(1);
            assertFound("step 3 (epoch 0, batch 3)", model, trainer(model, epochs).withExecution(execution),
                    batches(1, 2, 3, 0));
        }
    }

    @Test
    void theLastStepOfAnEpochAfterWhichThereIsASnapshot() {
        Scale model = Scale.of(1);
        Plateau rate = Plateau.of(1e-3, Plateau.Options.DEFAULT);
        assertFound("step 3 (epoch 0, batch 3)", model,
                trainer(model, Sgd.of(rate), 2).withListener(Listener.observing(rate, "loss")), batches(1, 2, 3, 0));
    }

    @Test
    void neitherIsSaved() {
        for (int every = 0; every < 4; every++) {
            for (float[] features : new float[][] {{1, 2, 3, 0}, {1, 2, 3, 0, 5, 6}}) {
                List<String> saved = new ArrayList<>();
                MemoryStore store = new MemoryStore();
                Scale model = Scale.of(1);
                assertFound("step 3 (epoch 0, batch 3)", model,
                        trainer(model, 2).withSaving(Saving.in(store).withEvery(every)).withListener(event -> {
                            if (event instanceof Event.Saved save) {
                                saved.add(save.slot() + " " + save.step());
                            }
                        }), batches(features));
                int step = every == 0 ? 0 : 3 / every * every;
                assertEquals("LAST " + step, saved.getLast());
                assertTrue(store.load(Slot.BEST, model).isEmpty());
                Scale resumed = Scale.of(7);
                assertEquals(Outcome.End.INTERRUPTED, trainer(resumed, 2).withSaving(Saving.in(store))
                        .withStop(() -> true).resume(batches(features)).end());
                assertTrue(Double.isFinite(resumed.weight.value().item()));
            }
        }
    }

    @Test
    void anInterruptedTrainingDoesNotSaveItEither() {
        MemoryStore store = new MemoryStore();
        Scale model = Scale.of(1);
        int[] steps = {0};
        assertFound("step 1 (epoch 0, batch 1)", model, trainer(model, 1).withSaving(Saving.in(store))
                .withStop(() -> steps[0]++ == 2), batches(1, 0, 1, 1));
    }

    /** A model that shows a spoilt weight only to some rows, so any number of losses after it are finite. */
    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void anyNumberOfStepsLater(@ForAll @IntRange(min = 1, max = 300) int steps, @ForAll @IntRange(max = 299) int bad,
            @ForAll boolean isMet) {
        Variable table = Variable.parameter(Tensor.ones(3, 1));
        Layer model = new Layer() {
            @Override
            public Tensor forward(Tensor rows) {
                return table.value().indexSelect(0, rows.reshape(-1)).sub(rows.reshape(-1, 1).eq(1).cast(DType.F32));
            }

            @Override
            public SequencedMap<String, Object> parts() {
                return new LinkedHashMap<>(Map.of("table", table));
            }
        };
        int at = bad % steps;
        long[] rows = new long[steps];
        rows[at] = 1;
        if (isMet) {
            rows[steps - 1] = 1;
        }
        Batches batches = new Dataset(Tensor.of(rows, steps, 1), Tensor.zeros(Shape.of(steps, 1), DType.F32))
                .batches(1);
        TrainingException thrown = assertThrows(TrainingException.class,
                () -> trainer(model, Sgd.of(1e-3), 2).fit(batches));
        assertEquals(at, thrown.step(), thrown.getMessage());
        assertTrue(thrown.getMessage().contains(" made Infinity in the gradient of sqrt"), thrown.getMessage());
    }

    /** Nothing of it is in the parameters before the third step. */
    @Test
    void whatIsSummedUp() {
        Scale model = Scale.of(1);
        assertFound("step 1 (epoch 0, batch 1)", model,
                trainer(model, new Accumulate(3, Sgd.of(1e-3)), 4), batches(1, 0));
    }

    @Test
    void aStepThatIsLeftOutSpoilsNothing() {
        Scale model = Scale.of(1);
        Outcome outcome = trainer(model, new SkipNonFinite(Sgd.of(1e-3)), 2).withSaving(Saving.in(new MemoryStore())
                .withEvery(1)).fit(batches(1, 2, 3, 0));
        assertEquals(Outcome.End.FINISHED, outcome.end());
    }

    /** Its sums, in front, hold what is not finite until they begin anew. */
    @Test
    void neitherDoesASumThatIsLeftOut() {
        Scale model = Scale.of(1);
        for (float[] features : new float[][] {{1, 2, 0}, {1, 2, 3, 0}, {0, 1, 2}}) {
            Outcome outcome = trainer(model, new Accumulate(2, new SkipNonFinite(Sgd.of(1e-3))), 2)
                    .withSaving(Saving.in(new MemoryStore()).withEvery(1)).fit(batches(features));
            assertEquals(Outcome.End.FINISHED, outcome.end());
            assertTrue(Double.isFinite(model.weight.value().item()));
        }
    }

    /** The gradient is infinite, the loss and the parameter are finite: Lion goes by its sign, and a sum waits. */
    @Test
    void anInfinityThatIsRememberedOnly() {
        for (Transformation steps : List.of(Lion.of(1e-3), new Accumulate(3, Sgd.of(1e-3)))) {
            for (int every = 0; every < 3; every++) {
                Variable weight = Variable.parameter(Tensor.ones(1));
                Layer model = new Layer() {
                    @Override
                    public Tensor forward(Tensor x) {
                        return weight.value().sub(x);
                    }

                    @Override
                    public SequencedMap<String, Object> parts() {
                        return new LinkedHashMap<>(Map.of("weight", weight));
                    }
                };
                Trainer trainer = trainer(model, steps, 2)
                        .withSaving(Saving.in(new MemoryStore()).withEvery(every));
                TrainingException thrown =
                        assertThrows(TrainingException.class, () -> trainer.fit(batches(1, 0.5f, 0.25f, 0.5f)));
                assertTrue(thrown.getMessage().startsWith("step 0 (epoch 0, batch 0): ")
                        && thrown.getMessage().contains(" made Infinity in the gradient of sqrt"), thrown.getMessage());
            }
        }
    }

    /** A parameter that is infinite from the beginning, such as a mask, is meant. */
    @Test
    void whatWasNotFiniteBeforeIsNotJudged() {
        Scale model = Scale.of(1);
        Variable mask = Variable.parameter(Tensor.of(new float[] {Float.NEGATIVE_INFINITY}, 1));
        Variable marker = Variable.buffer(Tensor.of(new float[] {Float.NaN}, 1));
        Layer masked = new Layer() {
            @Override
            public Tensor forward(Tensor x) {
                return model.forward(x).maximum(mask.value());
            }

            @Override
            public SequencedMap<String, Object> parts() {
                SequencedMap<String, Object> parts = new LinkedHashMap<>();
                Stream.of(model.weight, mask, marker).forEach(part -> parts.put("p" + parts.size(), part));
                return parts;
            }
        };
        assertEquals(Outcome.End.FINISHED, trainer(masked, Sgd.of(1e-3), 2).fit(batches(1, 2, 3)).end());
    }

    @Test
    void aListenerThatSpoilsTheModel() {
        Scale model = Scale.of(1);
        Trainer trainer = trainer(model, 1).withListener(event -> {
            if (event instanceof Event.StepDone step && step.step() == 2) {
                model.weight.set(Tensor.of(new float[] {Float.POSITIVE_INFINITY}, 1));
            }
        });
        assertEquals(
                "step 1: a parameter, or what model or optimizer remember, is not finite, which no operation shows "
                        + "when the step is run again; expected finite numbers",
                assertThrows(TrainingException.class, () -> trainer.fit(batches(1, 2))).getMessage());
        assertTrue(Double.isFinite(model.weight.value().item()));
    }

    /** It runs between the last look at the numbers and the checkpoints. */
    @Test
    void aListenerThatSpoilsTheModelAfterAnEpoch() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            Scale model = Scale.of(1);
            MemoryStore store = new MemoryStore();
            Trainer trainer = trainer(model, 3).withSaving(Saving.in(store)).withListener(new Listener() {
                @Override
                public void on(Event event) {
                    if (event instanceof Event.EpochDone done && done.result().epoch() == 1) {
                        model.weight.set(Tensor.of(new float[] {bad}, 1));
                    }
                }

                @Override
                public boolean changesVariables() {
                    return true;
                }
            });
            TrainingException thrown = assertThrows(TrainingException.class, () -> trainer.fit(batches(1, 2)));
            assertEquals(
                    "epoch 1 (after step 3): a listener made a parameter, or what model or optimizer remember, not "
                            + "finite; expected finite numbers",
                    thrown.getMessage());
            assertEquals(4, thrown.step());
            Scale best = Scale.of(7);
            assertTrue(store.load(Slot.BEST, best).isPresent());
            assertTrue(Double.isFinite(best.weight.value().item()));
            Scale last = Scale.of(7);
            assertEquals(1, trainer(last, 3).withSaving(Saving.in(store)).withStop(() -> true)
                    .resume(batches(1, 2)).history().size());
            assertTrue(Double.isFinite(last.weight.value().item()));
        }
    }

    /** The search may take as long as the training did, so who wants it to end is not kept waiting. */
    @Test
    void theSearchIsStoppedAsTheTrainingIs() {
        float[] features = new float[40];
        Arrays.fill(features, 1);
        features[39] = 0; // spoils the weight, which the end of the epoch finds
        for (int more = 0; more < 90; more++) {
            int[] asked = {0};
            int last = features.length + more;
            Scale model = Scale.of(1);
            TrainingException thrown = assertThrows(TrainingException.class, () -> trainer(model, 1)
                    .withStop(() -> asked[0]++ >= last).fit(batches(features)));
            if (asked[0] <= last) { // the search was over before
                assertTrue(more > features.length && thrown.getMessage().contains(" made NaN in the gradient of "),
                        thrown.getMessage());
            } else {
                assertEquals(last + 1, asked[0]);
                assertStopped(thrown);
            }
            assertTrue(Double.isFinite(model.weight.value().item()));
        }
    }

    @Test
    void theSearchIsStoppedByAnInterrupt() {
        Scale model = Scale.of(1);
        boolean[] searches = {false};
        int[] searched = {0};
        BinaryOperator<Tensor> loss = (predicted, target) -> {
            if (searches[0]) {
                searched[0]++;
                Thread.currentThread().interrupt();
            }
            return root(predicted, target);
        };
        Trainer trainer = Trainer.of(model, loss, Sgd.of(1e-3).over(model), 1).withExecution(Execution.EAGER)
                .withListener(event -> searches[0] = event instanceof Event.StepDone done && done.step() == 5);
        TrainingException thrown = assertThrows(TrainingException.class, () -> trainer.fit(batches(1, 2, 3, 4, 0)));
        assertTrue(Thread.interrupted());
        assertEquals(1, searched[0]);
        assertStopped(thrown);
    }

    private static void assertStopped(TrainingException thrown) {
        assertEquals(
                "step " + thrown.step() + ": a parameter, or what model or optimizer remember, is not finite, and the "
                        + "search for what made it was stopped; expected finite numbers",
                thrown.getMessage());
    }

    /** No epoch would ever be the best one. */
    @Test
    void aCriterionThatIsNan() {
        for (boolean isCriterion : new boolean[] {true, false}) {
            Scale model = Scale.of(1);
            MemoryStore store = new MemoryStore();
            Validation validation = Validation.on(ofTwoClasses(1, 1, 1), RocAuc.binary());
            Trainer trainer = squares(model, isCriterion ? validation.withCriterion(Criterion.highest("ROC AUC"))
                    : validation).withEarlyStopping(EarlyStopping.of(1)).withSaving(Saving.in(store));
            if (isCriterion) {
                TrainingException thrown =
                        assertThrows(TrainingException.class, () -> trainer.fit(ofTwoClasses(1, 0, 1, 0)));
                assertEquals("validation of epoch 0 (after step 1): the criterion, ROC AUC, is NaN; expected a number: "
                        + "data held back that it is defined for (both classes, targets that differ), or another criterion",
                        thrown.getMessage());
                assertEquals(2, thrown.step());
                assertTrue(store.load(Slot.BEST, model).isEmpty());
                assertEquals(List.of(), squares(model, validation).withSaving(Saving.in(store)).withStop(() -> true)
                        .resume(ofTwoClasses(1, 0, 1, 0)).history());
            } else {
                assertEquals(3, trainer.fit(ofTwoClasses(1, 0, 1, 0)).history().size(), "it is only reported");
            }
        }
    }

    /** The batch that is tried before the first step need not have all classes. */
    @Test
    void aCriterionThatIsNanOfTheFirstBatchOnly() {
        Scale model = Scale.of(1);
        assertEquals(3, squares(model, Validation.on(ofTwoClasses(1, 1, 0, 0), RocAuc.binary())
                .withCriterion(Criterion.highest("ROC AUC"))).fit(ofTwoClasses(1, 1)).history().size());
    }

    private static Batches ofTwoClasses(long... labels) {
        return new Dataset(Tensor.range(labels.length).cast(DType.F32), Tensor.of(labels)).batches(2);
    }

    private static Trainer squares(Scale model, Validation validation) {
        return Trainer.of(model, (y, t) -> y.sub(t.cast(DType.F32)).square().mean(), Sgd.of(1e-3).over(model), 3)
                .withValidation(validation);
    }

    @ParameterizedTest
    @EnumSource(Execution.class)
    void aValidationWhoseLossIsNan(Execution execution) {
        Scale model = Scale.of(1);
        MemoryStore store = new MemoryStore();
        Trainer trainer = trainer(model, 3).withExecution(execution).withSaving(Saving.in(store))
                .withValidation(Validation.on(batches(1, 2, -3, 4)));
        TrainingException thrown = assertThrows(TrainingException.class, () -> trainer.fit(batches(1, 2, 3)));
        assertEquals(3, thrown.step());
        assertTrue(thrown.getMessage().startsWith(
                "validation of epoch 0 (after step 2, batch 2): sqrt made NaN"), thrown.getMessage());
        assertFalse(thrown.getMessage().contains("\n"));
        assertTrue(store.load(Slot.BEST, model).isEmpty());
    }

    /** Metrics would refuse a prediction of NaN without a word about where it came from. */
    @Test
    void aValidationWhosePredictionIsNan() {
        Scale model = Scale.of(1);
        Task task = new Task(model, x -> model.forward(x).sqrt(), (y, label) -> y.mean());
        Trainer trainer = Trainer.of(task, Sgd.of(1e-3).over(model), 3)
                .withValidation(Validation.on(labelled(1, 2, -3, 4), RocAuc.binary()));
        TrainingException thrown = assertThrows(TrainingException.class, () -> trainer.fit(labelled(1, 2, 3)));
        assertTrue(thrown.getMessage().startsWith(
                "validation of epoch 0 (after step 2, batch 2): sqrt made NaN"), thrown.getMessage());
        Evaluation judged = trainer.evaluate(labelled(1, -3), RocAuc.binary());
        assertTrue(Double.isNaN(judged.loss()) && Double.isNaN(judged.figure("ROC AUC")), judged.toString());
    }

    private static Batches labelled(float... features) {
        return new Dataset(Tensor.of(features, features.length, 1),
                Tensor.zeros(Shape.of(features.length, 1), DType.I64)).batches(1);
    }

    /** Good or bad, an infinite loss of data held back is a figure. */
    @Test
    void aValidationWhoseLossIsInfinite() {
        Scale model = Scale.of(1);
        Trainer trainer = Trainer.of(model, (y, _) -> y.log().mean(), Sgd.of(1e-3).over(model), 2)
                .withValidation(Validation.on(batches(0)));
        assertEquals(Outcome.End.FINISHED, trainer.fit(batches(1, 2)).end());
    }
}
