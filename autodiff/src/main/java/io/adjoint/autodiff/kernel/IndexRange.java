package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;

/** Looks for numbers outside of a range in an I64 tensor, again and again. */
public final class IndexRange {
    private final Array index;
    private final long least;
    private final long extent;
    private final Lines lines;
    private long lowest;

    /** The range is {@code [least, extent)}. */
    public IndexRange(Array index, int least, int extent) {
        this.index = index;
        this.least = least;
        this.extent = extent;
        this.lines = new Lines(index, index);
    }

    /** The first number outside, by its place in row-major order; -1 if all are inside. */
    public int firstOutside() {
        lowest = 0;
        long[] numbers = index.longs();
        int length = lines.length();
        int stride = lines.firstStride();
        int outside = -1;
        int count = lines.count();
        for (int line = 0; line < count; line++) { // to the end, so that the walk begins anew next time
            int from = index.offset() + lines.first();
            // the first call is inlined with its stride
            boolean isInside = stride == 1 ? isInside(numbers, from, length, 1)
                    : isInside(numbers, from, length, stride);
            if (!isInside && outside < 0) {
                outside = line * length + firstOutside(numbers, from, stride);
            }
            lines.next();
        }
        return outside;
    }

    /** Without a branch in the loop, so that C2 makes vector code of it: a number outside has a negative distance to an end. */
    private boolean isInside(long[] numbers, int from, int length, int stride) {
        long low = lowest;
        long distances = 0;
        for (int i = 0; i < length; i++) {
            long number = numbers[from + i * stride];
            low = Math.min(low, number);
            distances |= (number - least) | (extent - 1 - number);
        }
        lowest = low;
        return distances >= 0;
    }

    private int firstOutside(long[] numbers, int from, int stride) {
        int i = 0;
        while (numbers[from + i * stride] >= least && numbers[from + i * stride] < extent) {
            i++;
        }
        return i;
    }

    /** The least number that the last search met, 0 if none was less. */
    public long lowest() {
        return lowest;
    }
}
