package io.adjoint.autodiff.kernel;

import java.util.Arrays;

/**
 * How windows slide over the spatial axes of an image: at axis {@code a}, element {@code t} of window {@code o} is at
 * {@code o * stride[a] + t * dilation[a] - before[a]}.
 */
public final class Sliding {
    private final int[] stride;
    private final long[] before;
    private final int[] dilation;

    public Sliding(int[] stride, int[] before, int[] dilation) {
        this(stride, Arrays.stream(before).asLongStream().toArray(), dilation);
    }

    Sliding(int[] stride, long[] before, int[] dilation) {
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

    int[] strides() {
        return stride.clone();
    }

    int dilation(int axis) {
        return dilation[axis];
    }

    /** Whether no two windows see the same element. */
    boolean isApart(int[] taps) {
        boolean apart = true;
        for (int axis = 0; axis < taps.length; axis++) {
            apart &= taps[axis] == 1 || dilation[axis] == 1 && taps[axis] <= stride[axis];
        }
        return apart;
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
