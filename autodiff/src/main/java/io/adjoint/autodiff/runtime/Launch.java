package io.adjoint.autodiff.runtime;

import java.util.Arrays;

/**
 * Work on arrays that were chosen once and for all, to be done again and again: everything that does not depend on their
 * elements was computed before, so a run allocates nothing. One thread at a time.
 */
@FunctionalInterface
public interface Launch {
    /** No work at all. */
    Launch NOTHING = () -> {};

    /** Does the work once. */
    void run();

    /** One after the other. */
    static Launch all(Launch... launches) {
        int count = 0;
        Launch[] some = new Launch[launches.length]; // without a stream: eager products come along here
        for (Launch launch : launches) {
            if (launch != NOTHING) {
                some[count++] = launch;
            }
        }
        if (count < 2) {
            return count == 0 ? NOTHING : some[0];
        }
        Launch[] all = Arrays.copyOf(some, count);
        return () -> {
            for (Launch launch : all) {
                launch.run();
            }
        };
    }
}
