package io.adjoint.nn.spatial;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.ConvolutionOptions;
import io.adjoint.autodiff.function.Padding;
import io.adjoint.nn.Initialiser;
import io.adjoint.nn.Initialiser.Fan;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What convolutions and transposed convolutions have in common. */
final class Filters {
    private Filters() {}

    /** Uniform in {@code +-1/sqrt(fan in)} of the weight: what PyTorch's {@code kaiming_uniform(a = sqrt(5))} comes to. */
    static Initialiser withinFan(Fan fan) {
        return Initialiser.uniform(1 / Math.sqrt(fan.in()));
    }

    /** The same for the weight itself. */
    static Initialiser withinFan() {
        return (shape, dtype, rng) -> withinFan(Fan.of(shape)).draw(shape, dtype, rng);
    }

    /** The shape of a weight. */
    static Shape weight(int outer, int inner, List<Integer> kernel) {
        return Shape.of(IntStream.concat(IntStream.of(outer, inner), IntStream.of(ints(kernel))).toArray());
    }

    /** Draws a bias, if there is one. */
    static Optional<Variable> bias(Optional<Function<Fan, Initialiser>> bias, Shape weight, int filters, DType dtype,
            Rng rng) {
        return bias.map(b -> Variable.parameter(b.apply(Fan.of(weight)).draw(Shape.of(filters), dtype, rng)));
    }

    static List<Integer> list(int... numbers) {
        return IntStream.of(numbers).boxed().toList();
    }

    static int[] ints(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    /** A list of one number for all axes, or of one for each, at an axis. */
    static int at(List<Integer> numbers, int axis) {
        return numbers.get(numbers.size() == 1 ? 0 : axis);
    }

    /** Refuses what a layer could not be made from. */
    static void requireSizes(String layer, int in, int out, List<Integer> kernel, ConvolutionOptions options) {
        if (kernel.isEmpty() || kernel.size() > 3 || kernel.stream().anyMatch(extent -> extent < 1)) {
            throw ShapeException.of(layer, "no such kernel").operand("kernel", kernel)
                    .expected("one to three extents of 1 or more");
        }
        if (in < 1 || out < 1 || in % options.groups() != 0 || out % options.groups() != 0) {
            throw ShapeException.of(layer, "channels do not fit the groups").operand("in", in).operand("out", out)
                    .operand("groups", options.groups()).expected("1 or more channels that the groups divide");
        }
        requireAxes(layer, options, kernel.size());
    }

    /** Refuses a weight that is none, and what does not fit it. */
    static void requireVariables(String layer, Shape weight, Optional<Variable> bias, int filters, int grouped,
            ConvolutionOptions options) {
        if (weight.rank() < 3 || weight.rank() > 5 || weight.size() == 0) {
            throw ShapeException.of(layer, "not a weight").operand("weight", weight)
                    .expected("rank 3, 4 or 5, for one, two or three spatial axes, and extents of 1 or more");
        }
        if (grouped % options.groups() != 0) {
            throw ShapeException.of(layer, "the groups do not divide the weight").operand("weight", weight)
                    .operand("groups", options.groups()).expected("a divisor of " + grouped);
        }
        bias.map(b -> b.spec().shape()).filter(b -> !b.equals(Shape.of(filters))).ifPresent(b -> {
            throw ShapeException.of(layer, "the bias does not fit the weight").operand("weight", weight)
                    .operand("bias", b).expected("bias [" + filters + "]");
        });
        requireAxes(layer, options, weight.rank() - 2);
    }

    private static void requireAxes(String layer, ConvolutionOptions options, int axes) {
        requireEach(layer, "stride", options.stride(), axes);
        requireEach(layer, "dilation", options.dilation(), axes);
        requireEach(layer, "output padding", options.outputPadding(), axes);
        if (options.padding() instanceof Padding.Zeros(List<Integer> zeros)) {
            requireEach(layer, "padding", zeros, axes);
        }
    }

    private static void requireEach(String layer, String name, List<Integer> numbers, int axes) {
        if (numbers.size() != 1 && numbers.size() != axes) {
            throw ShapeException.of(layer, "numbers that do not fit the axes").operand(name, numbers)
                    .operand("spatial axes", axes).expected("one number, or one for each axis");
        }
    }

    /** Refuses images of another rank or another number of channels. */
    static void requireImages(String layer, Tensor x, Shape weight, int channels) {
        int axes = weight.rank() - 2;
        boolean fits = x.rank() == axes + 1 || x.rank() == axes + 2;
        if (!fits || x.dim(-axes - 1) != channels) {
            String image = "[" + channels + ", " + switch (axes) {
                case 1 -> "length]";
                case 2 -> "height, width]";
                default -> "depth, height, width]";
            };
            throw ShapeException.of(layer, "the input does not fit the weight").operand("input", x.shape())
                    .operand("weight", weight)
                    .expected("input [batch, " + image.substring(1) + " or " + image);
        }
    }
}
