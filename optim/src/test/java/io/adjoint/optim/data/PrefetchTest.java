package io.adjoint.optim.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PrefetchTest {
    private static <T> List<T> made(int size, IntFunction<T> element) {
        return new AbstractList<>() {
            @Override
            public T get(int index) {
                return element.apply(index);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void theBatchesAreTheSameToTheBit(@ForAll @IntRange(min = 1, max = 40) int rows,
            @ForAll @IntRange(min = 1, max = 9) int size, @ForAll @IntRange(min = 1, max = 6) int depth,
            @ForAll @IntRange(min = 1, max = 4) int threads, @ForAll long seed) {
        Dataset data = new Dataset(Rng.seed(seed).uniform(Shape.of(rows, 1, 3, 4),
                DType.F32), Tensor.range(rows));
        Batches batches = data.batches(size, Rng.seed(seed))
                .withAugmentation(Augmentations.mirror(0.5).then(Augmentations.rotation(20)));
        List<Batch> met = new ArrayList<>();
        try (Prefetch<Batch> epoch = Prefetch.of(batches.epoch(2), depth, threads)) {
            epoch.forEachRemaining(met::add);
        }
        List<Batch> expected = batches.epoch(2);
        assertEquals(expected.size(), met.size());
        for (int i = 0; i < met.size(); i++) {
            assertTrue(met.get(i).features().sameBits(expected.get(i).features()), "features of batch " + i);
            assertTrue(met.get(i).targets().sameBits(expected.get(i).targets()), "targets of batch " + i);
        }
    }

    @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
    void noMoreThanTheDepthIsMadeAhead(@ForAll @IntRange(min = 1, max = 5) int depth,
            @ForAll @IntRange(min = 1, max = 3) int threads) {
        AtomicInteger furthest = new AtomicInteger();
        try (Prefetch<Integer> elements = Prefetch.of(made(40, i -> {
            furthest.accumulateAndGet(i, Math::max);
            return i;
        }), depth, threads)) {
            for (int i = 0; i < 40; i++) {
                assertTrue(furthest.get() < i + depth, "made " + furthest + " before " + i + " was asked for");
                assertEquals(i, elements.next());
            }
        }
    }

    /** As it would without another thread. */
    @Test
    void aFailureReachesTheConsumerAsItWasThrownAfterTheElementsBefore() {
        for (Throwable failure : List.of(new IllegalStateException("torn"), new AssertionError("wrong"),
                DataException.in("7.png").found("what is no image", "an image"))) {
            List<Integer> elements = made(5, i -> {
                if (i == 2) {
                    PrefetchTest.<RuntimeException>raise(failure);
                }
                return i;
            });
            try (Prefetch<Integer> prefetch = Prefetch.of(elements, 4, 2)) {
                assertEquals(0, prefetch.next());
                assertEquals(1, prefetch.next());
                assertSame(failure, assertThrows(Throwable.class, prefetch::next));
                assertThrows(IllegalStateException.class, prefetch::next);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void raise(Throwable failure) throws E {
        throw (E) failure;
    }

    @Test
    void closingInterruptsWhatIsBeingMadeAndEndsTheThread() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        AtomicReference<Thread> maker = new AtomicReference<>();
        Prefetch<Integer> prefetch = Prefetch.of(made(3, i -> {
            maker.set(Thread.currentThread());
            begun.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return i;
        }), 1);
        begun.await();
        prefetch.close();
        assertTrue(maker.get().join(Duration.ofMinutes(1)));
        assertTrue(maker.get().isDaemon());
        assertThrows(IllegalStateException.class, prefetch::next);
    }

    @Test
    void afterTheLastElementTheThreadsEndByThemselves() throws InterruptedException {
        AtomicReference<Thread> maker = new AtomicReference<>();
        Prefetch<Integer> prefetch = Prefetch.of(made(3, i -> {
            maker.set(Thread.currentThread());
            return i;
        }), 2);
        List<Integer> met = new ArrayList<>();
        prefetch.forEachRemaining(met::add);
        assertEquals(List.of(0, 1, 2), met);
        assertTrue(maker.get().join(Duration.ofMinutes(1)));
        assertFalse(prefetch.hasNext());
        assertThrows(NoSuchElementException.class, prefetch::next);
    }

    @Test
    void anInterruptedConsumerStaysInterrupted() {
        CountDownLatch never = new CountDownLatch(1);
        Prefetch<Integer> prefetch = Prefetch.of(made(1, i -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return i;
        }), 1);
        Thread.currentThread().interrupt();
        assertThrows(IllegalStateException.class, prefetch::next);
        assertTrue(Thread.interrupted());
        prefetch.close();
    }

    @Test
    void nothingToWorkWithIsRefused() {
        assertThrows(ShapeException.class, () -> Prefetch.of(List.of(1), 0));
        assertThrows(ShapeException.class, () -> Prefetch.of(List.of(1), 1, 0));
        try (Prefetch<Integer> none = Prefetch.of(List.<Integer>of(), 3)) {
            assertFalse(none.hasNext());
        }
    }
}
