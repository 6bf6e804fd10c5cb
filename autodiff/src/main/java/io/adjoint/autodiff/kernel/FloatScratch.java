package io.adjoint.autodiff.kernel;

/** Packing buffers of one thread; they grow to what the largest product needed. The build derives the float64 twin from this source. */
final class FloatScratch {
    private static final ThreadLocal<FloatScratch> SCRATCH = ThreadLocal.withInitial(FloatScratch::new);

    private float[] left = {};
    private float[] right = {};
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

    /** Room for panels of a right matrix. */
    float[] right(int size) {
        right = right.length < size ? new float[size] : right;
        return right;
    }

    /** Room for a tile of any kind. */
    float[] edge() {
        return edge;
    }
}
