package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;

/**
 * The elements of two arrays of one shape side by side, in row-major order: as lines, each as long as both layouts allow. Walked
 * again and again, by one thread at a time; the walk itself allocates nothing.
 */
final class Lines {
    /** The levels around a line, the innermost one first. */
    private final int[] dims;
    private final int[] firstSteps;
    private final int[] secondSteps;
    private final int[] at;
    private int levels;
    private int length = 1;
    private int firstStride = 1;
    private int secondStride = 1;
    private int first;
    private int second;

    Lines(Array first, Array second) {
        int rank = first.shape().rank();
        dims = new int[rank];
        firstSteps = new int[rank];
        secondSteps = new int[rank];
        at = new int[rank];
        for (int axis = rank - 1; axis >= 0; axis--) {
            surround(first.shape().dim(axis), first.stride(axis), second.stride(axis));
        }
    }

    private void surround(int dim, int firstStep, int secondStep) {
        if (dim == 1) {
            return;
        }
        if (length == 1) {
            length = dim;
            firstStride = firstStep;
            secondStride = secondStep;
        } else if (levels == 0 && firstStep == firstStride * length && secondStep == secondStride * length) {
            length *= dim;
        } else if (levels > 0 && firstStep == firstSteps[levels - 1] * dims[levels - 1]
                && secondStep == secondSteps[levels - 1] * dims[levels - 1]) {
            dims[levels - 1] *= dim;
        } else {
            dims[levels] = dim;
            firstSteps[levels] = firstStep;
            secondSteps[levels++] = secondStep;
        }
    }

    /** How many lines there are. */
    int count() {
        int count = length == 0 ? 0 : 1;
        for (int level = 0; level < levels; level++) {
            count *= dims[level];
        }
        return count;
    }

    /** Elements of a line. */
    int length() {
        return length;
    }

    int firstStride() {
        return firstStride;
    }

    int secondStride() {
        return secondStride;
    }

    /** Where the line begins in the first array, from its first element on. */
    int first() {
        return first;
    }

    /** Where the line begins in the second array, from its first element on. */
    int second() {
        return second;
    }

    /** Goes on to the next line, after the last back to the first. */
    void next() {
        for (int level = 0; level < levels; level++) {
            first += firstSteps[level];
            second += secondSteps[level];
            if (++at[level] < dims[level]) {
                return;
            }
            first -= at[level] * firstSteps[level];
            second -= at[level] * secondSteps[level];
            at[level] = 0;
        }
    }
}
