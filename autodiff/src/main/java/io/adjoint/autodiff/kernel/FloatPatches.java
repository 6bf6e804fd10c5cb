package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * One thread's buffers for a convolution: the padded image, and copies of what some windows see in the order in which tiles read
 * it. The build derives the float64 twin from this source.
 *
 * <p>Copies are made of whole vectors. What they write too much is overwritten by the next copy or lies in room left for it.
 */
final class FloatPatches {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));
    private static final Class<? extends FloatVector> HALF_TYPE = FloatVector.zero(HALF).getClass();
    private static final int COLUMNS = FloatSightTile.COLUMNS;

    /** Most windows at a time: a panel of as many cotangents stays in the first-level cache. */
    static final int WINDOWS = 320;

    private static final ThreadLocal<FloatPatches> OF_THREAD = ThreadLocal.withInitial(FloatPatches::new);

    /** What tiles begin with. */
    static final float[] ZEROS = new float[FloatSightTile.STRIP];

    final float[] edge = new float[FloatSightTile.FILTERS * FloatSightTile.STRIP];
    /** Of so many windows in the padded image. */
    final int[] places = new int[WINDOWS];
    private float[] padded = {};
    private float[] patches = {};
    private float[] panels = {};
    private float[] sums = {};
    private float[] abreast = {};
    /** Of the padded image that is there; null if none is. */
    private Sight last;
    private Sight lastAbreast;

    private FloatPatches() {}

    static FloatPatches ofThread() {
        return OF_THREAD.get();
    }

    /** The padded image, with room for the last tile to reach beyond it. */
    float[] padded(Sight sight, Sight.Rows rows, Array images, int n) {
        int size = sight.size() + FloatSightTile.STRIP;
        if (padded.length < size || last != sight) {
            padded = padded.length < size ? new float[size] : padded;
            Arrays.fill(padded, 0, size, 0);
            last = sight; // its border stays zero from image to image
        }
        for (int c = 0; c < sight.channels(); c++) {
            copy(rows, images.floats(), images.offset() + n * images.stride(0) + c * images.stride(1), padded,
                    c * sight.plane());
        }
        return padded;
    }

    /**
     * Some padded images side by side, in as many lanes: lane {@code i} of an element is that of image {@code first + i}, or of the
     * last one.
     */
    float[] abreast(Sight sight, Sight.Rows rows, Array images, int first, int count) {
        int size = (sight.size() + FloatSightTile.STRIP) * LANES;
        if (abreast.length < size || lastAbreast != sight) {
            abreast = abreast.length < size ? new float[size] : abreast;
            Arrays.fill(abreast, 0, size, 0);
            lastAbreast = sight; // its borders stay zero from one batch of images to the next
        }
        for (int c = 0; c < sight.channels(); c++) {
            int from = images.offset() + first * images.stride(0) + c * images.stride(1);
            for (int row = 0; row < rows.from().length; row++) {
                FloatPacking.beside(rows.lengths()[row], images.floats(), from + rows.from()[row], images.stride(0),
                        count, abreast, (c * sight.plane() + rows.to()[row]) * LANES);
            }
        }
        return abreast;
    }

    private static void copy(Sight.Rows rows, float[] image, int from, float[] padded, int to) {
        int count = rows.from().length;
        if (rows.step() == 1 && count > 0) { // windows slide by one, and all rows are of one length
            copyRows(image, from, rows.from(), padded, to, rows.to(), 0, count, rows.lengths()[0]);
            return;
        }
        for (int row = 0; row < count; row++) {
            int at = from + rows.from()[row];
            int next = to + rows.to()[row];
            for (int i = 0; i < rows.lengths()[row]; i++) {
                padded[next + i] = image[at + i * rows.step()];
            }
        }
    }

    /**
     * Copies rows {@code first} up to {@code end}, all of one length: number {@code r} from {@code at + starts[r]} on to
     * {@code next + targets[r]}. Where a row is two vectors that may overlap they have a loop, since to choose how to copy each row takes
     * longer than to copy it.
     */
    static void copyRows(float[] from, int at, int[] starts, float[] to, int next, int[] targets, int first, int end,
            int length) {
        if (length >= LANES && length <= 2 * LANES) {
            for (int r = first; r < end; r++) {
                FloatVector left = FloatVector.fromArray(SPECIES, from, at + starts[r]);
                FloatVector right = FloatVector.fromArray(SPECIES, from, at + starts[r] + length - LANES);
                FloatTile.exact(left).intoArray(to, next + targets[r]);
                FloatTile.exact(right).intoArray(to, next + targets[r] + length - LANES);
            }
        } else if (length >= HALF.length() && length < LANES) {
            for (int r = first; r < end; r++) {
                FloatVector left = FloatVector.fromArray(HALF, from, at + starts[r]);
                FloatVector right = FloatVector.fromArray(HALF, from, at + starts[r] + length - HALF.length());
                exact(left).intoArray(to, next + targets[r]);
                exact(right).intoArray(to, next + targets[r] + length - HALF.length());
            }
        } else {
            for (int r = first; r < end; r++) {
                copyRow(from, at + starts[r], to, next + targets[r], length);
            }
        }
    }

    /** See {@link VectorTypes}. */
    static FloatVector exact(FloatVector half) {
        return HALF_TYPE.cast(half);
    }

    /** For rows so short that a call of arraycopy would take longer. */
    private static void copyRow(float[] from, int at, float[] to, int next, int length) {
        int whole = SPECIES.loopBound(length);
        for (int i = 0; i < whole; i += LANES) {
            FloatTile.exact(FloatVector.fromArray(SPECIES, from, at + i)).intoArray(to, next + i);
        }
        if (whole > 0) { // some once more
            FloatTile.exact(FloatVector.fromArray(SPECIES, from, at + length - LANES)).intoArray(to,
                    next + length - LANES);
        } else {
            for (int i = 0; i < length; i++) {
                to[next + i] = from[at + i];
            }
        }
    }

    float[] patches(int size) {
        patches = patches.length < size ? new float[size] : patches;
        return patches;
    }

    float[] panels(int size) {
        panels = panels.length < size ? new float[size] : panels;
        return panels;
    }

    float[] sums(int size) {
        sums = sums.length < size ? new float[size] : sums;
        return sums;
    }

    /**
     * For each element, from number {@code p} on, what the windows of a block see of it, {@link FloatSightTile#COLUMNS} at a time:
     * the panel for a tile. Up to {@link FloatSightTile#STRIP} more are written.
     *
     * @param x the padded image; windows' places count from {@code base}
     */
    static void panel(Runs runs, int block, int[] offsets, int p, int depth, float[] x, int base, float[] to, int at) {
        int run = runs.begins()[block];
        switch (runs.count(block)) {
            case 1 -> one(depth, x, base + runs.places()[run], offsets, p, to, at);
            case 2 -> two(depth, x, base + runs.places()[run], base + runs.places()[run + 1], offsets, p, to, at,
                    at + runs.columns()[run + 1]);
            case 3 -> three(depth, x, base + runs.places()[run], base + runs.places()[run + 1],
                    base + runs.places()[run + 2], offsets, p, to, at, at + runs.columns()[run + 1],
                    at + runs.columns()[run + 2]);
            default -> many(depth, x, base, offsets, p, to, at, runs, block);
        }
    }

    private static void one(int depth, float[] x, int x0, int[] offsets, int p0, float[] to, int to0) {
        for (int p = 0; p < depth; p++) {
            int at = x0 + offsets[p0 + p];
            FloatVector y0 = FloatVector.fromArray(SPECIES, x, at);
            FloatVector y1 = FloatVector.fromArray(SPECIES, x, at + LANES);
            FloatTile.exact(y0).intoArray(to, to0 + p * COLUMNS);
            FloatTile.exact(y1).intoArray(to, to0 + p * COLUMNS + LANES);
        }
    }

    private static void two(int depth, float[] x, int x0, int x1, int[] offsets, int p0, float[] to, int to0, int to1) {
        for (int p = 0; p < depth; p++) {
            int at = offsets[p0 + p];
            FloatVector y0 = FloatVector.fromArray(SPECIES, x, x0 + at);
            FloatVector y1 = FloatVector.fromArray(SPECIES, x, x0 + at + LANES);
            FloatVector z0 = FloatVector.fromArray(SPECIES, x, x1 + at);
            FloatVector z1 = FloatVector.fromArray(SPECIES, x, x1 + at + LANES);
            FloatTile.exact(y0).intoArray(to, to0 + p * COLUMNS);
            FloatTile.exact(y1).intoArray(to, to0 + p * COLUMNS + LANES);
            FloatTile.exact(z0).intoArray(to, to1 + p * COLUMNS);
            FloatTile.exact(z1).intoArray(to, to1 + p * COLUMNS + LANES);
        }
    }

    private static void three(int depth, float[] x, int x0, int x1, int x2, int[] offsets, int p0, float[] to, int to0,
            int to1, int to2) {
        for (int p = 0; p < depth; p++) {
            int at = offsets[p0 + p];
            FloatVector u0 = FloatVector.fromArray(SPECIES, x, x0 + at);
            FloatVector u1 = FloatVector.fromArray(SPECIES, x, x0 + at + LANES);
            FloatVector v0 = FloatVector.fromArray(SPECIES, x, x1 + at);
            FloatVector v1 = FloatVector.fromArray(SPECIES, x, x1 + at + LANES);
            FloatVector w0 = FloatVector.fromArray(SPECIES, x, x2 + at);
            FloatVector w1 = FloatVector.fromArray(SPECIES, x, x2 + at + LANES);
            FloatTile.exact(u0).intoArray(to, to0 + p * COLUMNS);
            FloatTile.exact(u1).intoArray(to, to0 + p * COLUMNS + LANES);
            FloatTile.exact(v0).intoArray(to, to1 + p * COLUMNS);
            FloatTile.exact(v1).intoArray(to, to1 + p * COLUMNS + LANES);
            FloatTile.exact(w0).intoArray(to, to2 + p * COLUMNS);
            FloatTile.exact(w1).intoArray(to, to2 + p * COLUMNS + LANES);
        }
    }

    private static void many(int depth, float[] x, int base, int[] offsets, int p0, float[] to, int to0, Runs runs,
            int block) {
        int from = runs.begins()[block];
        int end = runs.begins()[block + 1];
        for (int p = 0; p < depth; p++) {
            int at = base + offsets[p0 + p];
            for (int run = from; run < end; run++) {
                int place = at + runs.places()[run];
                int next = to0 + p * COLUMNS + runs.columns()[run];
                FloatTile.exact(FloatVector.fromArray(SPECIES, x, place)).intoArray(to, next);
                if (runs.lengths()[run] > LANES) {
                    FloatTile.exact(FloatVector.fromArray(SPECIES, x, place + LANES)).intoArray(to, next + LANES);
                }
            }
        }
    }
}
