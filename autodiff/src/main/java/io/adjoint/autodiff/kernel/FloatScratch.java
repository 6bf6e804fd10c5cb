package io.adjoint.autodiff.kernel;

/** Packing buffers of one thread; they grow to what the largest product needed. The build derives the float64 twin from this source. */
final class FloatScratch {
    private static final ThreadLocal<FloatScratch> SCRATCH = ThreadLocal.withInitial(FloatScratch::new);

    private static final Object NOBODY = new Object();

    private float[] left = {};
    private float[] right = {};
    private Object holder = NOBODY;
    private int heldIn;
    private final float[] edge = new float[FloatTile.NARROW_ROWS * FloatWideTile.COLUMNS];

    private FloatScratch() {}

    /** Those of this thread. */
    static FloatScratch get() {
        return SCRATCH.get();
    }

    /** Room for panels of a left matrix. */
    float[] left(int size) {
        left = left.length < size ? new float[size] : left;
        return left;
    }

    /** Room for panels of a right matrix, which nobody holds any more. */
    float[] right(int size) {
        right = right.length < size ? new float[size] : right;
        holder = NOBODY;
        return right;
    }

    /** The panels that were put there last. */
    float[] right() {
        return right;
    }

    /** Says that the room for a right matrix has panels that go by this name in a run. */
    void hold(Object name, int run) {
        holder = name;
        heldIn = run;
    }

    /** Whether it still has what {@link #hold} said of it. */
    boolean holds(Object name, int run) {
        return holder == name && heldIn == run;
    }

    /** Room for a tile of any kind. */
    float[] edge() {
        return edge;
    }
}
