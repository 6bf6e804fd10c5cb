package io.adjoint.autodiff.kernel;

import java.util.function.Consumer;

/** Panels that each thread packs when it comes to them for the first time in a run. The build derives the float64 twin from this source. */
final class FloatShared {
    private final int size;
    private final Consumer<float[]> packing;
    /** What threads remember of them, so that they hold on to no matrix. */
    private final Object name = new Object();
    private volatile int run;

    /**
     * @param size of all panels
     * @param packing puts them into a buffer
     */
    FloatShared(int size, Consumer<float[]> packing) {
        this.size = size;
        this.packing = packing;
    }

    /** Begins another run: the elements may be others now. */
    void begin() {
        run++; // one thread begins runs, one after the other
    }

    /** The panels in a room of this thread. */
    float[] in(FloatScratch.Room room) {
        if (!room.holds(name, run)) {
            packing.accept(room.of(size));
            room.hold(name, run);
        }
        return room.elements();
    }
}
