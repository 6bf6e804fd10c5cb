package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FloatTiersTest {
    /** More than any number of products that is waited for. */
    private static final long MANY = 1L << 40;

    private static final long FEW = 1L << 30;

    @Test
    void afterARehearsalInVainMoreProductsLeadToAnother() throws InterruptedException {
        AtomicBoolean isCompiled = new AtomicBoolean();
        FloatTiers tiers = new FloatTiers(
                () -> List.of(new FloatTiers.Trial(() -> {}, isCompiled.get() ? TimeUnit.DAYS.toNanos(1) : 0)),
                FEW);
        tiers.isSimd(FEW);
        awaitWarmer();
        assertFalse(tiers.isSimd(1), "served although it is never fast");
        isCompiled.set(true);
        tiers.isSimd(MANY);
        awaitWarmer();
        assertTrue(tiers.isSimd(1), "no second rehearsal");
    }

    /** Fresh memory for each call took twenty times as long as the calls where pages are dear. */
    @Test
    void oneRehearsalBindsItsCallsOnce() throws InterruptedException {
        AtomicInteger bound = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        FloatTiers tiers = new FloatTiers(() -> {
            bound.incrementAndGet();
            return List.of(new FloatTiers.Trial(calls::incrementAndGet, TimeUnit.DAYS.toNanos(1)));
        }, FEW);
        tiers.isSimd(MANY);
        awaitWarmer();
        assertTrue(tiers.isSimd(1));
        assertEquals(1, bound.get());
        assertTrue(calls.get() > 1000, "rehearsed by " + calls.get() + " calls");
    }

    /** A rehearsal takes seconds: a program that makes few products ends before, and is the slower for it. */
    @Test
    void fewProductsLeadToNoRehearsalButManySmallCallsDo() throws InterruptedException {
        AtomicInteger rehearsals = new AtomicInteger();
        FloatTiers tiers = new FloatTiers(() -> {
            rehearsals.incrementAndGet();
            return List.of(new FloatTiers.Trial(() -> {}, TimeUnit.DAYS.toNanos(1)));
        }, FEW);
        tiers.isSimd(FEW / 2);
        awaitWarmer();
        assertEquals(0, rehearsals.get());
        for (int call = 0; call < 1 << 16; call++) {
            tiers.isSimd(1);
        }
        awaitWarmer();
        assertEquals(1, rehearsals.get());
    }

    /** Waits until all is rehearsed that is wanted more than nothing. */
    private static void awaitWarmer() throws InterruptedException {
        CountDownLatch last = new CountDownLatch(1);
        Warmer.enqueue(new Tiered() {
            @Override
            public long operations() {
                return 0;
            }

            @Override
            public void rehearse() {
                last.countDown();
            }
        });
        assertTrue(last.await(1, TimeUnit.MINUTES));
    }
}
