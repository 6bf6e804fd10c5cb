package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Launch;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The SIMD product of so few rows that it does not pay to pack the right matrix: its rows are read where they lie, some columns of
 * all of them at a time. The build derives the float64 twin from this source.
 *
 * @param right by rows
 * @param out of {@link #columns} columns
 * @param begin where the sums begin
 */
record FloatStrips(FloatMatrix left, FloatMatrix right, FloatMatrix out, Begin begin) implements Launch {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** As {@link FloatTile#exact}, which C2 does not inline at the end of so many vector operations. */
    private static final Class<? extends FloatVector> TYPE = VectorTypes.F32;

    /** Columns at a time. */
    private static final int COLUMNS = 4 * LANES;

    /** Steps of the depth after which other rows meet the same ones: so many stay in the second level. */
    private static final int DEPTH = 512;

    /** Rows of a tile: its sums and operands take 16 + 4 + 4 registers. */
    private static final int ROWS = Registers.COUNT >= 32 ? 4 : 1;

    /** More rows meet the right matrix often enough to pay for packing it. */
    private static final int MOST_ROWS = 3 + 3 * ROWS;

    /** Where the first sums begin. */
    private static final float[] ZEROS = new float[COLUMNS];

    /** Of a product of so many rows and columns with this matrix, the columns that are computed so: whole strips or none. */
    static int columns(int rows, FloatMatrix right) {
        return rows <= MOST_ROWS && right.columnStride() == 1 ? right.columns() / COLUMNS * COLUMNS : 0;
    }

    @Override
    public void run() {
        float[] edge = FloatScratch.get().edge();
        for (int column = 0; column < out.columns(); column += COLUMNS) {
            for (int p = 0; p < left.columns(); p += DEPTH) {
                boolean first = p == 0 && begin == Begin.ZERO;
                for (int row = 0; row < out.rows(); row += ROWS) {
                    multiply(row, Math.min(ROWS, out.rows() - row), column, p, first, edge);
                }
            }
        }
    }

    private void multiply(int row, int rows, int column, int p, boolean first, float[] edge) {
        int depth = Math.min(DEPTH, left.columns() - p);
        int at = out.at(row, column);
        boolean whole = out.columnStride() == 1;
        float[] c = whole ? out.data() : edge;
        int c0 = whole ? at : 0;
        int stride = whole ? out.rowStride() : COLUMNS;
        if (!whole && !first) {
            FloatMatMul.load(rows, COLUMNS, out, at, edge, COLUMNS);
        }
        float[] s = first ? ZEROS : c;
        int s0 = first ? 0 : c0;
        if (rows == 1) {
            one(depth, left.data(), left.at(row, p), left.columnStride(), right.data(), right.at(p, column),
                    right.rowStride(), s, s0, c, c0);
        } else {
            four(depth, rows, left.data(), left.at(row, p), left.rowStride(), left.columnStride(), right.data(),
                    right.at(p, column), right.rowStride(), s, s0, first ? 0 : stride, c, c0, stride);
        }
        if (!whole) {
            FloatMatMul.store(rows, COLUMNS, edge, COLUMNS, out, at);
        }
    }

    /** Adds one row of a times some columns of b to a strip of what is in {@code from}. */
    private static void one(
            int depth, float[] a, int a0, int aStep, float[] b, int b0, int bStride, float[] from, int f0, float[] c,
            int c0) {
        FloatVector s0 = FloatVector.fromArray(SPECIES, from, f0);
        FloatVector s1 = FloatVector.fromArray(SPECIES, from, f0 + LANES);
        FloatVector s2 = FloatVector.fromArray(SPECIES, from, f0 + 2 * LANES);
        FloatVector s3 = FloatVector.fromArray(SPECIES, from, f0 + 3 * LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + p * aStep]);
            int row = b0 + p * bStride;
            s0 = x.fma(FloatVector.fromArray(SPECIES, b, row), s0);
            s1 = x.fma(FloatVector.fromArray(SPECIES, b, row + LANES), s1);
            s2 = x.fma(FloatVector.fromArray(SPECIES, b, row + 2 * LANES), s2);
            s3 = x.fma(FloatVector.fromArray(SPECIES, b, row + 3 * LANES), s3);
        }
        FloatTile.exact(s0).intoArray(c, c0);
        FloatTile.exact(s1).intoArray(c, c0 + LANES);
        FloatTile.exact(s2).intoArray(c, c0 + 2 * LANES);
        FloatTile.exact(s3).intoArray(c, c0 + 3 * LANES);
    }

    /** The same with up to four rows of a; with fewer the last one is computed and stored again. */
    private static void four(
            int depth, int rows, float[] a, int a0, int aStride, int aStep, float[] b, int b0, int bStride,
            float[] from,
            int f0, int fStride, float[] c, int c0, int cStride) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, from, f0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, from, f0 + LANES);
        FloatVector s02 = FloatVector.fromArray(SPECIES, from, f0 + 2 * LANES);
        FloatVector s03 = FloatVector.fromArray(SPECIES, from, f0 + 3 * LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride);
        FloatVector s11 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride + LANES);
        FloatVector s12 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride + 2 * LANES);
        FloatVector s13 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride + 3 * LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride);
        FloatVector s21 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride + LANES);
        FloatVector s22 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride + 2 * LANES);
        FloatVector s23 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride + 3 * LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride);
        FloatVector s31 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride + LANES);
        FloatVector s32 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride + 2 * LANES);
        FloatVector s33 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride + 3 * LANES);
        int a1 = a0 + Math.min(1, rows - 1) * aStride;
        int a2 = a0 + Math.min(2, rows - 1) * aStride;
        int a3 = a0 + Math.min(3, rows - 1) * aStride;
        for (int p = 0; p < depth; p++) {
            int row = b0 + p * bStride;
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, row);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, row + LANES);
            FloatVector y2 = FloatVector.fromArray(SPECIES, b, row + 2 * LANES);
            FloatVector y3 = FloatVector.fromArray(SPECIES, b, row + 3 * LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + p * aStep]);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a1 + p * aStep]);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a2 + p * aStep]);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a3 + p * aStep]);
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            s02 = x0.fma(y2, s02);
            s03 = x0.fma(y3, s03);
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            s12 = x1.fma(y2, s12);
            s13 = x1.fma(y3, s13);
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            s22 = x2.fma(y2, s22);
            s23 = x2.fma(y3, s23);
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
            s32 = x3.fma(y2, s32);
            s33 = x3.fma(y3, s33);
        }
        TYPE.cast(s00).intoArray(c, c0);
        TYPE.cast(s01).intoArray(c, c0 + LANES);
        TYPE.cast(s02).intoArray(c, c0 + 2 * LANES);
        TYPE.cast(s03).intoArray(c, c0 + 3 * LANES);
        TYPE.cast(s10).intoArray(c, c0 + Math.min(1, rows - 1) * cStride);
        TYPE.cast(s11).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + LANES);
        TYPE.cast(s12).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s13).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + 3 * LANES);
        TYPE.cast(s20).intoArray(c, c0 + Math.min(2, rows - 1) * cStride);
        TYPE.cast(s21).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + LANES);
        TYPE.cast(s22).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s23).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + 3 * LANES);
        TYPE.cast(s30).intoArray(c, c0 + Math.min(3, rows - 1) * cStride);
        TYPE.cast(s31).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + LANES);
        TYPE.cast(s32).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s33).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + 3 * LANES);
    }
}
