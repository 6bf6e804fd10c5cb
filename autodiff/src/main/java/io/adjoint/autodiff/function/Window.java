package io.adjoint.autodiff.function;

import io.adjoint.autodiff.ShapeException;
import java.util.List;

/**
 * A window that slides over the spatial axes of an image: {@code Window.of(3, 3).stride(2).padding(1)}. It has as many axes
 * as its size has numbers; the other lists hold one number for all axes, or one for each.
 *
 * @param size elements of the window along each axis, 1 or more
 * @param stride from one window to the next, 1 or more; empty: pooling moves by the size, so that windows do not overlap,
 *     and {@link Patches} move by 1
 * @param padding how far windows begin before the image and reach behind it, 0 or more
 * @param dilation from one element of a window to the next, 1 or more
 * @param rounding what becomes of elements at the end that fill no whole window
 */
public record Window(List<Integer> size, List<Integer> stride, List<Integer> padding, List<Integer> dilation,
        Rounding rounding) {
    /** Refuses numbers below their least, and numbers that do not fit the axes. */
    public Window {
        if (size.isEmpty()) {
            throw ShapeException.of("window", "no axes").operand("size", size).expected("a number for each axis");
        }
        int axes = size.size();
        size = Spatial.each("window", "size", size, axes, 1);
        stride = stride.isEmpty() ? List.of() : Spatial.each("window", "stride", stride, axes, 1);
        padding = Spatial.each("window", "padding", padding, axes, 0);
        dilation = Spatial.each("window", "dilation", dilation, axes, 1);
    }

    /** A window of this size along each axis: {@code of(3)} over one axis, {@code of(3, 3)} over two. */
    public static Window of(int... size) {
        return new Window(Spatial.list(size), List.of(), List.of(0), List.of(1), Rounding.FLOOR);
    }

    /** A window of this size along both of two axes. */
    public static Window square(int size) {
        return of(size, size);
    }

    /** A window of this size along each of three axes. */
    public static Window cube(int size) {
        return of(size, size, size);
    }

    /** This window with another stride. */
    public Window stride(int... other) {
        return new Window(size, Spatial.list(other), padding, dilation, rounding);
    }

    /** This window with another padding. */
    public Window padding(int... other) {
        return new Window(size, stride, Spatial.list(other), dilation, rounding);
    }

    /** This window with another dilation. */
    public Window dilation(int... other) {
        return new Window(size, stride, padding, Spatial.list(other), rounding);
    }

    /** This window with another rounding. */
    public Window rounding(Rounding other) {
        return new Window(size, stride, padding, dilation, other);
    }

    /** Number of spatial axes. */
    public int axes() {
        return size.size();
    }

    /** From the first to the last element of the window. */
    long span(int axis) {
        return (size.get(axis) - 1L) * dilation.get(axis) + 1;
    }

    /** The stride, or another where there is none. */
    List<Integer> strideOr(List<Integer> other) {
        return stride.isEmpty() ? other : stride;
    }
}
