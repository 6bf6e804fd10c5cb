package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;
import java.util.function.IntConsumer;

/** A sum over images, again and again: the shares of a few are computed at a time, by several threads, and joined in order. */
final class ImageSums implements Launch {
    /** Images whose shares are computed at a time. */
    private static final int IMAGES = 8;

    private final int batch;
    private final int slots;
    private final IntConsumer join;
    private final Launch shares;
    private int first;

    /**
     * The sum over {@code batch} images, one or more.
     *
     * @param slots from {@link #slots}; the share of image {@code n} lies in number {@code n % slots} until it is joined
     * @param share computes that of an image
     * @param join adds what is in a slot to the sum
     */
    ImageSums(int batch, int slots, IntConsumer share, IntConsumer join) {
        this.batch = batch;
        this.slots = slots;
        this.join = join;
        this.shares = Workers.prepare(slots, slot -> {
            if (first + slot < batch) {
                share.accept(first + slot);
            }
        });
    }

    /** How many shares to keep. */
    static int slots(int batch) {
        return Math.min(batch, Workers.threads() == 1 ? 1 : IMAGES);
    }

    @Override
    public void run() {
        for (first = 0; first < batch; first += slots) {
            shares.run();
            for (int slot = 0; slot < slots && first + slot < batch; slot++) {
                join.accept(slot);
            }
        }
    }
}
