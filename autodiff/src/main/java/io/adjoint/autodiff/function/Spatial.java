package io.adjoint.autodiff.function;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** What functions of images share: the innermost axes are spatial, before them stand channels and perhaps a batch. */
final class Spatial {
    private Spatial() {}

    /** One number for each axis: as many as there are axes, or one that holds for all. */
    static List<Integer> each(String operation, String name, List<Integer> given, int axes, int least) {
        if (given.size() != 1 && given.size() != axes || given.stream().anyMatch(number -> number < least)) {
            throw ShapeException.of(operation, "numbers that do not fit the axes").operand(name, given)
                    .operand("spatial axes", axes)
                    .expected("one number of " + least + " or more, or one for each axis");
        }
        return given.size() == axes ? List.copyOf(given) : Collections.nCopies(axes, given.getFirst());
    }

    static List<Integer> list(int... numbers) {
        return IntStream.of(numbers).boxed().toList();
    }

    static int[] ints(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Refuses a tensor that is neither {@code [batch, channels, extents...]} nor {@code [channels, extents...]}. */
    static void requireImages(String operation, Tensor x, int axes) {
        if (axes < 1 || x.rank() != axes + 1 && x.rank() != axes + 2) {
            throw ShapeException.of(operation, "rank does not fit").operand("input", x.shape())
                    .operand("spatial axes", axes)
                    .expected("[channels, extents...] or [batch, channels, extents...]");
        }
    }

    /** The extent of a spatial axis. */
    static int extent(Tensor x, int axis, int axes) {
        return x.dim(x.rank() - axes + axis);
    }

    /** How many windows of this span there are, from {@code before} the image to {@code after} it; refused if none. */
    static int windows(String operation, Tensor x, int extent, long span, int stride, long before, long after) {
        long room = extent + before + after - span;
        long count = Math.floorDiv(room, (long) stride) + 1;
        if (room < 0 || count > Integer.MAX_VALUE) {
            throw ShapeException.of(operation, "windows do not fit the input").operand("input", x.shape())
                    .operand("extent with padding", extent + before + after).operand("window", span)
                    .expected("a window of at most the extent, and at most " + Integer.MAX_VALUE + " windows");
        }
        return (int) count;
    }
}
