package io.adjoint.autodiff.kernel;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of the transpose of a convolution that is itself a convolution whose windows slide by one: along an axis, the elements
 * {@code stride} apart from number {@code first} on, which see every {@code step}-th element of the windows, from number
 * {@code tap} on, in reverse order.
 *
 * @param first of the elements
 * @param count of the elements
 * @param tap first element of the windows
 * @param taps how many elements of the windows
 * @param step from one of them to the next
 * @param before how far the first window of the part begins before what it sees
 * @param dilation of the part's windows
 */
record Transpose(int first, int count, int tap, int taps, int step, long before, int dilation) {
    /** The parts along one axis of an image; elements that are in none are in no window. */
    static List<Transpose> along(Sliding sliding, int axis, int taps, int extent) {
        int stride = sliding.stride(axis);
        int dilation = sliding.dilation(axis);
        int divisor = BigInteger.valueOf(stride).gcd(BigInteger.valueOf(dilation)).intValue();
        int step = stride / divisor;
        int apart = dilation / divisor;
        List<Transpose> parts = new ArrayList<>();
        for (int first = 0; first < Math.min(stride, extent); first++) {
            long place = first - sliding.position(axis, 0, 0);
            int tap = 0;
            while (tap < Math.min(step, taps) && Math.floorMod(place - (long) tap * dilation, stride) != 0) {
                tap++;
            }
            if (tap < Math.min(step, taps)) {
                int count = (taps - 1 - tap) / step + 1;
                long window = Math.floorDiv(place - (long) tap * dilation, (long) stride);
                parts.add(new Transpose(first, Math.ceilDiv(extent - first, stride), tap, count, step,
                        (count - 1L) * apart - window, apart));
            }
        }
        return parts;
    }

    /** One part of each axis, in every combination. */
    static List<List<Transpose>> parts(Sliding sliding, int[] taps, int[] extents) {
        List<List<Transpose>> parts = List.of(List.of());
        for (int axis = 0; axis < taps.length; axis++) {
            List<List<Transpose>> longer = new ArrayList<>();
            for (List<Transpose> outer : parts) {
                for (Transpose inner : along(sliding, axis, taps[axis], extents[axis])) {
                    List<Transpose> combined = new ArrayList<>(outer);
                    combined.add(inner);
                    longer.add(combined);
                }
            }
            parts = longer;
        }
        return parts;
    }
}
