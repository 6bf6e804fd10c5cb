package io.adjoint.nn.norm;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Normalisation;
import io.adjoint.autodiff.function.Normalisation.Normalised;
import io.adjoint.nn.Layer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Instance normalisation, {@code y = (x - mean) / sqrt(variance + epsilon) * weight + bias} with mean and variance of each
 * channel of each example over its places (Ulyanov, Vedaldi, Lempitsky 2016). If statistics are gathered, the means over the
 * examples move the running ones inside a {@link Training} scope, and outside it those are used. PyTorch's {@code
 * InstanceNorm1d}, {@code 2d} and {@code 3d}; as there, the count of batches stays 0.
 *
 * <p>Shapes: x and y {@code [n, channels, places...]}, or {@code [channels, places...]} for one example, with as many axes of places
 * as said; two places or more, unless the running statistics are used.
 *
 * @param places how many axes of places there are, 1 to 3
 * @param channels how many channels there are
 * @param weight {@code [channels]}, if there is one
 * @param bias {@code [channels]}, if there is one
 * @param running the statistics for use after training, if they are gathered
 * @param momentum the share of each batch in the running statistics
 * @param epsilon added to the variance
 */
public record InstanceNorm(int places, int channels, Optional<Variable> weight, Optional<Variable> bias,
        Optional<RunningStatistics> running, double momentum, double epsilon) implements Layer {
    private static final String NAME = "instance_norm";

    /**
     * A layer of given variables; layers may share them.
     *
     * @throws ShapeException if they do not fit the channels, or a number is out of range
     */
    public InstanceNorm {
        Rules.requirePlaces(NAME, places);
        Rules.requireEpsilon(NAME, epsilon);
        Rules.requireMomentum(NAME, momentum);
        new Scale(weight, bias).require(NAME, Shape.of(channels));
        running.ifPresent(r -> Scale.requireShape(NAME, "running_mean", r.mean(), Shape.of(channels)));
    }

    /** For signals {@code [n, channels, length]}, with the defaults of {@link Config#of}. */
    public static InstanceNorm of1d(int channels) {
        return Config.of(1, channels).create();
    }

    /** For images {@code [n, channels, height, width]}, with the defaults of {@link Config#of}. */
    public static InstanceNorm of2d(int channels) {
        return Config.of(2, channels).create();
    }

    /** For volumes {@code [n, channels, depth, height, width]}, with the defaults of {@link Config#of}. */
    public static InstanceNorm of3d(int channels) {
        return Config.of(3, channels).create();
    }

    @Override
    public SequencedMap<String, Object> parts() {
        SequencedMap<String, Object> parts = new LinkedHashMap<>();
        parts.put("weight", weight);
        parts.put("bias", bias);
        running.ifPresent(r -> r.addTo(parts));
        return Collections.unmodifiableSequencedMap(parts);
    }

    @Override
    public Tensor forward(Tensor x) {
        boolean isOne = x.rank() == places + 1;
        if (!isOne && x.rank() != places + 2 || x.dim(isOne ? 0 : 1) != channels) {
            String axes = Rules.input(channels, places);
            throw ShapeException.of(NAME, "the input does not fit").operand("input", x.shape())
                    .expected("[n, " + axes + " or [" + axes);
        }
        return isOne ? normalised(x.unsqueeze(0)).squeeze(0) : normalised(x);
    }

    private Tensor normalised(Tensor x) {
        Scale scale = new Scale(weight, bias);
        if (running.isPresent() && !Training.isActive()) {
            RunningStatistics known = running.get();
            return Normalisation.batch(x, known.mean().value(), known.variance().value(), scale.values(), epsilon);
        }
        Normalised instance = Normalisation.instance(x, scale.values(), epsilon);
        running.filter(_ -> x.size() > 0).ifPresent(statistics -> statistics.move(instance, momentum));
        return instance.output();
    }

    /**
     * What a layer is made from.
     *
     * @param places how many axes of places there are
     * @param channels how many channels there are
     * @param epsilon added to the variance
     * @param momentum the share of each batch in the running statistics
     * @param scaling what is learned
     * @param tracking whether statistics are gathered
     * @param dtype of the variables
     */
    public record Config(int places, int channels, double epsilon, double momentum, Scaling scaling,
            Tracking tracking, DType dtype) {
        public Config {
            Objects.requireNonNull(momentum, "momentum");
            Objects.requireNonNull(scaling, "scaling");
            Objects.requireNonNull(tracking, "tracking");
            Objects.requireNonNull(dtype, "dtype");
        }

        /** The defaults, those of PyTorch: F32, epsilon 1e-5, momentum 0.1, nothing learned and nothing gathered. */
        public static Config of(int places, int channels) {
            return new Config(places, channels, 1e-5, 0.1, Scaling.NONE, Tracking.NONE, DType.F32);
        }

        /** The same with another epsilon. */
        public Config withEpsilon(double epsilon) {
            return new Config(places, channels, epsilon, momentum, scaling, tracking, dtype);
        }

        /** The same with statistics that move by this share of each batch. */
        public Config withMomentum(double momentum) {
            return new Config(places, channels, epsilon, momentum, scaling, tracking, dtype);
        }

        /** The same that learns something else to apply. */
        public Config withScaling(Scaling scaling) {
            return new Config(places, channels, epsilon, momentum, scaling, tracking, dtype);
        }

        /** The same with statistics for use after training, or without. */
        public Config withTracking(Tracking tracking) {
            return new Config(places, channels, epsilon, momentum, scaling, tracking, dtype);
        }

        /** The same with variables of another dtype. */
        public Config withDType(DType dtype) {
            return new Config(places, channels, epsilon, momentum, scaling, tracking, dtype);
        }

        /** Makes the variables. */
        public InstanceNorm create() {
            Scale scale = Scale.of(scaling, Shape.of(channels), dtype);
            return new InstanceNorm(places, channels, scale.weight(), scale.bias(),
                    tracking.statistics(channels, dtype),
                    momentum, epsilon);
        }
    }
}
