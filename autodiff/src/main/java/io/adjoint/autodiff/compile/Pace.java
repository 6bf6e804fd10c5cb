package io.adjoint.autodiff.compile;

import java.util.Arrays;

/** How long the last calls took, to know an unusually slow one. */
final class Pace {
    /** Of these many calls the median is taken; before that no call is slow. */
    static final int REMEMBERED = 16;

    /** A call that takes more than so many times the median is slow. */
    static final int SLOWER = 4;

    private final long[] last = new long[REMEMBERED];
    private final long[] sorted = new long[REMEMBERED];
    private int calls;

    /** Remembers a call, and returns the median of those before if this one was slow, else 0. */
    synchronized long add(long nanos) {
        long median = calls < REMEMBERED ? 0 : median();
        last[calls % REMEMBERED] = nanos;
        calls = calls == 2 * REMEMBERED - 1 ? REMEMBERED : calls + 1;
        return median > 0 && nanos > SLOWER * median ? median : 0;
    }

    private long median() {
        System.arraycopy(last, 0, sorted, 0, REMEMBERED);
        Arrays.sort(sorted);
        return sorted[REMEMBERED / 2];
    }
}
