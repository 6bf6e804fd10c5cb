package io.adjoint.autodiff;

/**
 * The runs of equal neighbours in a list, which tell how many different elements there are, and hence are read on the host.
 * A NaN is a run of its own.
 */
final class Runs {
    /** The run that each element is in. */
    private final long[] run;
    /** How many runs there are. */
    private final int count;

    private Runs(long[] run, int count) {
        this.run = run;
        this.count = count;
    }

    /** The runs of a tensor of rank 1. */
    static Runs of(Tensor list) {
        int size = list.size();
        long[] run = new long[size];
        if (size == 0) {
            return new Runs(run, 0);
        }
        boolean[] changes = list.slice(0, 1, size).ne(list.slice(0, 0, size - 1)).toBooleans();
        for (int i = 1; i < size; i++) {
            run[i] = run[i - 1] + (changes[i - 1] ? 1 : 0);
        }
        return new Runs(run, (int) run[size - 1] + 1);
    }

    /**
     * What is different in the tensor.
     *
     * @param list the elements, equals side by side
     * @param order where in the tensor each of them stands
     * @param shape of the tensor
     */
    Unique unique(Tensor list, long[] order, Shape shape) {
        long[] first = new long[count];
        long[] lengths = new long[count];
        long[] inverse = new long[run.length];
        for (int i = run.length - 1; i >= 0; i--) {
            first[(int) run[i]] = i;
            lengths[(int) run[i]]++;
            inverse[(int) order[i]] = run[i];
        }
        return new Unique(list.gather(0, Tensor.of(first, Shape.of(count))), Tensor.of(inverse, shape),
                Tensor.of(lengths, Shape.of(count)));
    }
}
