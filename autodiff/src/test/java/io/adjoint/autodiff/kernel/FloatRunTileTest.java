package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** What windows see, put together in registers, against one multiplication after the other. */
class FloatRunTileTest {
    private static final int LANES = FloatSightTile.LANES;

    /** A cotangent is read in each window of a row, and runs overlap from window to window. */
    @Property(tries = 500, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void everySumHasTheOrderOfTheWindows(@ForAll long seed) {
        Samples samples = new Samples(seed);
        int length = samples.between(1, LANES / 2);
        int count = samples.between(1, 2 * LANES / length);
        int[] runs = new int[count];
        for (int i = 1; i < count; i++) {
            runs[i] = runs[i - 1] + samples.between(length - 1, 3 * length);
        }
        Optional<FloatRunTile> tile = FloatRunTile.of(runs, length);
        if (tile.isEmpty()) {
            return;
        }
        int rows = samples.between(1, FloatRunTile.ROWS);
        int row = samples.between(1, 9);
        int[] starts = samples.between(0, 1) == 0 ? new int[] {0} : new int[] {0, 11, 25};
        int windows = starts.length * row;
        float[] x = numbers(samples, 25 + row + runs[count - 1] + 3 * LANES);
        float[] a = numbers(samples, rows * windows);
        float[] found = new float[FloatRunTile.ROWS * FloatTile.COLUMNS];
        tile.get().multiply(starts, row, rows, a, 0, windows, x, 0, found, 0);
        for (int k = 0; k < rows; k++) {
            float[] expected = new float[count * length];
            for (int i = 0; i < expected.length; i++) {
                for (int w = 0; w < windows; w++) {
                    float seen = x[starts[w / row] + w % row + runs[i / length] + i % length];
                    expected[i] = Math.fma(a[k * windows + w], seen, expected[i]);
                }
            }
            float[] sums = new float[expected.length];
            System.arraycopy(found, k * FloatTile.COLUMNS, sums, 0, sums.length);
            assertArrayEquals(expected, sums, "runs of " + length + ", " + count + " of them, filter " + k);
        }
    }

    private static float[] numbers(Samples samples, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = samples.between(-1000, 1000) / 7f;
        }
        return numbers;
    }

    /** Five rows of five elements of an image that is 32 wide, as in the first layer of LeNet-5. */
    @Test
    void windowsOfFiveByFiveFitIntoLongVectors() {
        assumeTrue(Registers.ARE_LONG);
        assertTrue(FloatRunTile.of(new int[] {0, 32, 64, 96, 128}, 5).isPresent());
    }

    /** The second run's vector would begin before the first element; and nine runs of three are more than are loaded. */
    @Test
    void whatDoesNotFitIsLeftToOthers() {
        assertEquals(Optional.empty(), FloatRunTile.of(new int[] {0, 2}, 3));
        assertEquals(Optional.empty(), FloatRunTile.of(new int[] {0, 10, 20, 30, 40, 50, 60, 70, 80}, 3));
    }
}
