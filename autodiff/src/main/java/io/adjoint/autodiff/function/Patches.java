package io.adjoint.autodiff.function;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** The patches of images that a sliding window sees, as columns of a matrix, and back. */
public final class Patches {
    private Patches() {}

    /**
     * {@code out[n, (c, t...), (o...)] = images[n, c, o * stride + t * dilation - padding...]}: each patch that the window sees
     * as a column, as {@code torch.nn.functional.unfold}; zero outside the images. The derivative is {@link #fold} of the
     * gradient.
     *
     * @param images {@code [batch, channels, extents...]} or {@code [channels, extents...]}
     * @param window its stride is 1 unless given; its rounding must be {@code FLOOR}
     * @return {@code [batch, channels * size, patches]} or {@code [channels * size, patches]}
     * @throws ShapeException if the rank does not fit, or no window fits the padded images
     */
    public static Tensor unfold(Tensor images, Window window) {
        String name = "unfold";
        int axes = window.axes();
        Spatial.requireImages(name, images, axes);
        List<Integer> stride = stride(name, window);
        int first = images.rank() - axes;
        int patches = 1;
        Tensor x = images;
        for (int axis = 0; axis < axes; axis++) {
            int zeros = window.padding().get(axis);
            patches = times(name, patches, Spatial.windows(name, images, images.dim(first + axis), window.span(axis),
                    stride.get(axis), zeros, zeros));
            x = x.pad(first + axis, zeros, zeros, 0).unfold(first + axis, window.size().get(axis), stride.get(axis),
                    window.dilation().get(axis));
        }
        int[] lead = Arrays.copyOf(images.shape().dims(), first);
        int rows = elements(name, lead[first - 1], window);
        int[] order = IntStream.concat(IntStream.range(0, first), // lead, taps, windows
                IntStream.concat(IntStream.range(first + axes, first + 2 * axes), IntStream.range(first, first + axes)))
                .toArray();
        int[] dims = Arrays.copyOf(lead, first + 1);
        dims[first - 1] = rows;
        dims[first] = patches;
        return x.permute(order).reshape(dims);
    }

    /**
     * {@code out[n, c, o * stride + t * dilation - padding...] += patches[n, (c, t...), (o...)]}: patches put back where the
     * window saw them and added where they overlap, as {@code torch.nn.functional.fold}. The derivative is {@link #unfold} of
     * the gradient.
     *
     * @param patches {@code [batch, channels * size, patches]} or {@code [channels * size, patches]}
     * @param window its stride is 1 unless given; its rounding must be {@code FLOOR}
     * @param extents of the images, one for each axis
     * @return {@code [batch, channels, extents...]} or {@code [channels, extents...]}
     * @throws ShapeException if images of these extents would have other patches
     */
    public static Tensor fold(Tensor patches, Window window, int... extents) {
        String name = "fold";
        int axes = window.axes();
        int rank = patches.rank();
        List<Integer> stride = stride(name, window);
        List<Integer> given = Spatial.list(extents);
        boolean fits = (rank == 2 || rank == 3) && given.size() == axes && given.stream().allMatch(e -> e >= 0);
        int size = fits ? elements(name, 1, window) : 1;
        if (!fits || patches.dim(-2) % size != 0) {
            throw ShapeException.of(name, "patches do not fit the window").operand("patches", patches.shape())
                    .operand("size", window.size()).operand("extents", given)
                    .expected(
                            "[channels * size, patches] or [batch, channels * size, patches], and an extent for each axis");
        }
        int lead = rank - 1;
        int[] dims = Arrays.copyOf(patches.shape().dims(), lead + 2 * axes); // channels, then taps, then windows
        dims[lead - 1] = patches.dim(-2) / size;
        int all = 1;
        for (int axis = 0; axis < axes; axis++) {
            int zeros = window.padding().get(axis);
            dims[lead + axis] = window.size().get(axis);
            dims[lead + axes + axis] = Spatial.windows(name, patches, given.get(axis), window.span(axis),
                    stride.get(axis), zeros, zeros);
            all = times(name, all, dims[lead + axes + axis]);
        }
        if (all != patches.dim(-1)) {
            throw ShapeException.of(name, "another number of patches").operand("patches", patches.shape())
                    .operand("extents", given).operand("size", window.size()).expected("[..., " + all + "]");
        }
        int[] order = IntStream.concat(IntStream.range(0, lead), // windows, then taps
                IntStream.concat(IntStream.range(lead + axes, lead + 2 * axes), IntStream.range(lead, lead + axes)))
                .toArray();
        Tensor x = patches.reshape(dims).permute(order);
        for (int axis = axes - 1; axis >= 0; axis--) {
            int zeros = window.padding().get(axis);
            int padded = times(name, 1, given.get(axis) + 2L * zeros);
            x = x.overlapAdd(lead + axis, padded, stride.get(axis), window.dilation().get(axis))
                    .slice(lead + axis, zeros, zeros + given.get(axis));
        }
        return x;
    }

    private static List<Integer> stride(String name, Window window) {
        if (window.rounding() != Rounding.FLOOR) {
            throw ShapeException.of(name, "rounding up").operand("rounding", window.rounding())
                    .expected(Rounding.FLOOR.toString());
        }
        return window.strideOr(Collections.nCopies(window.axes(), 1));
    }

    /** The number of channels times that of the elements of a window. */
    private static int elements(String name, int channels, Window window) {
        int product = channels;
        for (int size : window.size()) {
            product = times(name, product, size);
        }
        return product;
    }

    private static int times(String name, long a, long b) {
        long product = a * b;
        if (product > Integer.MAX_VALUE) {
            throw ShapeException.of(name, "too many elements").operand("elements", product)
                    .expected("at most " + Integer.MAX_VALUE);
        }
        return (int) product;
    }
}
