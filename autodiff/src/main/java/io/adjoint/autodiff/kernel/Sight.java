package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where windows that slide by one see their elements in a padded image: a copy of the image that has all that windows see and
 * no more, zeros around it included. A window's place plus an element's offset is the position of what it sees, and
 * neighbouring windows see neighbouring elements.
 *
 * @param channels of an image
 * @param sliding with strides of one
 * @param taps elements of a window along each axis
 * @param windows how many there are along each axis
 * @param padded extents of the padded image
 */
record Sight(int channels, Sliding sliding, int[] taps, int[] windows, int[] padded) {
    /** A padded image may have so many times the elements of image and result together. */
    private static final int WORTHWHILE = 2;

    /** Empty if windows slide by more than one, or so far outside the image that most of a padded one would be zeros. */
    static Optional<Sight> of(Sliding sliding, Shape image, int[] taps, int[] windows) {
        int channels = image.dim(0);
        int axes = taps.length;
        int[] padded = new int[axes];
        long plane = 1;
        for (int axis = 0; axis < axes; axis++) {
            long extent = windows[axis] - 1L + (taps[axis] - 1L) * sliding.dilation(axis) + 1;
            if (sliding.stride(axis) != 1 || windows[axis] == 0 || extent > Integer.MAX_VALUE) {
                return Optional.empty();
            }
            padded[axis] = (int) extent;
            plane = Math.min(Integer.MAX_VALUE, plane * extent);
        }
        long places = Arrays.stream(windows).asLongStream().reduce(1, Math::multiplyExact);
        long useful = (long) image.size() + channels * places;
        return channels * plane > WORTHWHILE * useful || channels * plane > Integer.MAX_VALUE / 2 ? Optional.empty()
                : Optional.of(new Sight(channels, sliding, taps, windows, padded));
    }

    /** Elements of a padded channel. */
    int plane() {
        return Shape.of(padded).size();
    }

    /** Elements of a padded image. */
    int size() {
        return channels * plane();
    }

    /** Copies an image {@code [channels, extents...]} into a padded one, {@code [channels, padded...]}, whose border is zero already. */
    void copy(Array image, Array to) {
        int axes = taps.length;
        int[] dims = new int[axes + 1];
        int from = image.offset();
        int at = to.offset();
        dims[0] = channels;
        for (int axis = 0; axis < axes; axis++) {
            long before = -sliding.position(axis, 0, 0);
            int first = (int) Math.clamp(before, 0L, padded[axis]);
            int end = (int) Math.clamp(before + image.shape().dim(axis + 1), first, (long) padded[axis]);
            dims[axis + 1] = end - first;
            if (first == end) {
                return;
            }
            at += first * to.stride(axis + 1);
            from += (int) (first - before) * image.stride(axis + 1);
        }
        Shape shape = Shape.of(dims);
        Moves.copy(image.view(shape, image.strides(), from), to.view(shape, to.strides(), at));
    }

    /** Shape of a padded image. */
    Shape shape() {
        return Shape.of(IntStream.concat(IntStream.of(channels), IntStream.of(padded)).toArray());
    }

    /** The offsets of a window's elements over so many channels, in row-major order of channels and taps. */
    int[] offsets(int count) {
        int[] steps = Shape.of(padded).rowMajorStrides();
        for (int axis = 0; axis < steps.length; axis++) {
            steps[axis] *= sliding.dilation(axis);
        }
        int[] tap = places(taps, steps);
        int[] offsets = new int[count * tap.length];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = i / tap.length * plane() + tap[i % tap.length];
        }
        return offsets;
    }

    /** The place of the first window of each row of windows in a box, in row-major order. */
    int[] rows(Box box) {
        int[] steps = Shape.of(padded).rowMajorStrides();
        int last = steps.length - 1;
        int start = 0;
        for (int axis = 0; axis <= last; axis++) {
            start += box.start()[axis] * steps[axis];
        }
        int[] rows = places(Arrays.copyOf(box.extent(), last), Arrays.copyOf(steps, last));
        for (int i = 0; i < rows.length; i++) {
            rows[i] += start;
        }
        return rows;
    }

    /** {@code sum over axes of i[axis] * steps[axis]} for every {@code i} in row-major order. */
    private static int[] places(int[] dims, int[] steps) {
        int[] places = new int[Shape.of(dims).size()];
        for (int i = 0; i < places.length; i++) {
            int rest = i;
            for (int axis = dims.length - 1; axis >= 0; axis--) {
                places[i] += rest % dims[axis] * steps[axis];
                rest /= dims[axis];
            }
        }
        return places;
    }
}
