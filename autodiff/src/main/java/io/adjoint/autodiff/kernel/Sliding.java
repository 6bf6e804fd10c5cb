package io.adjoint.autodiff.kernel;

import java.util.Optional;

/**
 * How windows slide over the spatial axes of an image: at axis {@code a}, element {@code t} of window {@code o} is at
 * {@code o * stride[a] + t * dilation[a] - before[a]}.
 */
public final class Sliding {
    private final int[] stride;
    private final int[] before;
    private final int[] dilation;

    public Sliding(int[] stride, int[] before, int[] dilation) {
        this.stride = stride.clone();
        this.before = before.clone();
        this.dilation = dilation.clone();
    }

    int axes() {
        return stride.length;
    }

    int stride(int axis) {
        return stride[axis];
    }

    int dilation(int axis) {
        return dilation[axis];
    }

    /**
     * How windows slide that see, in the result of these, every window in which an element takes part: there the transpose of
     * a convolution is a convolution. Empty unless these slide by one, within the range of an int.
     *
     * @param taps elements of a window along each axis
     */
    Optional<Sliding> reversed(int[] taps) {
        int[] reversed = new int[taps.length];
        for (int axis = 0; axis < taps.length; axis++) {
            long before = (taps[axis] - 1L) * dilation[axis] - this.before[axis];
            if (stride[axis] != 1 || before != (int) before) {
                return Optional.empty();
            }
            reversed[axis] = (int) before;
        }
        return Optional.of(new Sliding(stride, reversed, dilation));
    }

    /** Where an element of a window is; a long, since windows may lie far outside. */
    long position(int axis, int window, int tap) {
        return (long) window * stride[axis] + (long) tap * dilation[axis] - before[axis];
    }

    /** The first of {@code windows} windows whose element {@code tap} is not before the image; {@code windows} if none. */
    int first(int axis, int tap, int windows) {
        long missing = -position(axis, 0, tap);
        return Math.clamp(Math.ceilDiv(missing, (long) stride[axis]), 0, windows);
    }

    /** The first of {@code windows} windows whose element {@code tap} is behind the image; {@code windows} if none. */
    int end(int axis, int tap, int windows, int extent) {
        long room = extent - position(axis, 0, tap);
        return Math.clamp(Math.ceilDiv(room, (long) stride[axis]), 0, windows);
    }
}
