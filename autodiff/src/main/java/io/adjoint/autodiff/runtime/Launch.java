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
        Launch[] some = Arrays.stream(launches).filter(launch -> launch != NOTHING).toArray(Launch[]::new);
        return switch (some.length) {
            case 0 -> NOTHING;
            case 1 -> some[0];
            default -> () -> {
                for (Launch launch : some) {
                    launch.run();
                }
            };
        };
    }
}
