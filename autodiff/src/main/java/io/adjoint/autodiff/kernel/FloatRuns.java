package io.adjoint.autodiff.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies of what windows see, run beside run: a run of elements that lie side by side is copied as half a vector, and what it has too much is
 * overwritten by the next one. The build derives the float64 twin from this source.
 */
final class FloatRuns {
    private static final VectorSpecies<Float> HALF = FloatPatches.HALF;
    private static final int COLUMNS = FloatTile.COLUMNS;

    /** Runs that are copied at a time. */
    static final int TOGETHER = 6;

    /** Elements of the longest run. */
    static final int LONGEST = HALF.length();

    private FloatRuns() {}

    /** How many runs of a length, at most {@link #LONGEST}, fit beside each other. */
    static int most(int length) {
        int most = COLUMNS / length;
        // what is copied window after window may reach into the next window, which comes later; if there is more to come, it may not
        return most <= TOGETHER ? most : Math.min(most, (COLUMNS - LONGEST) / length + 1);
    }

    /**
     * Copies runs of {@code count} windows, {@link FloatTile#COLUMNS} elements for each; up to half a vector more is written.
     *
     * @param places of the windows in {@code x}, from {@code x0} on
     * @param offsets of the runs, at most {@link #most}
     */
    static void copy(int count, int[] places, float[] x, int x0, int[] offsets, int length, float[] to, int to0) {
        for (int first = 0; first < offsets.length; first += TOGETHER) {
            some(count, places, x, x0, offsets, first, length, to, to0);
        }
    }

    /** {@link #TOGETHER} runs; with fewer, the last one is copied again. */
    private static void some(int count, int[] places, float[] x, int x0, int[] offsets, int first, int length,
            float[] to, int to0) {
        int last = offsets.length - 1;
        int i1 = Math.min(first + 1, last);
        int i2 = Math.min(first + 2, last);
        int i3 = Math.min(first + 3, last);
        int i4 = Math.min(first + 4, last);
        int i5 = Math.min(first + 5, last);
        int a0 = x0 + offsets[first];
        int a1 = x0 + offsets[i1];
        int a2 = x0 + offsets[i2];
        int a3 = x0 + offsets[i3];
        int a4 = x0 + offsets[i4];
        int a5 = x0 + offsets[i5];
        for (int w = 0; w < count; w++) {
            int at = places[w];
            int next = to0 + w * COLUMNS;
            FloatPatches.exact(FloatVector.fromArray(HALF, x, a0 + at)).intoArray(to, next + first * length);
            FloatPatches.exact(FloatVector.fromArray(HALF, x, a1 + at)).intoArray(to, next + i1 * length);
            FloatPatches.exact(FloatVector.fromArray(HALF, x, a2 + at)).intoArray(to, next + i2 * length);
            FloatPatches.exact(FloatVector.fromArray(HALF, x, a3 + at)).intoArray(to, next + i3 * length);
            FloatPatches.exact(FloatVector.fromArray(HALF, x, a4 + at)).intoArray(to, next + i4 * length);
            FloatPatches.exact(FloatVector.fromArray(HALF, x, a5 + at)).intoArray(to, next + i5 * length);
        }
    }
}
