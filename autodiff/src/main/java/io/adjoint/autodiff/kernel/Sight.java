package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.Shape;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where sliding windows see their elements in a padded image: a copy of the image that has all that windows see, zeros around it
 * included. A window's place plus an element's offset is the position of what it sees. Rows are split into phases, one for each
 * remainder of the position by the stride, so that neighbouring windows of a row see neighbouring elements at any stride.
 *
 * @param channels of an image
 * @param sliding of the windows
 * @param taps elements of a window along each axis
 * @param windows how many there are along each axis
 * @param padded extents of the padded image; the innermost one is that of a phase
 * @param phases of a row
 */
record Sight(int channels, Sliding sliding, int[] taps, int[] windows, int[] padded, int phases) {
    /** A padded image may have so many times the elements of image and result together. */
    private static final int WORTHWHILE = 2;

    /** Empty if windows reach so far outside the image that most of a padded one would be zeros. */
    static Optional<Sight> of(Sliding sliding, Shape image, int[] taps, int[] windows) {
        int channels = image.dim(0);
        int last = taps.length - 1;
        int[] padded = new int[last + 1];
        int phases = taps[last] == 1 ? 1 : sliding.stride(last);
        long plane = phases;
        for (int axis = 0; axis <= last; axis++) {
            long span = (taps[axis] - 1L) * sliding.dilation(axis);
            long extent = axis == last ? windows[axis] + span / sliding.stride(axis)
                    : (windows[axis] - 1L) * sliding.stride(axis) + span + 1;
            if (windows[axis] == 0 || extent > Integer.MAX_VALUE) {
                return Optional.empty();
            }
            padded[axis] = (int) extent;
            plane = Math.min(Integer.MAX_VALUE, plane * extent);
        }
        long places = Arrays.stream(windows).asLongStream().reduce(1, Math::multiplyExact);
        long useful = (long) image.size() + channels * places;
        return channels * plane > WORTHWHILE * useful || channels * plane > Integer.MAX_VALUE / 2 ? Optional.empty()
                : Optional.of(new Sight(channels, sliding, taps, windows, padded, phases));
    }

    /** Elements of a padded channel. */
    int plane() {
        return phases * product(padded);
    }

    /** Elements of a padded image. */
    int size() {
        return channels * plane();
    }

    /** Number of windows. */
    int count() {
        return product(windows);
    }

    /** Plainly, since it is asked for in loops. */
    private static int product(int[] extents) {
        int product = 1;
        for (int extent : extents) {
            product *= extent;
        }
        return product;
    }

    /** How far it is to the next element along each axis. */
    private int[] steps() {
        int[] steps = Shape.of(padded).rowMajorStrides();
        for (int axis = 0; axis < steps.length - 1; axis++) {
            steps[axis] *= phases;
        }
        return steps;
    }

    /**
     * Which rows of a channel go where: number {@code i} goes from {@code from[i]} on, {@code step} apart, to {@code to[i]} on.
     *
     * @param from relative to the channel of the image
     * @param to relative to the padded channel
     * @param lengths in elements
     */
    record Rows(int[] from, int[] to, int[] lengths, int step) {}

    /** The rows of an image's channel, of these extents and strides, in a padded one. */
    Rows rows(int[] extents, int[] strides) {
        int last = taps.length - 1;
        int[] steps = steps();
        int[][] from = new int[last + 1][];
        int[][] to = new int[last + 1][];
        for (int axis = 0; axis < last; axis++) {
            long before = -sliding.position(axis, 0, 0);
            int first = (int) Math.clamp(before, 0L, padded[axis]);
            int end = (int) Math.clamp(before + extents[axis], first, (long) padded[axis]);
            int stride = strides[axis];
            int step = steps[axis];
            from[axis] = IntStream.range(first, end).map(i -> (int) (i - before) * stride).toArray();
            to[axis] = IntStream.range(first, end).map(i -> i * step).toArray();
        }
        long stride = sliding.stride(last);
        long before = -sliding.position(last, 0, 0);
        from[last] = new int[phases];
        to[last] = new int[phases];
        int[] length = new int[phases];
        for (int phase = 0; phase < phases; phase++) {
            int first = Math.clamp(Math.ceilDiv(before - phase, stride), 0, padded[last]);
            int end = Math.clamp(Math.ceilDiv(before + extents[last] - phase, stride), first, padded[last]);
            length[phase] = end - first;
            from[last][phase] = end == first ? 0 : (int) (first * stride + phase - before) * strides[last];
            to[last][phase] = phase * padded[last] + first;
        }
        int[] starts = places(from);
        int[] lengths = IntStream.range(0, starts.length).map(i -> length[i % phases]).toArray();
        return new Rows(starts, places(to), lengths, (int) stride * strides[last]);
    }

    /** The offsets of a window's elements over so many channels, in row-major order of channels and taps. */
    int[] offsets(int count) {
        int[] tap = places(tapOffsets());
        int plane = plane();
        return IntStream.range(0, count * tap.length).map(i -> i / tap.length * plane + tap[i % tap.length]).toArray();
    }

    /** The same in the order of a convolution's sums: the first axis of the taps, channels, the other axes. */
    int[] offsetsInOrder(int count) {
        int[][] taps = tapOffsets();
        int plane = plane();
        int[][] at = new int[taps.length + 1][];
        at[0] = taps[0];
        at[1] = IntStream.range(0, count).map(c -> c * plane).toArray();
        System.arraycopy(taps, 1, at, 2, taps.length - 1);
        return places(at);
    }

    /** How far it is to the next element along the first axis. */
    int firstStep() {
        return steps()[0];
    }

    private int[][] tapOffsets() {
        int last = taps.length - 1;
        int[] steps = steps();
        int[][] at = new int[last + 1][];
        for (int axis = 0; axis <= last; axis++) {
            int dilation = sliding.dilation(axis);
            int step = steps[axis];
            int stride = sliding.stride(last);
            at[axis] = IntStream.range(0, taps[axis]).map(t -> t * dilation)
                    .map(axis < last ? t -> t * step : t -> t % stride * padded[last] + t / stride).toArray();
        }
        return at;
    }

    /** The place of the first window of each row of windows, in row-major order. */
    int[] starts() {
        int[] steps = steps();
        int[][] at = new int[steps.length - 1][];
        for (int axis = 0; axis < at.length; axis++) {
            int step = sliding.stride(axis) * steps[axis];
            at[axis] = IntStream.range(0, windows[axis]).map(o -> o * step).toArray();
        }
        return places(at);
    }

    /** The sums of one number of each array, the last array's number changing fastest. */
    private static int[] places(int[][] at) {
        int[] places = {0};
        for (int[] next : at) {
            int[] before = places;
            places = IntStream.range(0, before.length * next.length)
                    .map(i -> before[i / next.length] + next[i % next.length]).toArray();
        }
        return places;
    }
}
