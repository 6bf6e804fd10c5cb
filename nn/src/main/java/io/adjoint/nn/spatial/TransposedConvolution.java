package io.adjoint.nn.spatial;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.ConvolutionOptions;
import io.adjoint.autodiff.function.Convolutions;
import io.adjoint.autodiff.function.Padding;
import io.adjoint.nn.Initialiser;
import io.adjoint.nn.Initialiser.Fan;
import io.adjoint.nn.Weighted;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A transposed convolution over one, two or three spatial axes, as many as the kernel has, {@code y[n, f, i stride + t dilation
 * - padding] += x[n, c, i] weight[c, f, t]}, plus {@code bias[f]}: the map that the gradient of a {@link Convolution} goes
 * back by. Names and layout of its variables are those of {@code torch.nn.ConvTranspose1d}, {@code ConvTranspose2d} and
 * {@code ConvTranspose3d}.
 *
 * <p>Shapes: x {@code [batch, in, extents...]} or {@code [in, extents...]}, y {@code [batch, out, extents...]} or {@code [out,
 * extents...]} with extents {@code (extent - 1) stride - 2 padding + (kernel - 1) dilation + outputPadding + 1}.
 *
 * @param weight {@code [in, out / groups, kernel...]}
 * @param bias {@code [out]}, if there is one
 * @param options stride, padding (what is cut off on both sides), dilation, groups and output padding
 */
