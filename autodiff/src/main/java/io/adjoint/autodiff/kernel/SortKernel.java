package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.SortOrder;
import io.adjoint.autodiff.runtime.Array;
import java.util.Arrays;

/**
 * Sorts the places along an axis by their elements, stably: row by row, a digit of eight bits of the keys after the other
 * from the lowest to the highest (radix sort), or by insertion where a row is short.
 */
public final class SortKernel {
    private static final int DIGIT = 8;
    private static final int BUCKETS = 1 << DIGIT;

    /** Shorter rows take fewer steps by insertion than there are buckets to count. */
    private static final int SHORT = 48;

    /** What a radix sort costs for each element, in operations of a map. */
    private static final int COST = 32;

    private final int digits;
    /** Turns keys around so that their unsigned order within the digits is the order asked for. */
    private final long turn;
    private final long mask;
    private final int n;
    private long[] keys;
    private long[] otherKeys;
    private int[] places;
    private int[] otherPlaces;
    private final int[] counts;

    private SortKernel(Array x, int n, SortOrder order) {
        int bits = OrderKeys.bits(x.dtype());
        long sign = 1L << bits - 1;
        this.n = n;
        digits = bits / DIGIT;
        mask = -1L >>> Long.SIZE - bits;
        // complements of keys descend, and equals stay equals, so the order is stable all the same
        turn = switch (order) {
            case ASCENDING -> sign;
            case DESCENDING -> ~sign;
        };
        keys = new long[n];
        places = new int[n];
        boolean isLong = n > SHORT;
        otherKeys = new long[isLong ? n : 0];
        otherPlaces = new int[isLong ? n : 0];
        counts = new int[isLong ? digits * BUCKETS : 0];
    }

    /**
     * For each row along the axis, the places of its elements in order.
     *
     * @param axis in {@code [0, rank)}
     * @param out I64 of the input's shape, contiguous
     */
    public static void run(Array x, int axis, SortOrder order, Array out) {
        if (out.size() == 0) {
            return;
        }
        int n = x.shape().dim(axis);
        Array rows = starts(x, axis);
        Array results = starts(out, axis);
        Pieces.share(rows.size(), (long) n * COST, (from, to) -> {
            SortKernel kernel = new SortKernel(x, n, order);
            for (int row = from; row < to; row++) {
                kernel.load(x, rows.position(row), x.stride(axis));
                kernel.sort();
                kernel.store(out.longs(), results.position(row), out.stride(axis));
            }
        });
    }

    /** The first element of each row along an axis. */
    private static Array starts(Array x, int axis) {
        return x.view(x.shape().with(axis, 1), x.strides(), x.offset());
    }

    private void load(Array x, int start, int stride) {
        for (int i = 0; i < n; i++) {
            keys[i] = (OrderKeys.at(x, start + i * stride) ^ turn) & mask;
            places[i] = i;
        }
    }

    private void store(long[] out, int start, int stride) {
        for (int i = 0; i < n; i++) {
            out[start + i * stride] = places[i];
        }
    }

    private void sort() {
        if (n <= SHORT) {
            insert();
        } else {
            count();
            for (int digit = 0; digit < digits; digit++) {
                move(digit);
            }
        }
    }

    private void insert() {
        for (int i = 1; i < n; i++) {
            long key = keys[i];
            int place = places[i];
            int j = i;
            for (; j > 0 && Long.compareUnsigned(keys[j - 1], key) > 0; j--) {
                keys[j] = keys[j - 1];
                places[j] = places[j - 1];
            }
            keys[j] = key;
            places[j] = place;
        }
    }

    /** Counts how often each digit has each value. */
    private void count() {
        Arrays.fill(counts, 0);
        for (int i = 0; i < n; i++) {
            for (int digit = 0; digit < digits; digit++) {
                counts[bucket(keys[i], digit)]++;
            }
        }
    }

    private static int bucket(long key, int digit) {
        return digit * BUCKETS + (int) (key >>> digit * DIGIT & BUCKETS - 1);
    }

    /** Orders by one digit, those of equal digits as they stand. */
    private void move(int digit) {
        if (counts[bucket(keys[0], digit)] == n) {
            return;
        }
        int next = 0;
        for (int bucket = digit * BUCKETS; bucket < (digit + 1) * BUCKETS; bucket++) {
            int count = counts[bucket];
            counts[bucket] = next;
            next += count;
        }
        for (int i = 0; i < n; i++) {
            int to = counts[bucket(keys[i], digit)]++;
            otherKeys[to] = keys[i];
            otherPlaces[to] = places[i];
        }
        long[] movedKeys = otherKeys;
        otherKeys = keys;
        keys = movedKeys;
        int[] movedPlaces = otherPlaces;
        otherPlaces = places;
        places = movedPlaces;
    }
}
