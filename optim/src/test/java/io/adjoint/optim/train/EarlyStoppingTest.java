package io.adjoint.optim.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.metric.Metric;
import java.util.List;
import java.util.function.DoubleSupplier;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class EarlyStoppingTest {
    /** A metric whose figures are known beforehand. */
    record Scripted(String name, DoubleSupplier figure) implements Metric {
        @Override
        public void update(Tensor prediction, Tensor target) {}

        @Override
        public double value() {
            return figure.getAsDouble();
        }

        @Override
        public void merge(Metric other) {}

        @Override
        public Metric fresh() {
            return this;
        }
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void endsAfterItsPatienceAndKeepsTheBest(@ForAll @Size(Setup.EPOCHS) List<@IntRange(max = 4) Integer> script,
            @ForAll @IntRange(min = 1, max = 3) int patience, @ForAll @IntRange(max = 2) int minDelta,
            @ForAll boolean isHigh, @ForAll boolean isSaved) {
        int sign = isHigh ? 1 : -1;
        int[] epochs = {0};
        Snapshot[] best = new Snapshot[1];
        Setup setup = Setup.of(1);
        Metric metric = new Scripted("scripted", () -> script.get(Math.min(epochs[0], Setup.EPOCHS - 1)));
        Trainer trainer = setup.trainer()
                .withValidation(Validation.on(setup.heldBack().batches(4), metric).withCriterion(
                        isHigh ? Criterion.highest("scripted") : Criterion.lowest("scripted")))
                .withEarlyStopping(EarlyStopping.of(patience).withMinDelta(minDelta))
                .withListener(event -> {
                    if (event instanceof Event.EpochDone done) {
                        epochs[0]++;
                        if (done.isBest()) {
                            best[0] = setup.optimizer().withAverages(() -> Snapshot.of(setup.model()));
                        }
                    }
                });
        Outcome outcome = (isSaved ? trainer.withSaving(Saving.in(new MemoryStore())) : trainer).fit(setup.batches());

        int expected = Setup.EPOCHS;
        int idle = 0;
        double reference = Double.NEGATIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        int bestEpoch = 0;
        for (int epoch = 0; epoch < Setup.EPOCHS; epoch++) {
            double figure = sign * script.get(epoch);
            idle = figure > reference + minDelta ? 0 : idle + 1;
            reference = idle == 0 ? figure : reference;
            if (figure > greatest) {
                greatest = figure;
                bestEpoch = epoch;
            }
            if (idle == patience) {
                expected = epoch + 1;
                break;
            }
        }
        assertEquals(expected, outcome.history().size());
        assertEquals(idle == patience && expected < Setup.EPOCHS ? Outcome.End.EARLY : Outcome.End.FINISHED,
                outcome.end());
        assertEquals(sign * greatest + 0.0, outcome.history().get(bestEpoch).figure("scripted")); // not -0
        Snapshot now = Snapshot.of(setup.model());
        for (int i = 0; i < now.values().size(); i++) {
            assertEquals(true, now.values().get(i).sameBits(best[0].values().get(i)));
        }
    }
}
