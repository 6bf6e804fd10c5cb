package io.adjoint.optim.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.optim.data.Augmentation;
import io.adjoint.optim.data.Batch;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.data.DataException;
import io.adjoint.optim.data.Examples;
import io.adjoint.optim.data.Order;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LoadingTest {
    private static final Augmentation JITTER = (rng, x) -> x.add(rng.normal(x.shape(), DType.F32).mul(0.1));

    private static Batches augmented(Setup setup) {
        return setup.batches().withAugmentation(JITTER);
    }

    /** Whoever makes the batches, and whatever step the training is stopped at and goes on from. */
    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void theBitsAreThoseOfBatchesOnDemand(@ForAll @IntRange(min = 1, max = 9) int ahead,
            @ForAll @IntRange(min = 1, max = 3) int threads, @ForAll @IntRange(max = 15) int stop) {
        Setup onDemand = Setup.of(1);
        Outcome expected = onDemand.trainer().withLoading(Loading.ON_DEMAND).fit(augmented(onDemand));
        Loading loading = new Loading(ahead, threads);
        MemoryStore store = new MemoryStore();
        Setup part = Setup.of(1);
        int[] left = {stop};
        part.trainer().withLoading(loading).withSaving(Saving.in(store)).withStop(() -> left[0]-- == 0)
                .fit(augmented(part));
        Setup rest = Setup.of(2);
        assertEquals(expected, rest.trainer().withLoading(loading).withSaving(Saving.in(store))
                .resume(augmented(rest)));
        rest.assertSameAs(onDemand);
    }

    /** Examples that remember who asked for them, and do something then. */
    private record Watched(Examples<?> data, Set<Thread> askers, Runnable asked) implements Examples<Watched> {
        static Batches batches(Setup setup, Set<Thread> askers, Runnable asked) {
            return Batches.of(new Watched(setup.training(), askers, asked), 5, Order.shuffled(), Rng.seed(3));
        }

        @Override
        public int size() {
            return data.size();
        }

        @Override
        public Batch rows(int... rows) {
            askers.add(Thread.currentThread());
            asked.run();
            return data.rows(rows);
        }

        @Override
        public Watched subset(int... rows) {
            return new Watched(data.subset(rows), askers, asked);
        }
    }

    /** A pool that has ended may have threads on their last instructions. */
    private static void assertEnded(Set<Thread> askers) throws InterruptedException {
        for (Thread thread : askers) {
            assertTrue(thread == Thread.currentThread() || thread.join(Duration.ofSeconds(20)), thread.toString());
        }
    }

    @Test
    void whatIsMadeWhenItIsAskedForIsMadeByOthers() throws InterruptedException {
        Set<Thread> askers = ConcurrentHashMap.newKeySet();
        Setup setup = Setup.of(1);
        setup.trainer().fit(Watched.batches(setup, askers, () -> {}));
        assertTrue(askers.stream().anyMatch(thread -> thread != Thread.currentThread()), askers.toString());
        assertEnded(askers);
        assertEquals(Loading.ON_DEMAND, Loading.of(setup.batches()));
        assertTrue(Loading.of(augmented(setup)).threads() > 0);
    }

    @Test
    void noThreadIsLeftWhereATrainingEndsBeforeItsData() throws InterruptedException {
        Set<Thread> askers = ConcurrentHashMap.newKeySet();
        Setup setup = Setup.of(1);
        Trainer trainer = setup.trainer().withLoading(new Loading(1, 2)).withListener(event -> {
            if (event instanceof Event.StepDone step && step.step() == 2) {
                throw new IllegalStateException("planned");
            }
        });
        assertThrows(IllegalStateException.class, () -> trainer.fit(Watched.batches(setup, askers, () -> {})));
        assertEnded(askers);
    }

    /** An interrupt comes while the training waits for a batch: it is none of the batch's business. */
    @Test
    void anInterruptWhileItWaitsEndsItInGoodOrder() {
        Thread trainer = Thread.currentThread();
        AtomicInteger asked = new AtomicInteger();
        Setup setup = Setup.of(1);
        MemoryStore store = new MemoryStore();
        CountDownLatch never = new CountDownLatch(1);
        Batches batches = Watched.batches(setup, ConcurrentHashMap.newKeySet(), () -> {
            if (Thread.currentThread() != trainer && asked.incrementAndGet() == 3) {
                while (trainer.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait(); // it takes the step before this batch
                }
                trainer.interrupt();
                try {
                    never.await(); // as a slow file; ended by who gave up waiting for it
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        Outcome outcome = setup.trainer().withLoading(Loading.ahead(1)).withSaving(Saving.in(store)).fit(batches);
        assertTrue(Thread.interrupted());
        assertEquals(Outcome.End.INTERRUPTED, outcome.end());
        Setup whole = Setup.of(1);
        Outcome expected = whole.trainer().fit(whole.batches());
        Setup rest = Setup.of(2);
        assertEquals(expected, rest.trainer().withSaving(Saving.in(store)).resume(rest.batches()));
        rest.assertSameAs(whole);
    }

    @Test
    void aRefusalOfTheDataIsTheSame() {
        Setup setup = Setup.of(1);
        AtomicInteger asked = new AtomicInteger();
        Batches batches = Watched.batches(setup, ConcurrentHashMap.newKeySet(), () -> {
            if (asked.incrementAndGet() == 12) {
                throw DataException.in("some file").at("line", 3).found("nothing", "something");
            }
        });
        DataException refused = assertThrows(DataException.class, () -> setup.trainer().fit(batches));
        assertEquals("some file, line 3: found nothing; expected something", refused.getMessage());
    }

    @Test
    void aFailureOfAnAugmentationIsTheSame() {
        UnsupportedOperationException failure = new UnsupportedOperationException("planned");
        for (Loading loading : List.of(Loading.ON_DEMAND, Loading.ahead(2), new Loading(3, 2))) {
            Setup setup = Setup.of(1);
            AtomicInteger asked = new AtomicInteger();
            Batches batches = setup.batches().withAugmentation((_, example) -> {
                if (asked.incrementAndGet() > 40) {
                    throw failure;
                }
                return example;
            });
            assertSame(failure, assertThrows(RuntimeException.class,
                    () -> setup.trainer().withLoading(loading).fit(batches)), loading::toString);
        }
    }

    @Test
    void halfAPairIsRefused() {
        assertThrows(ShapeException.class, () -> new Loading(0, 1));
        assertThrows(ShapeException.class, () -> new Loading(2, 0));
        assertThrows(ShapeException.class, () -> Loading.ahead(-1));
        assertFalse(Loading.ahead(2).equals(Loading.ON_DEMAND));
    }

    @Test
    void evaluatingAndPredictingAreTheSameToo() {
        Setup setup = Setup.of(4);
        Trainer ahead = setup.trainer().withLoading(Loading.ahead(3));
        assertEquals(setup.trainer().evaluate(setup.heldBack().batches(4)),
                ahead.evaluate(setup.heldBack().batches(4)));
        assertTrue(setup.trainer().predict(setup.heldBack().batches(4))
                .sameBits(ahead.predict(setup.heldBack().batches(4))));
        assertEquals(Shape.of(9, 2), ahead.predict(setup.heldBack().batches(4)).shape());
    }
}
