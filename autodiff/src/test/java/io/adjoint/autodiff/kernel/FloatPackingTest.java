package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Packed panels against the definition, in both precisions: every width, remainder, layout and direction. */
class FloatPackingTest {
    private record Place(int rows, int columns, int rowStride, int columnStride, int offset, int size) {
        static Place of(Samples samples) {
            int rows = samples.between(1, 150);
            int columns = samples.between(1, 40);
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
        float[] panels = new float[FloatPacking.size(from, width)];
        FloatPacking.Beyond beyond = samples.oneOf(FloatPacking.Beyond.values());
        FloatPacking.pack(from, width, beyond, panels);
        for (int i = 0; i < panels.length; i++) {
            int panel = i / (width * place.rows);
            int row = i % (width * place.rows) / width;
            int column = Math.min(panel * width + i % width, place.columns - 1);
            if (column < panel * width + i % width && beyond == FloatPacking.Beyond.ANYTHING) {
                continue;
            }
            assertEquals(data[from.at(row, column)], panels[i], () -> place + ", panels of " + width);
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
        double[] panels = new double[DoublePacking.size(from, width)];
        DoublePacking.Beyond beyond = samples.oneOf(DoublePacking.Beyond.values());
        DoublePacking.pack(from, width, beyond, panels);
        for (int i = 0; i < panels.length; i++) {
            int panel = i / (width * place.rows);
            int row = i % (width * place.rows) / width;
            int column = Math.min(panel * width + i % width, place.columns - 1);
            if (column < panel * width + i % width && beyond == DoublePacking.Beyond.ANYTHING) {
                continue;
            }
            assertEquals(data[from.at(row, column)], panels[i], () -> place + ", panels of " + width);
        }
    }
}
