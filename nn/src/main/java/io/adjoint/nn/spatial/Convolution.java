package io.adjoint.nn.spatial;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.PadMode;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A convolution over one, two or three spatial axes, as many as the kernel has, {@code y[n, f, o] = bias[f] + sum over c, t of
 * x[n, c, o stride + t dilation - padding] weight[f, c, t]}; names and layout of its variables are those of {@code
 * torch.nn.Conv1d}, {@code Conv2d} and {@code Conv3d}.
 *
 * <p>Shapes: x {@code [batch, in, extents...]} or {@code [in, extents...]}, y {@code [batch, out, extents...]} or {@code [out,
 * extents...]} with extents {@code floor((extent + 2 padding - (kernel - 1) dilation - 1) / stride) + 1}.
 *
 * @param weight {@code [out, in / groups, kernel...]}
 * @param bias {@code [out]}, if there is one
 * @param options stride, padding, dilation and groups; without output padding
 * @param edges what stands where {@code options} put padding; {@code CONSTANT}: zeros
 */
public record Convolution(Variable weight, Optional<Variable> bias, ConvolutionOptions options, PadMode edges)
        implements
        Weighted {
    private static final String NAME = "convolution";

    /**
     * A layer of given variables; layers may share them.
     *
     * @throws ShapeException if the variables do not fit each other or the options, if padding is {@code SAME} at a stride
     *     above 1, or if there is output padding
     */
    public Convolution {
        Objects.requireNonNull(edges, "edges");
        Shape kernel = weight.spec().shape();
        int filters = kernel.rank() == 0 ? 0 : kernel.dim(0);
        Filters.requireVariables(NAME, kernel, bias, filters, filters, options);
        requireOptions(options);
    }

    @Override
    public Tensor forward(Tensor x, Tensor weight) {
        Shape kernel = weight.shape();
        Filters.requireImages(NAME, x, kernel, kernel.dim(1) * options.groups());
        boolean zeros = edges == PadMode.CONSTANT;
        Tensor images = zeros ? x : x.pad(edges, pairs());
        ConvolutionOptions rest = zeros ? options : options.padding(Padding.NONE);
        return bias.map(b -> Convolutions.convolve(images, weight, b.value(), rest))
                .orElseGet(() -> Convolutions.convolve(images, weight, rest));
    }

    /** Numbers before and after each spatial axis, the innermost first. */
    private int[] pairs() {
        Shape kernel = weight.spec().shape();
        List<Integer> pairs = new ArrayList<>();
        for (int axis = kernel.rank() - 3; axis >= 0; axis--) {
            int around = (int) Math.min(Integer.MAX_VALUE,
                    (kernel.dim(axis + 2) - 1L) * Filters.at(options.dilation(), axis));
            switch (options.padding()) {
                case Padding.Zeros(List<Integer> numbers) -> {
                    pairs.add(Filters.at(numbers, axis));
                    pairs.add(Filters.at(numbers, axis));
                }
                case Padding.Automatic.SAME -> {
                    pairs.add(around / 2);
                    pairs.add(around - around / 2);
                }
                case Padding.Automatic.VALID -> pairs.addAll(List.of(0, 0));
            }
        }
        return Filters.ints(pairs);
    }

    private static void requireOptions(ConvolutionOptions options) {
        if (options.outputPadding().stream().anyMatch(longer -> longer != 0)) {
            throw ShapeException.of(NAME, "output padding").operand("output padding", options.outputPadding())
                    .expected("0, except for a transposed convolution");
        }
        if (options.padding() == Padding.Automatic.SAME && options.stride().stream().anyMatch(step -> step != 1)) {
            throw ShapeException.of(NAME, "a stride changes the extents").operand("padding", options.padding())
                    .operand("stride", options.stride()).expected("stride 1, or a number of zeros");
        }
    }

    /**
     * What a layer is made from.
     *
     * @param in channels of the input
     * @param out channels of the output, the number of filters
     * @param kernel extents of the filters, one for each spatial axis
     * @param options stride, padding, dilation and groups
     * @param edges what stands where there is padding; {@code CONSTANT}: zeros
     * @param dtype of the variables
     * @param weight draws the weight
     * @param bias draws the bias, for the fan of the weight; empty for a layer without one
     */
    public record Config(int in, int out, List<Integer> kernel, ConvolutionOptions options, PadMode edges, DType dtype,
            Initialiser weight, Optional<Function<Fan, Initialiser>> bias) {
        /** Refuses numbers that do not fit each other. */
        public Config {
            Objects.requireNonNull(edges, "edges");
            Objects.requireNonNull(dtype, "dtype");
            Objects.requireNonNull(weight, "weight");
            Objects.requireNonNull(bias, "bias");
            kernel = List.copyOf(kernel);
            Filters.requireSizes(NAME, in, out, kernel, options);
            requireOptions(options);
        }

        /**
         * The defaults, those of PyTorch: stride 1, no padding, dilation 1, one group, F32, weight and bias uniform in
         * {@code +-1/sqrt(in / groups * kernel)}.
         *
         * @param kernel an extent for each spatial axis: {@code of(3, 16, 5, 5)} is {@code Conv2d(3, 16, 5)}
         */
        public static Config of(int in, int out, int... kernel) {
            return new Config(in, out, Filters.list(kernel), ConvolutionOptions.DEFAULT, PadMode.CONSTANT, DType.F32,
                    Filters.withinFan(), Optional.of(Filters::withinFan));
        }

        /** The same with other options. */
        public Config withOptions(ConvolutionOptions options) {
            return new Config(in, out, kernel, options, edges, dtype, weight, bias);
        }

        /** The same with another stride. */
        public Config withStride(int... stride) {
            return withOptions(options.stride(stride));
        }

        /** The same with so much padding on both sides of each axis. */
        public Config withPadding(int... padding) {
            return withOptions(options.padding(padding));
        }

        /** The same with another padding; {@code SAME} keeps the extents. */
        public Config withPadding(Padding padding) {
            return withOptions(options.padding(padding));
        }

        /** The same with something else than zeros where there is padding. */
        public Config withEdges(PadMode edges) {
            return new Config(in, out, kernel, options, edges, dtype, weight, bias);
        }

        /** The same with another dilation. */
        public Config withDilation(int... dilation) {
            return withOptions(options.dilation(dilation));
        }

        /** The same with the channels divided into so many groups; as many as there are channels: depthwise. */
        public Config withGroups(int groups) {
            return withOptions(options.groups(groups));
        }

        /** The same with variables of another dtype. */
        public Config withDType(DType dtype) {
            return new Config(in, out, kernel, options, edges, dtype, weight, bias);
        }

        /** The same with another initialiser of the weight. */
        public Config withWeight(Initialiser weight) {
            return new Config(in, out, kernel, options, edges, dtype, weight, bias);
        }

        /** The same with another initialiser of the bias. */
        public Config withBias(Initialiser bias) {
            Objects.requireNonNull(bias, "bias");
            return new Config(in, out, kernel, options, edges, dtype, weight, Optional.of(fan -> bias));
        }

        /** The same without a bias. */
        public Config withoutBias() {
            return new Config(in, out, kernel, options, edges, dtype, weight, Optional.empty());
        }

        /** Draws the variables. */
        public Convolution create(Rng rng) {
            Shape shape = Filters.weight(out, in / options.groups(), kernel);
            return new Convolution(Variable.parameter(weight.draw(shape, dtype, rng.stream(0))),
                    Filters.bias(bias, shape, out, dtype, rng.stream(1)), options, edges);
        }
    }
}
