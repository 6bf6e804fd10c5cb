package io.adjoint.autodiff.kernel;

import java.util.Arrays;

/**
 * Windows in row-major order, a block of so many at a time, as runs that lie side by side in the padded image of a {@link Sight}:
 * run {@code i} begins at {@code places[i]} and is {@code lengths[i]} long, and its first window is number {@code columns[i]} of
 * its block.
 *
 * @param width windows of a block; the last one may have fewer
 * @param begins the first run of each block, and how many there are in all
 */
record Runs(int width, int windows, int[] begins, int[] places, int[] columns, int[] lengths) {
    /** Of the windows from number {@code from} up to {@code to}. */
    static Runs of(Sight sight, int from, int to, int width) {
        int[] starts = sight.starts();
        int row = sight.windows()[sight.windows().length - 1];
        int blocks = Math.ceilDiv(to - from, width);
        int most = blocks + (to - from) / row + 2;
        int[] begins = new int[blocks + 1];
        int[] places = new int[most];
        int[] columns = new int[most];
        int[] lengths = new int[most];
        int runs = 0;
        for (int block = 0; block < blocks; block++) {
            begins[block] = runs;
            int first = from + block * width;
            int end = Math.min(to, first + width);
            for (int window = first; window < end;) {
                int length = Math.min(end - window, row - window % row);
                int place = starts[window / row] + window % row;
                if (runs > begins[block] && places[runs - 1] + lengths[runs - 1] == place) {
                    lengths[runs - 1] += length;
                } else {
                    places[runs] = place;
                    columns[runs] = window - first;
                    lengths[runs++] = length;
                }
                window += length;
            }
        }
        begins[blocks] = runs;
        return new Runs(width, to - from, begins, Arrays.copyOf(places, runs), Arrays.copyOf(columns, runs),
                Arrays.copyOf(lengths, runs));
    }

    int blocks() {
        return begins.length - 1;
    }

    /** Windows of a block. */
    int size(int block) {
        return Math.min(width, windows - block * width);
    }

    /** Runs of a block. */
    int count(int block) {
        return begins[block + 1] - begins[block];
    }
}
