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
            for (int i = 0; i < length && outside < 0; i++) {
                long number = numbers[from + i * stride];
                lowest = Math.min(lowest, number);
                if (number < least || number >= extent) {
                    outside = line * length + i;
                }
            }
            lines.next();
        }
        return outside;
    }

    /** The least number that the last search met, 0 if none was less. */
    public long lowest() {
        return lowest;
    }
}
