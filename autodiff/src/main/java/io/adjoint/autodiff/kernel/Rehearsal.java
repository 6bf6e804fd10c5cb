package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import java.util.Arrays;
import java.util.List;

/**
 * Calls of a loop on made-up operands, to have it compiled. Many calls on few elements do that soonest.
 *
 * @param types dtypes of the operands, the output last
 * @param layouts of the inputs
 * @param cost operations on one element
 * @param rectangles rows, up to three, and columns of the calls: every kind of remainder is met, so that no branch looks dead to C2
 */
record Rehearsal(List<DType> types, List<Layout> layouts, int cost, int[]... rectangles) {
    private static final int[][] ANY_LENGTH = {{1, 64}, {2, 45}, {1, 32}, {3, 33}};
    private static final int MOST_ROWS = 3;

    private static final int CALLS_PER_BATCH = 64;
    private static final int FAST_BATCHES = 4;

    /** Roughly the calls after which the compiler takes a loop up. */
    static final int BATCHES_BEFORE_WAITING = 32;

    /** Of a vector: far above the 0.3 ns of compiled SIMD, far below the 30 ns of what runs before. */
    private static final long FAST_NANOS_PER_OPERATION = 8;

    private static final long NANOS_PER_CALL = 100;

    /** Some thirty times what it takes, for a compiler may be busy with other things. */
    private static final long MOST_NANOS = 5_000_000_000L;

    /** Of a loop for rows of any length. */
    Rehearsal(List<DType> types, List<Layout> layouts, int cost) {
        this(types, layouts, cost, ANY_LENGTH);
    }

    /** Of a loop for rows of so many columns. */
    static Rehearsal ofRows(List<DType> types, List<Layout> layouts, int cost, int least, int most) {
        return new Rehearsal(types, layouts, cost, new int[][] {
            {1, most}, {2, (least + most) / 2}, {1, least}, {3, least}
        });
    }

    /** Runs the loop until its speed shows that it is compiled; whether it ever got fast. */
    boolean warms(Loop loop) {
        Object[] arrays = new Object[types.size()];
        int[] rowStrides = new int[types.size()];
        int[] columnStrides = new int[types.size()];
        int row = Arrays.stream(rectangles).mapToInt(rectangle -> rectangle[1]).max().orElseThrow();
        for (int k = 0; k < arrays.length; k++) {
            arrays[k] = Array.allocate(types.get(k), Shape.of(MOST_ROWS * row)).data();
            rowStrides[k] = row;
            columnStrides[k] = k < layouts.size() && layouts.get(k) == Layout.SPLAT ? 0 : 1;
        }
        int fast = 0;
        int slow = 0;
        long begin = System.nanoTime();
        while (fast < FAST_BATCHES && System.nanoTime() - begin < MOST_NANOS) {
            long start = System.nanoTime();
            if (isFast(loop, arrays, rowStrides, columnStrides)) {
                fast++;
            } else if (++slow > BATCHES_BEFORE_WAITING) {
                Warmer.yieldAfter(System.nanoTime() - start);
            }
        }
        return fast == FAST_BATCHES;
    }

    private boolean isFast(Loop loop, Object[] arrays, int[] rowStrides, int[] columnStrides) {
        int[] offsets = new int[arrays.length];
        int lanes = types.stream().mapToInt(type -> Simd.lanes(type.bytes())).min().orElseThrow();
        long enough = 0;
        long begin = System.nanoTime();
        for (int call = 0; call < CALLS_PER_BATCH; call++) {
            int[] rectangle = rectangles[call % rectangles.length];
            loop.run(arrays, offsets, rowStrides, columnStrides, rectangle[0], rectangle[1]);
            long vectors = (long) rectangle[0] * Math.ceilDiv(rectangle[1], lanes);
            enough += vectors * cost * FAST_NANOS_PER_OPERATION + NANOS_PER_CALL;
        }
        return System.nanoTime() - begin < enough;
    }
}
