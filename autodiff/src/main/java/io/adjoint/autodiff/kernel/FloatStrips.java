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

    /** Steps of the depth after which other rows meet the same ones: so many stay in the second level, which is near enough. */
    private static final int DEPTH = 256;

    /** Rows of a tile: its sums and operands take 20 + 4 + 5 registers. */
    private static final int ROWS = Registers.COUNT >= FloatTallTile.REGISTERS ? 5 : 1;

    /** More rows meet the right matrix often enough to pay for packing it. */
    private static final int MOST_ROWS = ROWS > 1 ? 3 * ROWS : 7;

    /** Where the first sums begin. */
    private static final float[] ZEROS = new float[COLUMNS];

    /** Of a product of so many rows and columns with this matrix, the columns that are computed so: whole strips or none. */
    static int columns(int rows, FloatMatrix right) {
        return rows <= MOST_ROWS && right.columnStride() == 1 ? right.columns() / COLUMNS * COLUMNS : 0;
    }

    /** Of a product of so many rows, those that are computed so lest all have narrower tiles: one beyond whole tiles or none. */
    static int tail(int rows, FloatMatrix right) {
        return Registers.ARE_LONG && rows > MOST_ROWS && rows % FloatWideTile.ROWS == 1 && !FloatWideTile.serves(rows)
                && columns(1, right) == right.columns() ? 1 : 0;
    }

    @Override
    public void run() {
        boolean whole = out.columnStride() == 1;
        float[] sums = whole ? out.data() : FloatScratch.get().left(out.rows() * COLUMNS);
        int stride = whole ? out.rowStride() : COLUMNS;
        for (int column = 0; column < out.columns(); column += COLUMNS) {
            int at = out.at(0, column);
            if (!whole && begin == Begin.RESULT) {
                FloatTiles.load(out.rows(), COLUMNS, out, at, sums, COLUMNS);
            }
            for (int p = 0; p < left.columns(); p += DEPTH) {
                for (int row = 0; row < out.rows(); row += ROWS) {
                    multiply(row, column, p, sums, (whole ? at : 0) + row * stride, stride);
                }
            }
            if (!whole) {
                FloatTiles.store(out.rows(), COLUMNS, sums, COLUMNS, out, at);
            }
        }
    }

    private void multiply(int row, int column, int p, float[] c, int c0, int stride) {
        int rows = Math.min(ROWS, out.rows() - row);
        int depth = Math.min(DEPTH, left.columns() - p);
        boolean first = p == 0 && begin == Begin.ZERO;
        float[] from = first ? ZEROS : c;
        int f0 = first ? 0 : c0;
        if (rows == 1) {
            one(depth, left.data(), left.at(row, p), left.columnStride(), right.data(), right.at(p, column),
                    right.rowStride(), from, f0, c, c0);
        } else {
            five(depth, rows, left.data(), left.at(row, p), left.rowStride(), left.columnStride(), right.data(),
                    right.at(p, column), right.rowStride(), from, f0, first ? 0 : stride, c, c0, stride);
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

    /** The same with up to five rows of a; with fewer the last one is computed and stored again. */
    private static void five(
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
        FloatVector s40 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(4, rows - 1) * fStride);
        FloatVector s41 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(4, rows - 1) * fStride + LANES);
        FloatVector s42 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(4, rows - 1) * fStride + 2 * LANES);
        FloatVector s43 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(4, rows - 1) * fStride + 3 * LANES);
        int a1 = a0 + Math.min(1, rows - 1) * aStride;
        int a2 = a0 + Math.min(2, rows - 1) * aStride;
        int a3 = a0 + Math.min(3, rows - 1) * aStride;
        int a4 = a0 + Math.min(4, rows - 1) * aStride;
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
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[a4 + p * aStep]);
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
            s40 = x4.fma(y0, s40);
            s41 = x4.fma(y1, s41);
            s42 = x4.fma(y2, s42);
            s43 = x4.fma(y3, s43);
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
        TYPE.cast(s40).intoArray(c, c0 + Math.min(4, rows - 1) * cStride);
        TYPE.cast(s41).intoArray(c, c0 + Math.min(4, rows - 1) * cStride + LANES);
        TYPE.cast(s42).intoArray(c, c0 + Math.min(4, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s43).intoArray(c, c0 + Math.min(4, rows - 1) * cStride + 3 * LANES);
    }
}
