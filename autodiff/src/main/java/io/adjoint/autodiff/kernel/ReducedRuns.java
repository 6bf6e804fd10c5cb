package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;

/**
 * Joins the elements of a nest over one input to one element of the output. The partial results go round like a ring, so the
 * runs may begin and end anywhere in it.
 */
final class ReducedRuns {
    private static final int[] ZEROS = {0, 0, 0};

    private final Nest runs;
    private final int step;
    private final Loop clear;
    private final Loop next;
    private final Loop last;
    private final Object[] cleared;
    private final Object[] joined;
    private final Object[] finished;
    private final int[] steps;
    private final int[] rounds;
    private final int[] starts = new int[3];
    private final int[] places = new int[2];

    /**
     * @param clear stores the identity
     * @param next joins a partial result and an element
     * @param last joins the partial results
     */
    ReducedRuns(Nest runs, Array out, Loop clear, Loop next, Loop last) {
        this.runs = runs;
        this.step = runs.columnStride(0);
        this.clear = clear;
        this.next = next;
        this.last = last;
        Object partials = Array.uninitialized(out.dtype(), Shape.of(ReduceKernel.PARTIALS)).data();
        this.cleared = new Object[] {partials};
        this.joined = new Object[] {partials, runs.array(0), partials};
        this.finished = new Object[] {partials, out.data()};
        this.steps = new int[] {1, step, 1};
        this.rounds = new int[] {0, ReduceKernel.PARTIALS * step, 0};
    }

    /** Joins the elements {@code shift} further on than the nest to the element at a place of the output. */
    void run(int shift, int place) {
        clear.run(cleared, ZEROS, ZEROS, steps, 1, ReduceKernel.PARTIALS);
        int phase = 0;
        for (int row = 0; row < runs.rows(); row++) {
            int start = runs.position(0, row, 0) + shift;
            int left = runs.columns();
            while (left > 0) {
                boolean wholeRounds = phase == 0 && left >= ReduceKernel.PARTIALS;
                int rows = wholeRounds ? left / ReduceKernel.PARTIALS : 1;
                int columns = wholeRounds ? ReduceKernel.PARTIALS : Math.min(left, ReduceKernel.PARTIALS - phase);
                starts[0] = phase;
                starts[1] = start;
                starts[2] = phase;
                next.run(joined, starts, rounds, steps, rows, columns);
                start += rows * columns * step;
                left -= rows * columns;
                phase = (phase + columns) % ReduceKernel.PARTIALS;
            }
        }
        places[1] = place;
        last.run(finished, places, ZEROS, steps, 1, ReduceKernel.PARTIALS);
    }
}
