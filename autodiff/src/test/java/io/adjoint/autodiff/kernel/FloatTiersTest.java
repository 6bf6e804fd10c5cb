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

    private static final long FEW = FloatTiers.WORTH_A_REHEARSAL;

    @Test
    void afterARehearsalInVainMoreProductsLeadToAnother() throws InterruptedException {
        AtomicBoolean isCompiled = new AtomicBoolean();
        FloatTiers tiers = new FloatTiers(
                () -> List.of(new FloatTiers.Trial(() -> {}, isCompiled.get() ? TimeUnit.DAYS.toNanos(1) : 0)));
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
        });
        tiers.isSimd(MANY);
        awaitWarmer();
        assertTrue(tiers.isSimd(1));
        assertEquals(1, bound.get());
        assertTrue(calls.get() > 1000, "rehearsed by " + calls.get() + " calls");
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
