package io.adjoint.autodiff;

import io.adjoint.autodiff.op.OverlapAdd;
import io.adjoint.autodiff.op.Unfold;

/**
 * The methods of a {@link Tensor} that cut an axis into windows, which may overlap, and put windows back.
 */
public sealed interface WindowMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * {@code out[..., i, ..., t] = x[..., i * step + t, ...]}: the windows of {@code size} elements that slide along an axis,
     * a view; the gradient is added up where windows overlap. The axis becomes the number of the window, and a new last
     * axis the place within it. A scalar counts as one window.
     *
     * @throws ShapeException if the size is negative or above the extent, or the step is less than 1
     */
    default Tensor unfold(int axis, int size, int step) {
        return unfold(axis, size, step, 1);
    }

    /**
     * {@code out[..., i, ..., t] = x[..., i * step + t * dilation, ...]}: as {@link #unfold(int, int, int)}, with the elements
     * of a window {@code dilation} apart.
     *
     * @throws ShapeException if the window does not fit the axis, or step or dilation is less than 1
     */
    default Tensor unfold(int axis, int size, int step, int dilation) {
        if (rank() == 0 && (axis == 0 || axis == -1)) {
            return new Unfold(0, size, step, dilation).apply(self().reshape(1)).select(0, 0);
        }
        return new Unfold(shape().axis("unfold", axis), size, step, dilation).apply(self());
    }

    /**
     * {@code out[..., j, ...] = sum of x[..., i, ..., t] with i * step + t * dilation = j}: the windows that {@link #unfold(int, int, int, int)}
     * would cut from an axis of this extent, added up where they were taken; the gradient is cut into the same windows. An
     * element of no window is zero.
     *
     * @param axis counts the windows; the last axis counts the elements within one and vanishes
     * @throws ShapeException if an axis of this extent has another number of windows
     */
    default Tensor overlapAdd(int axis, int extent, int step, int dilation) {
        return new OverlapAdd(shape().axis("overlap_add", axis), extent, step, dilation).apply(self());
    }
}
