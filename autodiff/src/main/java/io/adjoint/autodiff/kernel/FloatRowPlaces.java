package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;

/** Rows of elements at places, all arrays contiguous. The build derives the float64 twin from this source. */
final class FloatRowPlaces {
    private FloatRowPlaces() {}

    static void gather(Array x, Array index, Array out) {
        float[] from = x.floats();
        long[] places = index.longs();
        float[] to = out.floats();
        int length = x.shape().dim(-1);
        int columns = index.shape().dim(-1);
        int base = x.offset();
        for (int i = 0; i < index.size(); i += columns) {
            int at = index.offset() + i;
            int next = out.offset() + i;
            for (int j = 0; j < columns; j++) {
                to[next + j] = from[base + (int) places[at + j]];
            }
            base += length;
        }
    }

    static void scatterAdd(Array out, Array index, Array added) {
        float[] to = out.floats();
        long[] places = index.longs();
        float[] from = added.floats();
        int length = out.shape().dim(-1);
        int columns = index.shape().dim(-1);
        int base = out.offset();
        for (int i = 0; i < index.size(); i += columns) {
            int at = index.offset() + i;
            int next = added.offset() + i;
            for (int j = 0; j < columns; j++) {
                to[base + (int) places[at + j]] += from[next + j];
            }
            base += length;
        }
    }
}
