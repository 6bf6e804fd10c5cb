package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Packed panels against the definition, in both precisions: every width, remainder, layout and direction. */
class FloatPackingTest {
    private record Place(int rows, int columns, int rowStride, int columnStride, int offset, int size) {
        static Place of(Samples samples) {
            int rows = samples.between(1, 150);
            int columns = samples.between(1, 120);
            boolean across = samples.flip();
            int step = samples.oneOf(1, 1, 2);
            int near = step * samples.oneOf(1, 1, -1);
            int far = step * ((across ? rows : columns) + samples.between(0, 3)) * samples.oneOf(1, 1, -1);
            int rowStride = across ? near : far;
            int columnStride = across ? far : near;
            int offset = Math.max(0, -rowStride) * (rows - 1) + Math.max(0, -columnStride) * (columns - 1)
                    + samples.between(0, 5);
            int size = offset + Math.max(0, rowStride) * (rows - 1) + Math.max(0, columnStride) * (columns - 1) + 1;
            return new Place(rows, columns, rowStride, columnStride, offset, size);
        }
    }

    @Property(tries = 300)
    void panelsOfFloats(@ForAll long seed) {
        Samples samples = new Samples(seed);
        Place place = Place.of(samples);
        float[] data = new float[place.size];
        for (int i = 0; i < data.length; i++) {
            data[i] = i + 1;
        }
        int width = samples.oneOf(FloatTile.ROWS, FloatSightTile.FILTERS, FloatTile.LEFT, FloatTile.NARROW,
                FloatTile.COLUMNS);
        FloatMatrix from =
                new FloatMatrix(data, place.offset, place.rows, place.columns, place.rowStride, place.columnStride);
        FloatPacking.Beyond beyond = samples.oneOf(FloatPacking.Beyond.values());
        int broad = samples.flip() ? samples.between(0, place.columns / FloatBroadTile.COLUMNS) * FloatBroadTile.COLUMNS
                : 0;
        int wides = samples.flip() ? samples.between(0, (place.columns - broad) / FloatWideTile.COLUMNS) : 0;
        FloatCut cut = new FloatCut(broad, broad + wides * FloatWideTile.COLUMNS, width);
        int rowsBefore = samples.oneOf(0, 3);
        int total = place.rows + rowsBefore + samples.oneOf(0, 2);
        float[] panels = new float[cut.size(place.columns, total)];
        FloatPacking.pack(from, cut, beyond, panels, total, rowsBefore);
        int first = 0;
        while (first < place.columns) {
            int panel = cut.width(first);
            int most = beyond == FloatPacking.Beyond.LAST ? panel : Math.min(panel, place.columns - first);
            for (int row = 0; row < place.rows; row++) {
                for (int k = 0; k < most; k++) {
                    int column = Math.min(first + k, place.columns - 1);
                    int at = first * total + (rowsBefore + row) * panel + k;
                    assertEquals(data[from.at(row, column)], panels[at],
                            () -> place + ", " + cut);
                }
            }
            first += panel;
        }
    }

    @Property(tries = 300)
    void panelsOfDoubles(@ForAll long seed) {
        Samples samples = new Samples(seed);
        Place place = Place.of(samples);
        double[] data = new double[place.size];
        for (int i = 0; i < data.length; i++) {
            data[i] = i + 1;
        }
        int width = samples.oneOf(DoubleTile.ROWS, DoubleSightTile.FILTERS, DoubleTile.LEFT, DoubleTile.NARROW,
                DoubleTile.COLUMNS);
        DoubleMatrix from =
                new DoubleMatrix(data, place.offset, place.rows, place.columns, place.rowStride, place.columnStride);
        DoublePacking.Beyond beyond = samples.oneOf(DoublePacking.Beyond.values());
        int broad = samples.flip()
                ? samples.between(0, place.columns / DoubleBroadTile.COLUMNS) * DoubleBroadTile.COLUMNS : 0;
        int wides = Registers.ARE_LONG && samples.flip()
                ? samples.between(0, (place.columns - broad) / DoubleWideTile.COLUMNS) : 0;
        DoubleCut cut = new DoubleCut(broad, broad + wides * DoubleWideTile.COLUMNS, width);
        int rowsBefore = samples.oneOf(0, 3);
        int total = place.rows + rowsBefore + samples.oneOf(0, 2);
        double[] panels = new double[cut.size(place.columns, total)];
        DoublePacking.pack(from, cut, beyond, panels, total, rowsBefore);
        int first = 0;
        while (first < place.columns) {
            int panel = cut.width(first);
            int most = beyond == DoublePacking.Beyond.LAST ? panel : Math.min(panel, place.columns - first);
            for (int row = 0; row < place.rows; row++) {
                for (int k = 0; k < most; k++) {
                    int column = Math.min(first + k, place.columns - 1);
                    int at = first * total + (rowsBefore + row) * panel + k;
                    assertEquals(data[from.at(row, column)], panels[at],
                            () -> place + ", " + cut);
                }
            }
            first += panel;
        }
    }
}
