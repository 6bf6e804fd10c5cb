package io.adjoint.autodiff.function;

import io.adjoint.autodiff.Tensor;
import java.util.Arrays;

/**
 * From which elements along an axis each new element comes, and with which weights.
 *
 * @param places for each tap, the element of each new one
 * @param weights for each tap, its weight in each new element; empty if there is one tap, of weight 1
 */
record Taps(long[][] places, double[][] weights) {
    private static final double A = -0.75;

    /**
     * The taps of an axis.
     *
     * @param from the extent, 1 or more
     * @param to the new extent
     * @param ratio old elements for each new one
     */
    static Taps of(Interpolation mode, Corners corners, int from, int to, double ratio) {
        return switch (mode) {
            case NEAREST -> nearest(from, to, ratio, 0);
            case NEAREST_EXACT -> nearest(from, to, ratio, 0.5);
            case LINEAR -> linear(corners, from, to, ratio);
            case CUBIC -> cubic(corners, from, to, ratio);
            case AREA -> throw new AssertionError(mode);
        };
    }

    /** Rounding to float first lets 2.9999999999999996 be the 3 that was meant. */
    private static Taps nearest(int from, int to, double ratio, double shift) {
        long[] places = new long[to];
        for (int o = 0; o < to; o++) {
            places[o] = Math.clamp((long) Math.floor((float) ((o + shift) * ratio)), 0, from - 1);
        }
        return new Taps(new long[][] {places}, new double[0][]);
    }

    private static double position(Corners corners, int from, int to, double ratio, int o) {
        return switch (corners) {
            case EDGES -> ratio * (o + 0.5) - 0.5;
            case CENTRES -> to > 1 ? o * ((from - 1.0) / (to - 1.0)) : 0;
        };
    }

    private static Taps linear(Corners corners, int from, int to, double ratio) {
        long[][] places = new long[2][to];
        double[][] weights = new double[2][to];
        for (int o = 0; o < to; o++) {
            double position = from == to ? o : Math.max(0, position(corners, from, to, ratio, o));
            long below = Math.min((long) Math.floor(position), from - 1);
            double part = Math.min(position - below, 1);
            places[0][o] = below;
            places[1][o] = from == to ? below : Math.min(below + 1, from - 1);
            weights[0][o] = 1 - part;
            weights[1][o] = part;
        }
        return new Taps(places, weights);
    }

    private static Taps cubic(Corners corners, int from, int to, double ratio) {
        long[][] places = new long[4][to];
        double[][] weights = new double[4][to];
        for (int o = 0; o < to; o++) {
            double position = position(corners, from, to, ratio, o);
            long below = Math.min((long) Math.floor(position), from - 1);
            double part = Math.clamp(position - below, 0, 1);
            double[] cubic = {outer(part + 1), inner(part), inner(1 - part), outer(2 - part)};
            for (int tap = 0; tap < 4; tap++) {
                places[tap][o] = Math.clamp(below + tap - 1, 0, from - 1);
                weights[tap][o] = cubic[tap];
            }
        }
        return new Taps(places, weights);
    }

    /** The kernel up to a distance of 1. */
    private static double inner(double x) {
        return ((A + 2) * x - (A + 3)) * x * x + 1;
    }

    /** The kernel from a distance of 1 to 2. */
    private static double outer(double x) {
        return ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
    }

    /** The new elements along an axis. */
    Tensor apply(Tensor x, int axis) {
        Tensor sum = weighted(x, axis, 0);
        for (int tap = 1; tap < places.length; tap++) {
            sum = sum.add(weighted(x, axis, tap));
        }
        return sum;
    }

    private Tensor weighted(Tensor x, int axis, int tap) {
        Tensor chosen = x.indexSelect(axis, Tensor.of(places[tap]));
        if (weights.length == 0) {
            return chosen;
        }
        int[] column = new int[x.rank() - axis];
        Arrays.fill(column, 1);
        column[0] = weights[tap].length;
        return chosen.mul(Tensor.of(weights[tap], column).cast(x.dtype()));
    }
}
