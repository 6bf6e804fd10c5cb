package io.adjoint.autodiff.kernel;

import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The sums of a {@link FloatLookup} for rows of a vector or more. A row's last vector ends with it. The build derives the float64 twin from this source. */
final class FloatLookupSums {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private FloatLookupSums() {}

    /** Adds the rows of all places. The last vector of each is computed first, for some of it may be computed once more. */
    static void scatterAdd(FloatLookup lookup) {
        float[] table = lookup.table();
        float[] rows = lookup.rows();
        int last = lookup.columns() - LANES;
        for (int row = 0; row < lookup.count(); row++) {
            int source = lookup.other(row);
            int target = lookup.named(row);
            FloatVector end = sum(table, target + last, rows, source + last);
            for (int column = 0; column < last; column += LANES) {
                FloatTile.exact(sum(table, target + column, rows, source + column)).intoArray(table, target + column);
            }
            FloatTile.exact(end).intoArray(table, target + last);
        }
    }

    private static FloatVector sum(float[] a, int i, float[] b, int j) {
        return FloatVector.fromArray(SPECIES, a, i).add(FloatVector.fromArray(SPECIES, b, j));
    }

    /** Few zeros: rows of one vector, of whole ones, and others. */
    static List<FloatTiers.Trial> trials() {
        return IntStream.of(LANES, 4 * LANES, 2 * LANES + 1).mapToObj(FloatLookupSums::trial).toList();
    }

    private static FloatTiers.Trial trial(int columns) {
        int rows = 16;
        FloatLookup lookup = new FloatLookup(new float[2 * columns], 0, columns, new long[rows], 0, 1,
                new float[rows * columns], 0, columns, rows, columns);
        return new FloatTiers.Trial(() -> scatterAdd(lookup), 2L * rows * columns + 2_000);
    }
}
