package io.adjoint.autodiff.function;

import io.adjoint.autodiff.ShapeException;
import java.util.List;

/**
 * How the windows of a convolution move: {@code ConvolutionOptions.DEFAULT.stride(2).padding(1)}. Each list holds one number
 * for all spatial axes, or one for each.
 *
 * @param stride from one window to the next, 1 or more
 * @param padding zeros around the image
 * @param dilation from one element of a window to the next, 1 or more
 * @param groups into how many equal parts the channels are divided, each with filters of its own, 1 or more
 * @param outputPadding of a transposed convolution: by how much the result is longer than the least that fits, 0 or more
 */
public record ConvolutionOptions(List<Integer> stride, Padding padding, List<Integer> dilation, int groups,
        List<Integer> outputPadding) {
    /** Stride 1, no padding, dilation 1, one group. */
    public static final ConvolutionOptions DEFAULT =
            new ConvolutionOptions(List.of(1), Padding.NONE, List.of(1), 1, List.of(0));

    /** Refuses numbers below their least. */
    public ConvolutionOptions {
        stride = atLeast("stride", stride, 1);
        dilation = atLeast("dilation", dilation, 1);
        outputPadding = atLeast("output padding", outputPadding, 0);
        atLeast("groups", List.of(groups), 1);
    }

    private static List<Integer> atLeast(String name, List<Integer> numbers, int least) {
        if (numbers.isEmpty() || numbers.stream().anyMatch(n -> n < least)) {
            throw ShapeException.of("convolution options", "a number too small").operand(name, numbers)
                    .expected(least + " or more, for all axes or for each");
        }
        return List.copyOf(numbers);
    }

    /** These options with another stride. */
    public ConvolutionOptions stride(int... other) {
        return new ConvolutionOptions(Spatial.list(other), padding, dilation, groups, outputPadding);
    }

    /** These options with so many zeros on both sides of each axis. */
    public ConvolutionOptions padding(int... zeros) {
        return padding(Padding.of(zeros));
    }

    /** These options with another padding. */
    public ConvolutionOptions padding(Padding other) {
        return new ConvolutionOptions(stride, other, dilation, groups, outputPadding);
    }

    /** These options with another dilation. */
    public ConvolutionOptions dilation(int... other) {
        return new ConvolutionOptions(stride, padding, Spatial.list(other), groups, outputPadding);
    }

    /** These options with another number of groups. */
    public ConvolutionOptions groups(int other) {
        return new ConvolutionOptions(stride, padding, dilation, other, outputPadding);
    }

    /** These options with another output padding. */
    public ConvolutionOptions outputPadding(int... other) {
        return new ConvolutionOptions(stride, padding, dilation, groups, Spatial.list(other));
    }
}
