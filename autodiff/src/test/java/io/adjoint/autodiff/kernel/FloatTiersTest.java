package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class FloatTiersTest {
    /** More than any number of products that is waited for. */
    private static final long MANY = 1L << 40;

    @Test
    void afterARehearsalInVainMoreProductsLeadToAnother() throws InterruptedException {
        AtomicBoolean isCompiled = new AtomicBoolean();
        FloatTiers tiers = new FloatTiers(call -> isCompiled.get() ? TimeUnit.DAYS.toNanos(1) : 0);
        assertFalse(tiers.isSimd(MANY));
        awaitWarmer();
        assertFalse(tiers.isSimd(1), "served although it is never fast");
        isCompiled.set(true);
        assertFalse(tiers.isSimd(MANY));
        awaitWarmer();
        assertTrue(tiers.isSimd(1), "no second rehearsal");
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
