package io.adjoint.autodiff.kernel;

/** Packing buffers of one thread; they grow to what the largest product needed. The build derives the float64 twin from this source. */
final class FloatScratch {
    private static final ThreadLocal<FloatScratch> SCRATCH = ThreadLocal.withInitial(FloatScratch::new);

    private final Room left = new Room();
    private final Room right = new Room();
    private final float[] edge = new float[FloatTile.NARROW_ROWS * FloatWideTile.COLUMNS];

    private FloatScratch() {}

    /** Those of this thread. */
    static FloatScratch get() {
        return SCRATCH.get();
    }

    /** Room for panels of a left matrix, which nobody holds any more. */
    float[] left(int size) {
        return left.of(size);
    }

    /** Room for panels of a right matrix, which nobody holds any more. */
    float[] right(int size) {
        return right.of(size);
    }

    /** The room for left matrices. */
    Room left() {
        return left;
    }

    /** The room for right matrices. */
    Room right() {
        return right;
    }

    /** Room for a tile of any kind. */
    float[] edge() {
        return edge;
    }

    /** A buffer that remembers whose panels it has. */
    static final class Room {
        private static final Object NOBODY = new Object();

        private float[] elements = {};
        private Object holder = NOBODY;
        private int heldIn;

        private Room() {}

        /** The buffer, so large at least; what it had is given up. */
        float[] of(int size) {
            elements = elements.length < size ? new float[size] : elements;
            holder = NOBODY;
            return elements;
        }

        /** What was put there last. */
        float[] elements() {
            return elements;
        }

        /** Says that it has panels that go by this name in a run. */
        void hold(Object name, int run) {
            holder = name;
            heldIn = run;
        }

        /** Whether it still has what {@link #hold} said of it. */
        boolean holds(Object name, int run) {
            return holder == name && heldIn == run;
        }
    }
}
