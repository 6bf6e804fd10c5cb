package io.adjoint.autodiff.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkersTest {
    /** Far more than a test ever starts, so that a helper who is about to lie down cannot be missed. */
    private static final int PLENTY = 500;

    /** Chunks that wait for others look like a machine that is too busy. */
    @BeforeEach
    void trustHelpers() {
        Workers.TRUST.restore();
    }

    @Property(tries = 2_000)
    void everyChunkRunsExactlyOnce(
            @ForAll @IntRange(max = 200) int chunks, @ForAll @IntRange(min = 1, max = 6) int threads) {
        AtomicIntegerArray runs = new AtomicIntegerArray(chunks);
        forEach(threads, chunks, runs::incrementAndGet);
        for (int chunk = 0; chunk < chunks; chunk++) {
            assertEquals(1, runs.get(chunk), "runs of chunk " + chunk);
        }
    }

    @Test
    void helpersTakePart() {
        CountDownLatch met = new CountDownLatch(2);
        forEach(PLENTY, 2, chunk -> {
            met.countDown();
            assertTrue(awaits(met), "no helper came");
        });
    }

    @Property(tries = 500)
    void theExceptionOfAChunkReachesTheCaller(
            @ForAll @IntRange(max = 49) int bad, @ForAll @IntRange(min = 1, max = 4) int threads) {
        IllegalStateException thrown = new IllegalStateException("chunk " + bad);
        IllegalStateException caught = assertThrows(IllegalStateException.class, () -> forEach(threads, 50, chunk -> {
            if (chunk == bad) {
                throw thrown;
            }
        }));
        assertSame(thrown, caught);
        everyChunkRunsExactlyOnce(20, threads);
    }

    @Test
    void errorsReachTheCallerToo() {
        AssertionError thrown = new AssertionError();
        IntConsumer failing = chunk -> {
            throw thrown;
        };
        assertSame(thrown, assertThrows(AssertionError.class, () -> forEach(3, 10, failing)));
    }

    @Test
    void chunksRunTheirOwnLoopsThemselves() {
        AtomicInteger inner = new AtomicInteger();
        forEach(4, 8, chunk -> {
            assertEquals(1, Workers.threads());
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            Workers.forEach(16, part -> {
                threads.add(Thread.currentThread());
                inner.incrementAndGet();
            });
            assertEquals(Set.of(Thread.currentThread()), threads);
        });
        assertEquals(8 * 16, inner.get());
    }

    @Test
    void callersDoNotDisturbEachOther() throws Exception {
        try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
            List<Future<Long>> sums = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                int chunks = 10 + caller;
                sums.add(callers.submit(() -> LongStream.range(0, 2_000).map(turn -> sum(chunks)).sum()));
            }
            for (int caller = 0; caller < 4; caller++) {
                int chunks = 10 + caller;
                assertEquals(2_000L * chunks * (chunks - 1) / 2, sums.get(caller).get());
            }
        }
    }

    private static long sum(int chunks) {
        AtomicLong sum = new AtomicLong();
        forEach(3, chunks, sum::addAndGet);
        return sum.get();
    }

    @Test
    void nobodyWaitsForTheWorkOfOthers() throws Exception {
        CountDownLatch met = new CountDownLatch(2);
        CountDownLatch released = new CountDownLatch(1);
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<?> blocked = other.submit(() -> forEach(PLENTY, 2, chunk -> {
                met.countDown();
                assertTrue(awaits(released), "the other caller waited for this chunk");
            }));
            assertTrue(awaits(met), "no helper came");
            assertEquals(45, sum(10));
            assertEquals(1, released.getCount());
            released.countDown();
            blocked.get();
        }
    }

    @Test
    void theNumberOfThreadsBelongsToTheScope() throws Exception {
        int outside = Workers.threads();
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            int inside = Workers.withThreads(7, () -> {
                assertEquals(2, Workers.withThreads(2, Workers::threads));
                return Workers.threads();
            });
            assertEquals(7, inside);
            assertEquals(outside, Workers.withThreads(outside + 1, () -> get(other.submit(Workers::threads))));
        }
        assertEquals(outside, Workers.threads());
    }

    @Test
    void refusesToWorkWithoutThreads() {
        for (int none : new int[] {0, -1}) {
            IllegalArgumentException refusal =
                    assertThrows(IllegalArgumentException.class, () -> Workers.withThreads(none, () -> "nothing"));
            assertEquals("threads: " + none + "; expected a number of 1 or more", refusal.getMessage());
        }
    }

    @Test
    void aNumberOfThreadsIsRead() {
        assertEquals(3, Workers.read("3"));
        for (String none : List.of("0", "-1", "two", "", "2.5", "99999999999")) {
            assertEquals(Workers.read("0"), Workers.read(none), none);
        }
    }

    private static void forEach(int threads, int chunks, IntConsumer chunk) {
        Workers.withThreads(threads, () -> {
            Workers.forEach(chunks, chunk);
            return "done";
        });
    }

    private static boolean awaits(CountDownLatch latch) {
        try {
            return latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
