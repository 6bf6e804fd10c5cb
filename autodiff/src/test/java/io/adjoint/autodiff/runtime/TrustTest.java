package io.adjoint.autodiff.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TrustTest {
    private static final long MILLI = 1_000_000;

    private final Trust trust = new Trust();
    private final long begin = System.nanoTime();

    @Test
    void waitingForChunksAsLongAsOnesOwnIsNoLoss() {
        trust.judge(2 * MILLI, MILLI, begin);
        assertTrue(trust.holds(begin));
    }

    @Test
    void aLossIsFollowedByARestAndThenHelpersAreTriedAgain() {
        assertEquals(4 * MILLI, restAfterLoss(begin, MILLI));
    }

    @Test
    void restsGrowWhileHelpersFailAtOnceAndEndWithinASecond() {
        long now = begin;
        long before = 0;
        for (int loss = 0; loss < 12; loss++) {
            long rest = restAfterLoss(now, MILLI);
            assertTrue(rest == 2 * before || rest == 4 * MILLI && loss == 0 || rest == 1_000 * MILLI,
                    loss + ": " + rest);
            before = rest;
            now += rest + MILLI;
        }
        assertEquals(1_000 * MILLI, before);
        assertEquals(4 * MILLI, restAfterLoss(now + 1_000 * MILLI, MILLI));
    }

    /** The nanoseconds for which helpers are not called. */
    private long restAfterLoss(long now, long loss) {
        trust.judge(loss, 0, now);
        assertFalse(trust.holds(now));
        long rest = 0;
        while (!trust.holds(now + rest)) {
            rest += MILLI;
        }
        return rest;
    }
}
