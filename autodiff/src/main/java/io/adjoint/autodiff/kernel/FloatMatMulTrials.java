package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import java.util.ArrayList;
import java.util.List;

/**
 * Products of zeros that have the SIMD kernel compiled: each factor row-major or column-major, beginning at zero or at what is there.
 * The build derives the float64 twin from this source.
 */
final class FloatMatMulTrials {
    /**
     * Rows, depth and columns: every branch, so that none looks dead to C2. Few elements make slow calls short, but C2 takes up a
     * loop after thousands of iterations.
     */
    private static final int[][] SHAPES =
            {{11, 27, 35}, {9, 25, 44}, {3, 29, 70}, {1, 26, 33}, {12, 24, 36}, {13, 28, 1},
                {5, 25, FloatMatMul.PACKING_COLUMNS}, {4, 30, 32}, {264, 24, 5},
                {1, 25, FloatMatMul.PACKING_COLUMNS}, {40, 24, 5 * FloatTile.LANES}, {24, 25, 3 * FloatTile.LANES - 1},
                {24, 24, 4 * FloatTile.LANES + 1}, {24, 25, 7 * FloatTile.LANES},
                {16, 24, 2 * FloatTile.COLUMNS}, {4 * FloatTile.LEFT + 3, 24, 35}};

    /** The same for small products: tiles that are whole, and rows that are as long as a vector or shorter. */
    private static final int[][] SMALL_SHAPES =
            {{19, 9, FloatTile.LANES}, {21, 8, FloatTile.LANES / 2 + 1}, {8, 12, 1}};

    /** More than any of the matrices has. */
    private static final int ELEMENTS = 30 * FloatMatMul.PACKING_COLUMNS;

    /** Far above the 0.02 ns of compiled SIMD, far below the 20 ns of what runs before. */
    private static final long FAST_NANOS_PER_PRODUCT = 1;

    private static final long NANOS_PER_CALL = 1_000;

    private final Array zeros = Array.allocate(DType.F32, Shape.of(ELEMENTS));
    private final float[] out = new float[ELEMENTS];
    private final List<FloatTiers.Trial> trials = new ArrayList<>();

    private FloatMatMulTrials() {}

    static List<FloatTiers.Trial> all() {
        FloatMatMulTrials all = new FloatMatMulTrials();
        for (Begin begin : List.of(Begin.ZERO, Begin.RESULT)) {
            for (int[] shape : SHAPES) {
                all.add(shape[0], shape[1], shape[2], begin);
            }
            for (int[] shape : SMALL_SHAPES) {
                all.addSmall(shape[0], shape[1], shape[2], begin);
            }
        }
        return all.trials;
    }

    private void add(int rows, int depth, int columns, Begin begin) {
        FloatMatrix result = matrix(out, rows, columns);
        for (FloatMatrix left : layouts(rows, depth)) {
            for (FloatMatrix right : layouts(depth, columns)) {
                long nanos = nanos(rows, depth, columns);
                trials.add(new FloatTiers.Trial(
                        FloatMatMul.prepareBlocks(left, right, result, begin, Epilogue.NONE), nanos));
                if (FloatKept.serves(rows, columns)) {
                    for (FloatKept.Way way : FloatKept.ways()) {
                        FloatKept kept = new FloatKept(zeros, right, way);
                        trials.add(new FloatTiers.Trial(kept.prepare(left, 0, result, begin, Epilogue.NONE), nanos));
                    }
                }
            }
        }
    }

    private void addSmall(int rows, int depth, int columns, Begin begin) {
        for (FloatMatrix left : layouts(rows, depth)) {
            for (FloatMatrix right : layouts(depth, columns)) {
                for (FloatMatrix result : layouts(out, rows, columns)) {
                    trials.add(new FloatTiers.Trial(FloatSmall.plain(left, right, result, begin),
                            nanos(rows, depth, columns)));
                }
            }
        }
    }

    private static long nanos(int rows, int depth, int columns) {
        return (long) rows * depth * columns * FAST_NANOS_PER_PRODUCT + NANOS_PER_CALL;
    }

    private List<FloatMatrix> layouts(int rows, int columns) {
        return layouts(zeros.floats(), rows, columns);
    }

    private static List<FloatMatrix> layouts(float[] data, int rows, int columns) {
        return List.of(matrix(data, rows, columns), matrix(data, columns, rows).transposed());
    }

    private static FloatMatrix matrix(float[] data, int rows, int columns) {
        return new FloatMatrix(data, 0, rows, columns, columns, 1);
    }
}
