package io.adjoint.nn.norm;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Normalisation;
import io.adjoint.nn.Layer;
import java.util.Objects;
import java.util.Optional;

/**
 * Group normalisation, {@code y = (x - mean) / sqrt(variance + epsilon) * weight + bias} with mean and variance of each group
 * of neighbouring channels of each example, over all their places (Wu, He 2018). Weight and bias are for each channel.
 *
 * <p>Shapes: x and y {@code [n, channels, ...]}.
 *
 * @param groups how many groups there are; divides the channels
 * @param channels how many channels there are
 * @param weight {@code [channels]}, if there is one
 * @param bias {@code [channels]}, if there is one
 * @param epsilon added to the variance
 */
public record GroupNorm(int groups, int channels, Optional<Variable> weight, Optional<Variable> bias, double epsilon)
        implements Layer {
    private static final String NAME = "group_norm";

    /**
     * A layer of given variables; layers may share them.
     *
     * @throws ShapeException if they do not fit the channels, or the groups do not divide those
     */
    public GroupNorm {
        if (groups < 1 || channels % groups != 0) {
            throw ShapeException.of(NAME, "groups do not divide the channels").operand("groups", groups)
                    .operand("channels", channels).expected("a divisor of " + channels);
        }
        Rules.requireEpsilon(NAME, epsilon);
        new Scale(weight, bias).require(NAME, Shape.of(channels));
    }

    /** A layer with the defaults of {@link Config#of}. */
    public static GroupNorm of(int groups, int channels) {
        return Config.of(groups, channels).create();
    }

    @Override
    public Tensor forward(Tensor x) {
        if (x.rank() < 2 || x.dim(1) != channels) {
            throw ShapeException.of(NAME, "the input does not fit").operand("input", x.shape())
                    .expected("[n, " + channels + ", ...]");
        }
        return Normalisation.group(x, groups, new Scale(weight, bias).values(), epsilon);
    }

    /**
     * What a layer is made from.
     *
     * @param groups how many groups there are
     * @param channels how many channels there are
     * @param epsilon added to the variance
     * @param scaling what is learned
     * @param dtype of the variables
     */
    public record Config(int groups, int channels, double epsilon, Scaling scaling, DType dtype) {
        public Config {
            Objects.requireNonNull(scaling, "scaling");
            Objects.requireNonNull(dtype, "dtype");
        }

        /** The defaults, those of PyTorch: F32, epsilon 1e-5, weight and bias. */
        public static Config of(int groups, int channels) {
            return new Config(groups, channels, 1e-5, Scaling.WEIGHT_AND_BIAS, DType.F32);
        }

        /** The same with another epsilon. */
        public Config withEpsilon(double epsilon) {
            return new Config(groups, channels, epsilon, scaling, dtype);
        }

        /** The same that learns something else to apply. */
        public Config withScaling(Scaling scaling) {
            return new Config(groups, channels, epsilon, scaling, dtype);
        }

        /** The same with variables of another dtype. */
        public Config withDType(DType dtype) {
            return new Config(groups, channels, epsilon, scaling, dtype);
        }

        /** Makes the variables. */
        public GroupNorm create() {
            Scale scale = Scale.of(scaling, Shape.of(channels), dtype);
            return new GroupNorm(groups, channels, scale.weight(), scale.bias(), epsilon);
        }
    }
}