public record TransposedConvolution(Variable weight, Optional<Variable> bias, ConvolutionOptions options)
        implements
        Weighted {
    private static final String NAME = "transposed convolution";

    /**
     * A layer of given variables; layers may share them.
     *
     * @throws ShapeException if the variables do not fit each other or the options, or padding is not a number
     */
    public TransposedConvolution {
        Shape kernel = weight.spec().shape();
        int filters = kernel.rank() < 2 ? 0 : kernel.dim(1) * options.groups();
        int channels = kernel.rank() < 2 ? 0 : kernel.dim(0);
        Filters.requireVariables(NAME, kernel, bias, filters, channels, options);
        requireNumbers(options);
    }

    @Override
    public int outputAxis() {
        return 1;
    }

    @Override
    public Tensor forward(Tensor x, Tensor weight) {
        return forward(x, weight, options);
    }

    /**
     * As {@link #forward(Tensor)}, with the output padding that gives these extents; it is PyTorch's {@code output_size}.
     *
     * @param extents of the output, one for each spatial axis: from the least that fits to {@code stride - 1} more
     * @throws ShapeException if there is no such output
     */
    public Tensor forwardTo(Tensor x, int... extents) {
        requireInput(x);
        Shape kernel = weight.spec().shape();
        int axes = kernel.rank() - 2;
        if (extents.length != axes) {
            throw ShapeException.of(NAME, "not an extent for each axis").operand("extents", Arrays.toString(extents))
                    .operand("weight", kernel).expected(axes + " extents");
        }
        int[] longer = new int[axes];
        for (int axis = 0; axis < axes; axis++) {
            int stride = Filters.at(options.stride(), axis);
            long least = (x.dim(axis - axes) - 1L) * stride - 2L * Filters.at(zeros(options), axis)
                    + (kernel.dim(axis + 2) - 1L) * Filters.at(options.dilation(), axis) + 1;
            if (extents[axis] < least || extents[axis] >= least + stride) {
                throw ShapeException.of(NAME, "no output of these extents")
                        .operand("extents", Arrays.toString(extents)).operand("input", x.shape())
                        .operand("stride", options.stride())
                        .expected(least + " to " + (least + stride - 1) + " along spatial axis " + axis);
            }
            longer[axis] = (int) (extents[axis] - least);
        }
        return forward(x, weight.value(), options.outputPadding(longer));
    }

    private Tensor forward(Tensor x, Tensor weight, ConvolutionOptions exact) {
        requireInput(x);
        return bias.map(b -> Convolutions.transposed(x, weight, b.value(), exact))
                .orElseGet(() -> Convolutions.transposed(x, weight, exact));
    }

    private void requireInput(Tensor x) {
        Filters.requireImages(NAME, x, weight.spec().shape(), weight.spec().shape().dim(0));
    }

    private static List<Integer> zeros(ConvolutionOptions options) {
        return switch (options.padding()) {
            case Padding.Zeros(List<Integer> zeros) -> zeros;
            case Padding.Automatic automatic -> throw ShapeException.of(NAME, "padding that follows from the windows")
                    .operand("padding", automatic).expected("a number of zeros");
        };
    }

    private static void requireNumbers(ConvolutionOptions options) {
        zeros(options);
    }

    /**
     * What a layer is made from.
     *
     * @param in channels of the input
     * @param out channels of the output
     * @param kernel extents of the filters, one for each spatial axis
     * @param options stride, padding, dilation, groups and output padding
     * @param dtype of the variables
     * @param weight draws the weight
     * @param bias draws the bias, for the fan of the weight; empty for a layer without one
     */
    public record Config(int in, int out, List<Integer> kernel, ConvolutionOptions options, DType dtype,
            Initialiser weight, Optional<Function<Fan, Initialiser>> bias) {
        /** Refuses numbers that do not fit each other. */
        public Config {
            Objects.requireNonNull(dtype, "dtype");
            Objects.requireNonNull(weight, "weight");
            Objects.requireNonNull(bias, "bias");
            kernel = List.copyOf(kernel);
            Filters.requireSizes(NAME, in, out, kernel, options);
            requireNumbers(options);
        }

        /**
         * The defaults, those of PyTorch: stride 1, no padding, dilation 1, one group, F32, weight and bias uniform in
         * {@code +-1/sqrt(out / groups * kernel)}.
         *
         * @param kernel an extent for each spatial axis: {@code of(16, 3, 5, 5)} is {@code ConvTranspose2d(16, 3, 5)}
         */
        public static Config of(int in, int out, int... kernel) {
            return new Config(in, out, Filters.list(kernel), ConvolutionOptions.DEFAULT, DType.F32,
                    Filters.withinFan(), Optional.of(Filters::withinFan));
        }

        /** The same with other options. */
        public Config withOptions(ConvolutionOptions options) {
            return new Config(in, out, kernel, options, dtype, weight, bias);
        }

        /** The same with another stride. */
        public Config withStride(int... stride) {
            return withOptions(options.stride(stride));
        }

        /** The same with so much cut off on both sides of each axis. */
        public Config withPadding(int... padding) {
            return withOptions(options.padding(padding));
        }

        /** The same with outputs that are so much longer than the least that fits. */
        public Config withOutputPadding(int... outputPadding) {
            return withOptions(options.outputPadding(outputPadding));
        }

        /** The same with another dilation. */
        public Config withDilation(int... dilation) {
            return withOptions(options.dilation(dilation));
        }

        /** The same with the channels divided into so many groups. */
        public Config withGroups(int groups) {
            return withOptions(options.groups(groups));
        }

        /** The same with variables of another dtype. */
        public Config withDType(DType dtype) {
            return new Config(in, out, kernel, options, dtype, weight, bias);
        }

        /** The same with another initialiser of the weight. */
        public Config withWeight(Initialiser weight) {
            return new Config(in, out, kernel, options, dtype, weight, bias);
        }

        /** The same with another initialiser of the bias. */
        public Config withBias(Initialiser bias) {
            Objects.requireNonNull(bias, "bias");
            return new Config(in, out, kernel, options, dtype, weight, Optional.of(fan -> bias));
        }

        /** The same without a bias. */
        public Config withoutBias() {
            return new Config(in, out, kernel, options, dtype, weight, Optional.empty());
        }

        /** Draws the variables. */
        public TransposedConvolution create(Rng rng) {
            Shape shape = Filters.weight(in, out / options.groups(), kernel);
            return new TransposedConvolution(Variable.parameter(weight.draw(shape, dtype, rng.stream(0))),
                    Filters.bias(bias, shape, out, dtype, rng.stream(1)), options);
        }
    }
}
