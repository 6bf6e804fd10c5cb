package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import java.util.List;
import java.util.TreeSet;

/**
 * The leading axes of a shape cut into pieces of one size, which lie one after the other in row-major memory: the outer axes
 * index by index, the last axis that is cut into ranges.
 *
 * @param shape what is cut
 * @param pieces how many
 */
record Cut(Shape shape, int pieces) {
    /** The numbers of pieces into which the first {@code axes} axes can be cut, ascending, from 2 on. */
    static List<Integer> counts(Shape shape, int axes) {
        TreeSet<Integer> counts = new TreeSet<>();
        int outer = 1;
        for (int axis = 0; axis < axes; axis++) {
            int extent = shape.dim(axis);
            for (int parts = 1; (long) parts * parts <= extent; parts++) {
                if (extent % parts == 0) {
                    counts.add(outer * parts);
                    counts.add(outer * (extent / parts));
                }
            }
            outer *= extent;
        }
        counts.remove(1);
        return List.copyOf(counts);
    }

    /**
     * A piece of an array.
     *
     * @param whole an axis of it has the extent of that of the shape, or 1 where it stretches
     * @param shift the axis of the array that goes with the first one of the shape; those before the array's first do not exist
     */
    Array piece(Array whole, int shift, int number) {
        int[] dims = whole.shape().dims();
        int offset = whole.offset();
        int rest = pieces;
        int within = number;
        for (int axis = 0; rest > 1; axis++) {
            int parts = Math.min(rest, shape.dim(axis));
            rest /= parts;
            int at = axis + shift;
            if (at >= 0 && dims[at] > 1) {
                dims[at] /= parts;
                offset += within / rest * dims[at] * whole.stride(at);
            }
            within %= rest;
        }
        return whole.view(Shape.of(dims), whole.strides(), offset);
    }

    /** Whether each piece of an array lies in the piece of this number of the first {@code length} elements of its memory. */
    boolean isAligned(Array whole, int shift, int length) {
        Array first = piece(whole, shift, 0);
        int least = first.offset();
        int greatest = first.offset();
        for (int axis = 0; axis < first.shape().rank(); axis++) {
            int reach = (first.shape().dim(axis) - 1) * first.stride(axis);
            least += Math.min(0, reach);
            greatest += Math.max(0, reach);
        }
        int rest = pieces;
        for (int axis = 0; rest > 1; axis++) { // a step along each axis that is cut leads as many pieces further
            rest /= Math.min(rest, shape.dim(axis));
            if (shape.dim(axis) > 1
                    && piece(whole, shift, rest).offset() - first.offset() != rest * (length / pieces)) {
                return false;
            }
        }
        return least >= 0 && greatest < length / pieces;
    }
}
