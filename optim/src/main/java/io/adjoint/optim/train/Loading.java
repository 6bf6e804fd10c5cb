package io.adjoint.optim.train;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.optim.data.Augmentation;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.data.Dataset;
import io.adjoint.optim.data.Sequences;

/**
 * Who makes the batches: the thread that trains, when it needs one, or others ahead of it. Order and bits are the same.
 *
 * @param ahead most batches that are made before they are needed; 0 if each is made when it is
 * @param threads how many make them, 0 if the training does
 */
public record Loading(int ahead, int threads) {
    /** By the training, when it needs one. */
    public static final Loading ON_DEMAND = new Loading(0, 0);
    /** Decoding keeps more threads busy than a step leaves idle only where there are many. */
    private static final int MOST_THREADS = 4;

    public Loading {
        if (ahead < 0 || threads < 0 || ahead == 0 != (threads == 0)) {
            throw ShapeException.of("loading", "nothing to work with").operand("ahead", ahead)
                    .operand("threads", threads).expected("1 or more of both, or 0 of both");
        }
    }

    /** By one other thread. */
    public static Loading ahead(int batches) {
        return new Loading(batches, 1);
    }

    /**
     * What suits the data: on demand where a batch is a copy of what lies in memory, which takes less time than handing it over;
     * else ahead, on one of two processors, up to four threads.
     */
    public static Loading of(Batches batches) {
        boolean isCopied = batches.augmentation() == Augmentation.NONE
                && (batches.data() instanceof Dataset || batches.data() instanceof Sequences);
        int threads = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST_THREADS);
        return isCopied ? ON_DEMAND : new Loading(2 * threads, threads);
    }
}
