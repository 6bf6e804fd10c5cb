package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;

/**
 * A right matrix in the order in which one way of products reads it, kept beside its elements for all products with it and packed again only
 * when a program has written them. The build derives the float64 twin from this source.
 */
final class FloatPanels {
    private final Array elements;
    private final FloatMatrix matrix;
    private final FloatCut cut;
    private final float[][] parts;
    private final int depth;
    private volatile long packed = -1;

    /** What is kept. */
    private record Key(FloatMatrix matrix, int width, int depth) {}

    private FloatPanels(Array elements, FloatMatrix matrix, int width, int depth) {
        this.elements = elements;
        this.matrix = matrix;
        this.cut = FloatCut.even(width);
        this.depth = depth;
        this.parts = new float[Math.ceilDiv(matrix.rows(), depth)][];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = new float[FloatPacking.size(rows(i), width)];
        }
    }

    /**
     * Those of a matrix in an array.
     *
     * @param width columns of a panel
     * @param depth rows of a part
     */
    static FloatPanels of(Array elements, FloatMatrix matrix, int width, int depth) {
        return elements.derived(new Key(matrix, width, depth), FloatPanels.class,
                () -> new FloatPanels(elements, matrix, width, depth));
    }

    /** How many floats it takes to keep a matrix. */
    static long size(int rows, int columns, int width) {
        return (long) rows * Math.ceilDiv(columns, width) * width;
    }

    /** Some rows of the matrix: as many as a part is deep. */
    private FloatMatrix rows(int part) {
        int begin = part * depth;
        return matrix.part(begin, 0, Math.min(depth, matrix.rows() - begin), matrix.columns());
    }

    /** The panels of some rows; whoever asks may read the elements. */
    float[] part(int number) {
        if (packed != elements.writings()) {
            pack();
        }
        return parts[number];
    }

    private synchronized void pack() {
        long writings = elements.writings();
        if (packed != writings) {
            for (int i = 0; i < parts.length; i++) {
                FloatPacking.pack(rows(i), cut, FloatPacking.Beyond.LAST, parts[i]);
            }
            packed = writings;
        }
    }
}
