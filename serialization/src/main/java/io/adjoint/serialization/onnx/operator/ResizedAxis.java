package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Tensor;
import java.util.Arrays;

/**
 * An axis with another extent: new element {@code o} is the sum over taps {@code t} of {@code weights[t][o] *
 * x[places[t][o]]}; the nearest one has a single tap without a weight.
 *
 * @param axis counted from the outermost
 * @param places of each tap, within the axis
 * @param weights of each tap, or none
 * @param outside which new elements lie outside the old ones
 */
record ResizedAxis(int axis, long[][] places, double[][] weights, boolean[] outside) {
    /** How a value follows from its neighbours. */
    enum Mode {
        NEAREST, LINEAR, CUBIC
    }

    /** Where new elements lie among the old ones. */
    enum Coordinates {
        HALF_PIXEL, HALF_PIXEL_SYMMETRIC, PYTORCH_HALF_PIXEL, ALIGN_CORNERS, ASYMMETRIC, TF_HALF_PIXEL_FOR_NN,
        TF_CROP_AND_RESIZE;

        private double place(int o, Extent extent) {
            double last = extent.from - 1.0;
            // what the scale says, which need not be a whole number
            double width = extent.scale * extent.from;
            return switch (this) {
                case HALF_PIXEL -> (o + 0.5) / extent.scale - 0.5;
                case HALF_PIXEL_SYMMETRIC -> extent.from / 2.0 * (1 - extent.to / width) + (o + 0.5) / extent.scale
                        - 0.5;
                case PYTORCH_HALF_PIXEL -> extent.to > 1 ? (o + 0.5) / extent.scale - 0.5 : 0;
                case ALIGN_CORNERS -> width == 1 || extent.to == 1 ? 0 : o * last / (width - 1);
                case ASYMMETRIC -> o / extent.scale;
                case TF_HALF_PIXEL_FOR_NN -> (o + 0.5) / extent.scale;
                case TF_CROP_AND_RESIZE -> extent.to > 1
                        ? extent.start * last + o * (extent.end - extent.start) * last / (width - 1)
                        : 0.5 * (extent.start + extent.end) * last;
            };
        }
    }

    /** Which element is the nearest. */
    enum Nearest {
        ROUND_PREFER_FLOOR, ROUND_PREFER_CEIL, FLOOR, CEIL;

        private double round(double place) {
            return switch (this) {
                case ROUND_PREFER_FLOOR -> Math.ceil(place - 0.5);
                case ROUND_PREFER_CEIL -> Math.floor(place + 0.5);
                case FLOOR -> Math.floor(place);
                case CEIL -> Math.ceil(place);
            };
        }
    }

    /** Whether taps outside count as the outermost element. */
    enum Edge {
        REPEATED, EXCLUDED
    }

    /** Whether a smaller image is smoothed, so that each of its elements sees all the old ones that it covers. */
    enum Smoothing {
        NONE, ANTIALIAS
    }

    /**
     * An axis before and after.
     *
     * @param scale the new extent divided by the old one, not rounded
     * @param start where a region begins, as a share of the axis
     * @param end where it ends
     */
    record Extent(int axis, int from, int to, double scale, double start, double end) {}

    /**
     * How all axes are resized.
     *
     * @param cubic the coefficient a of cubic convolution (R. Keys, 1981)
     */
    record Rule(Mode mode, Coordinates coordinates, Nearest nearest, double cubic, Edge edge, Smoothing smoothing) {}

    static ResizedAxis of(Rule rule, Extent extent) {
        boolean smooth = rule.smoothing == Smoothing.ANTIALIAS && extent.scale < 1;
        double stretch = smooth ? 1 / extent.scale : 1;
        int reach = switch (rule.mode) {
            case NEAREST -> 0;
            case LINEAR -> (int) Math.ceil(stretch);
            case CUBIC -> (int) Math.ceil(2 * stretch);
        };
        // a result without elements needs none, however small the scale
        int taps = extent.to == 0 ? 1 : Math.max(1, 2 * reach);
        boolean[] outside = new boolean[extent.to];
        long[][] places = new long[taps][extent.to];
        double[][] weights = new double[rule.mode == Mode.NEAREST ? 0 : taps][extent.to];
        double[] kernel = new double[taps];
        for (int o = 0; o < extent.to; o++) {
            double place = rule.coordinates.place(o, extent);
            outside[o] = place < 0 || place > extent.from - 1;
            if (rule.mode == Mode.NEAREST) {
                places[0][o] = inside((long) rule.nearest.round(place), extent);
                continue;
            }
            long first = (long) Math.floor(place) - reach + 1;
            double sum = 0;
            for (int tap = 0; tap < taps; tap++) {
                long at = first + tap;
                boolean counts = rule.edge == Edge.REPEATED || at == inside(at, extent);
                double distance = Math.abs(at - place) / stretch;
                kernel[tap] = counts ? rule.mode == Mode.LINEAR ? Math.max(0, 1 - distance)
                        : cubic(rule.cubic, distance) : 0;
                sum += kernel[tap];
                places[tap][o] = inside(at, extent);
            }
            for (int tap = 0; tap < taps; tap++) {
                weights[tap][o] = sum == 0 ? kernel[tap] : kernel[tap] / sum;
            }
        }
        return new ResizedAxis(extent.axis, places, weights, outside);
    }

    private static long inside(long place, Extent extent) {
        return Math.clamp(place, 0, extent.from - 1);
    }

    private static double cubic(double a, double x) {
        if (x <= 1) {
            return ((a + 2) * x - (a + 3)) * x * x + 1;
        }
        return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
    }

    Tensor apply(Tensor x) {
        Tensor sum = tap(x, 0);
        for (int tap = 1; tap < places.length; tap++) {
            sum = sum.add(tap(x, tap));
        }
        return sum;
    }

    private Tensor tap(Tensor x, int tap) {
        Tensor chosen = x.indexSelect(axis, Tensor.of(places[tap]));
        return weights.length == 0 ? chosen
                : chosen.mul(Tensor.of(weights[tap], column(x, weights[tap].length)).cast(x.dtype()));
    }

    private int[] column(Tensor x, int length) {
        int[] column = new int[x.rank() - axis];
        Arrays.fill(column, 1);
        column[0] = length;
        return column;
    }

    /** Truth values that stretch to the result: what lies outside along this axis. */
    Tensor outside(Tensor result) {
        return Tensor.of(outside, column(result, outside.length));
    }
}
