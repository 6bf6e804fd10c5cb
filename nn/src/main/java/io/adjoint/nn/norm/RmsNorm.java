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
import java.util.OptionalDouble;

/**
 * Normalisation by the root mean square, {@code y = x / sqrt(mean(x^2) + epsilon) * weight} over the last axes of each
 * example: layer normalisation that subtracts no mean (Zhang, Sennrich 2019).
 *
 * <p>Shapes: x and y {@code [..., extents]}.
 *
 * @param extents of the axes that are normalised
 * @param weight of the shape of the extents, if there is one
 * @param epsilon added to the mean square; empty for the distance from 1 to the next number of the input's dtype
 */
public record RmsNorm(Shape extents, Optional<Variable> weight, OptionalDouble epsilon) implements Layer {
    private static final String NAME = "rms_norm";

    /**
     * A layer of given variables; layers may share them.
     *
     * @throws ShapeException if they do not fit the extents, or there are none
     */
    public RmsNorm {
        Rules.requireAxes(NAME, extents);
        epsilon.ifPresent(e -> Rules.requireEpsilon(NAME, e));
        new Scale(weight, Optional.empty()).require(NAME, extents);
    }

    /** A layer with the defaults of {@link Config#of}. */
    public static RmsNorm of(int... extents) {
        return Config.of(extents).create();
    }

    @Override
    public Tensor forward(Tensor x) {
        double least = epsilon.orElse(x.dtype() == DType.F64 ? 0x1p-52 : 0x1p-23);
        return Normalisation.rootMeanSquare(x, extents, weight.map(Variable::value), least);
    }

    /**
     * What a layer is made from.
     *
     * @param extents of the axes that are normalised
     * @param epsilon added to the mean square
     * @param scaling what is learned; there is no bias
     * @param dtype of the variables
     */
    public record Config(Shape extents, OptionalDouble epsilon, Scaling scaling, DType dtype) {
        public Config {
            Objects.requireNonNull(extents, "extents");
            Objects.requireNonNull(epsilon, "epsilon");
            Objects.requireNonNull(dtype, "dtype");
            if (scaling == Scaling.WEIGHT_AND_BIAS) {
                throw ShapeException.of(NAME, "there is no bias").operand("scaling", scaling)
                        .expected("WEIGHT or NONE");
            }
        }

        /** The defaults, those of PyTorch: F32, the epsilon of the dtype, and a weight. */
        public static Config of(int... extents) {
            return new Config(Shape.of(extents), OptionalDouble.empty(), Scaling.WEIGHT, DType.F32);
        }

        /** The same with this epsilon. */
        public Config withEpsilon(double epsilon) {
            return new Config(extents, OptionalDouble.of(epsilon), scaling, dtype);
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
        public RmsNorm create() {
            return new RmsNorm(extents, Scale.of(scaling, extents, dtype).weight(), epsilon);
        }
    }
}
