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
 * Layer normalisation, {@code y = (x - mean) / sqrt(variance + epsilon) * weight + bias} with mean and variance over the last
 * axes of each example (Ba, Kiros, Hinton 2016).
 *
 * <p>Shapes: x and y {@code [..., extents]}.
 *
 * @param extents of the axes that are normalised
 * @param weight of the shape of the extents, if there is one
 * @param bias of the shape of the extents, if there is one
 * @param epsilon added to the variance
 */
public record LayerNorm(Shape extents, Optional<Variable> weight, Optional<Variable> bias, double epsilon)
        implements Layer {
    private static final String NAME = "layer_norm";

    /**
     * A layer of given variables; layers may share them.
     *
     * @throws ShapeException if they do not fit the extents, or there are none
     */
    public LayerNorm {
        Rules.requireAxes(NAME, extents);
        Rules.requireEpsilon(NAME, epsilon);
        new Scale(weight, bias).require(NAME, extents);
    }

    /** A layer with the defaults of {@link Config#of}. */
    public static LayerNorm of(int... extents) {
        return Config.of(extents).create();
    }

    @Override
    public Tensor forward(Tensor x) {
        return Normalisation.layer(x, extents, new Scale(weight, bias).values(), epsilon);
    }

    /**
     * What a layer is made from.
     *
     * @param extents of the axes that are normalised
     * @param epsilon added to the variance
     * @param scaling what is learned
     * @param dtype of the variables
     */
    public record Config(Shape extents, double epsilon, Scaling scaling, DType dtype) {
        public Config {
            Objects.requireNonNull(extents, "extents");
            Objects.requireNonNull(scaling, "scaling");
            Objects.requireNonNull(dtype, "dtype");
        }

        /** The defaults, those of PyTorch: F32, epsilon 1e-5, weight and bias. */
        public static Config of(int... extents) {
            return new Config(Shape.of(extents), 1e-5, Scaling.WEIGHT_AND_BIAS, DType.F32);
        }

        /** The same with another epsilon. */
        public Config withEpsilon(double epsilon) {
            return new Config(extents, epsilon, scaling, dtype);
        }

        /** The same that learns something else to apply. */
        public Config withScaling(Scaling scaling) {
            return new Config(extents, epsilon, scaling, dtype);
        }

        /** The same with variables of another dtype. */
        public Config withDType(DType dtype) {
            return new Config(extents, epsilon, scaling, dtype);
        }

        /** Makes the variables. */
        public LayerNorm create() {
            Scale scale = Scale.of(scaling, extents, dtype);
            return new LayerNorm(extents, scale.weight(), scale.bias(), epsilon);
        }
    }
}
