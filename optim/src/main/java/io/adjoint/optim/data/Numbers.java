package io.adjoint.optim.data;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/**
 * The different whole numbers met so far, labels or tokens. Once there are too many to remember, only a new least or greatest one is
 * new.
 */
final class Numbers {
    private static final int MOST = 1 << 16;

    private final BitSet small = new BitSet();
    private final Set<Long> others = new HashSet<>();
    private long least = Long.MAX_VALUE;
    private long greatest = Long.MIN_VALUE;

    /** Whether this one is new. */
    boolean add(long number) {
        boolean isExtreme = number < least || number > greatest;
        least = Math.min(least, number);
        greatest = Math.max(greatest, number);
        if (number >= 0 && number < MOST) {
            boolean isNew = !small.get((int) number);
            small.set((int) number);
            return isNew;
        }
        return others.size() < MOST ? others.add(number) : isExtreme;
    }

    /** Which rows {@code [n, ...]} have a new one, in order; {@code isNew} is where that is noted. Floats have none. */
    void add(Tensor rows, BitSet isNew, int first) {
        if (rows.dtype().isFloat() || rows.dtype() == DType.BOOL) {
            return;
        }
        long[] numbers = rows.cast(DType.I64).toLongs();
        int width = numbers.length / rows.dim(0);
        for (int i = 0; i < numbers.length; i++) {
            if (add(numbers[i])) {
                isNew.set(first + i / width);
            }
        }
    }
}
