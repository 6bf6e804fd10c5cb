package io.adjoint.optim.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Module;
import io.adjoint.optim.Sgd;
import io.adjoint.optim.Transformation;
import io.adjoint.optim.data.DataException;
import io.adjoint.optim.data.Dataset;
import io.adjoint.optim.schedule.StepDecay;
import io.adjoint.optim.transform.Accumulate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ResumeTest {
    private static BooleanSupplier after(int steps) {
        int[] left = {steps};
        return () -> left[0]-- == 0;
    }

    /** However often it is interrupted, each time a new trainer of another model goes on with what was saved. */
    @Property(tries = 25, edgeCases = EdgeCasesMode.NONE)
    void interruptedAtAnyStepItEndsWithTheSameBits(@ForAll @LongRange(min = 0, max = 1000) long seed,
            @ForAll @Size(min = 1, max = 3) List<@IntRange(max = 7) Integer> steps) {
        Setup whole = Setup.of(seed);
        EarlyStopping early = EarlyStopping.of(3).withKeep(EarlyStopping.Keep.values()[(int) (seed % 2)]);
        Outcome expected = whole.trainer().withEarlyStopping(early).fit(whole.batches());
        MemoryStore store = new MemoryStore();
        for (int i = 0; i < steps.size(); i++) {
            int count = steps.get(i);
            Setup part = Setup.of(seed + i);
            part.trainer().withEarlyStopping(early).withSaving(Saving.in(store)).withStop(after(count))
                    .resume(part.batches());
        }
        Setup rest = Setup.of(seed + 5);
        Outcome outcome = rest.trainer().withEarlyStopping(early).withSaving(Saving.in(store))
                .resume(rest.training().batches(5, Rng.seed(99)));
        assertEquals(expected, outcome);
        rest.assertSameAs(whole);
    }

    /** Batches of 2 whose gradients are summed up three at a time train as batches of 6, also in runs that end between. */
    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void gradientsThatAreSummedUpMakeALargeBatch(@ForAll @LongRange(min = 0, max = 1000) long seed,
            @ForAll @IntRange(min = 1, max = 5) int runs) {
        Transformation steps = Sgd.of(new StepDecay(0.1, 3, 0.5)).withMomentum(0.9);
        Dataset data = Setup.of(seed).training().subset(IntStream.range(0, 18).toArray());
        Linear large = Linear.of(3, 2, Rng.seed(seed));
        Trainer.of(large, Losses::crossEntropy, steps.over(large), 2).fit(data.batches(6));
        MemoryStore store = new MemoryStore();
        for (int run = runs; run >= 0; run--) {
            Linear small = Linear.of(3, 2, Rng.seed(seed + (run == runs ? 0 : 1)));
            Outcome outcome = Trainer.of(small, Losses::crossEntropy, new Accumulate(3, steps).over(small), 2)
                    .withSaving(Saving.in(store)).withStop(after(run == 0 ? 99 : 1 + run)).resume(data.batches(2));
            if (run == 0) {
                assertEquals(Outcome.End.FINISHED, outcome.end());
                large.variables().forEach((name, variable) -> assertTrue(
                        variable.value().sub(small.variables().get(name).value()).abs().max().item() < 1e-5, name));
            }
        }
    }

    /** What a killed process leaves: the checkpoint of some step before. */
    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void killedItGoesOnFromTheLastCheckpoint(@ForAll @IntRange(min = 1, max = 16) int killedAfter,
            @ForAll @IntRange(max = 5) int every) {
        Setup whole = Setup.of(1);
        Outcome expected = whole.trainer().fit(whole.batches());
        MemoryStore store = new MemoryStore();
        Setup killed = Setup.of(1);
        Trainer trainer = killed.trainer().withSaving(Saving.in(store).withEvery(every)).withListener(event -> {
            if (event instanceof Event.StepDone step && step.step() == killedAfter) {
                throw new IllegalStateException("killed");
            }
        });
        assertThrows(IllegalStateException.class, () -> trainer.fit(killed.batches()));
        Setup rest = Setup.of(2);
        assertEquals(expected, rest.trainer().withSaving(Saving.in(store)).resume(rest.batches()));
        rest.assertSameAs(whole);
    }

    @Test
    void anInterruptOfTheThreadIsKeptAndDoesNotSpoilTheSave() {
        Setup setup = Setup.of(1);
        MemoryStore store = new MemoryStore();
        boolean[] wasInterrupted = new boolean[1];
        Outcome outcome = setup.trainer().withSaving(Saving.in(new CheckpointStore() {
            @Override
            public void save(Slot slot, Module state, Map<String, String> notes) {
                wasInterrupted[0] |= Thread.currentThread().isInterrupted();
                store.save(slot, state, notes);
            }

            @Override
            public Optional<Map<String, String>> load(Slot slot, Module state) {
                return store.load(slot, state);
            }
        })).withListener(event -> {
            if (event instanceof Event.StepDone step && step.step() == 5) {
                Thread.currentThread().interrupt();
            }
        }).fit(setup.batches());
        assertTrue(Thread.interrupted());
        assertEquals(Outcome.End.INTERRUPTED, outcome.end());
        assertEquals(5, setup.optimizer().steps());
        assertFalse(wasInterrupted[0]);
    }

    @Test
    void aStoreThatFailsEndsItWithItsMessageAndKeepsTheLastCheckpoint() {
        MemoryStore store = new MemoryStore();
        Setup setup = Setup.of(1);
        Trainer trainer = setup.trainer().withSaving(Saving.in(store)).withListener(event -> {
            if (event instanceof Event.StepDone step && step.step() == Setup.BATCHES + 1) {
                store.isFull = true;
            }
        });
        assertEquals("no space left", assertThrows(IllegalStateException.class, () -> trainer.fit(setup.batches()))
                .getMessage());
        store.isFull = false;
        Setup whole = Setup.of(1);
        Outcome expected = whole.trainer().fit(whole.batches());
        Setup rest = Setup.of(2);
        assertEquals(expected, rest.trainer().withSaving(Saving.in(store)).resume(rest.batches()));
        rest.assertSameAs(whole);
    }

    @Test
    void aStoreThatFailsAtOnceIsFoundBeforeTheFirstStep() {
        MemoryStore store = new MemoryStore();
        store.isFull = true;
        Setup setup = Setup.of(1);
        assertThrows(IllegalStateException.class,
                () -> setup.trainer().withSaving(Saving.in(store)).fit(setup.batches()));
        assertEquals(0, setup.optimizer().steps());
    }

    /** Also where it was written to before. */
    @Test
    void aStoreThatFailsSinceIsFoundBeforeTheFirstStepThatIsResumed() {
        MemoryStore store = new MemoryStore();
        Setup setup = Setup.of(1);
        setup.trainer().withSaving(Saving.in(store)).withStop(after(5)).fit(setup.batches());
        store.isFull = true;
        Setup rest = Setup.of(2);
        assertEquals("no space left", assertThrows(IllegalStateException.class,
                () -> rest.trainer().withSaving(Saving.in(store)).resume(rest.batches())).getMessage());
        assertEquals(5, rest.optimizer().steps());
    }

    /** A file may hold anything. */
    @Test
    void aHistoryThatIsNoneIsRefused() {
        for (String damaged : new String[] {"", "x", "0", "0\t4", "0\t4\tx", "0\t4\t1\tloss",
            "0\t4\t1\tloss\t2\taccuracy\tx",
            "0\t4\t1\tloss\t2\taccuracy"}) {
            MemoryStore store = new MemoryStore();
            Setup setup = Setup.of(1);
            setup.trainer().withSaving(Saving.in(store)).withStop(after(5)).fit(setup.batches());
            store.notes = Map.of("epoch 0", damaged);
            assertEquals("checkpoint, note epoch 0: found no figures of an epoch; expected what a training wrote",
                    assertThrows(DataException.class, () -> setup.trainer().withSaving(Saving.in(store))
                            .resume(setup.batches())).getMessage(),
                    damaged);
        }
    }

    @Test
    void aTrainingThatEndedIsNotTrainedOn() {
        MemoryStore store = new MemoryStore();
        Setup setup = Setup.of(1);
        Outcome outcome = setup.trainer().withSaving(Saving.in(store)).fit(setup.batches());
        Setup again = Setup.of(2);
        store.isFull = true; // there is nothing to write
        assertEquals(outcome, again.trainer().withSaving(Saving.in(store)).resume(again.batches()));
        again.assertSameAs(setup);
    }
}
