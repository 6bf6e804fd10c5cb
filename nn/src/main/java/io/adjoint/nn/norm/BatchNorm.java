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
import java.util.OptionalDouble;
import java.util.SequencedMap;

/**
 * Batch normalisation, {@code y = (x - mean) / sqrt(variance + epsilon) * weight + bias} for each channel (Ioffe, Szegedy
 * 2015). Inside a {@link Training} scope mean and variance are those of the batch, over all examples and places, and the
 * running ones move towards them; outside they are the running ones, which then do not change. Without running ones they are
 * those of the batch always. PyTorch's {@code BatchNorm1d}, {@code 2d} and {@code 3d}.
 *
 * <p>Shapes: x and y {@code [n, channels, places...]} with as many axes of places as said, for one also {@code [n, channels]}. In
 * use of the batch each channel needs two elements or more.
 *
 * @param places how many axes of places there are, 1 to 3
 * @param channels how many channels there are
 * @param weight {@code [channels]}, if there is one
 * @param bias {@code [channels]}, if there is one
 * @param running the statistics for use after training, if they are gathered
 * @param momentum the share of each batch in the running statistics; empty for the mean of all batches
 * @param epsilon added to the variance
 */
public record BatchNorm(int places, int channels, Optional<Variable> weight, Optional<Variable> bias,
        Optional<RunningStatistics> running, OptionalDouble momentum, double epsilon) implements Layer {
    private static final String NAME = "batch_norm";

    /**
     * A layer of given variables; layers may share them.
     *
     * @throws ShapeException if they do not fit the channels, or a number is out of range
     */
    public BatchNorm {
        Rules.requirePlaces(NAME, places);
        Rules.requireEpsilon(NAME, epsilon);
        momentum.ifPresent(m -> Rules.requireMomentum(NAME, m));
        new Scale(weight, bias).require(NAME, Shape.of(channels));
        running.ifPresent(r -> Scale.requireShape(NAME, "running_mean", r.mean(), Shape.of(channels)));
    }

    /** For vectors {@code [n, channels]} or signals {@code [n, channels, length]}, with the defaults of {@link Config#of}. */
    public static BatchNorm of1d(int channels) {
        return Config.of(1, channels).create();
    }

    /** For images {@code [n, channels, height, width]}, with the defaults of {@link Config#of}. */
    public static BatchNorm of2d(int channels) {
        return Config.of(2, channels).create();
    }

    /** For volumes {@code [n, channels, depth, height, width]}, with the defaults of {@link Config#of}. */
    public static BatchNorm of3d(int channels) {
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
        requireInput(x);
        Scale scale = new Scale(weight, bias);
        if (running.isPresent() && !Training.isActive()) {
            RunningStatistics known = running.get();
            return Normalisation.batch(x, known.mean().value(), known.variance().value(), scale.values(), epsilon);
        }
        Normalised batch = Normalisation.batch(x, scale.values(), epsilon);
        running.ifPresent(statistics -> statistics.add(batch, momentum));
        return batch.output();
    }

    private void requireInput(Tensor x) {
        boolean fits = x.rank() == places + 2 || places == 1 && x.rank() == 2;
        if (!fits || x.dim(1) != channels) {
            throw ShapeException.of(NAME, "the input does not fit").operand("input", x.shape())
                    .expected("[n, " + Rules.input(channels, places)
                            + (places == 1 ? " or [n, " + channels + "]" : ""));
        }
    }

    /**
     * What a layer is made from.
     *
     * @param places how many axes of places there are
     * @param channels how many channels there are
     * @param epsilon added to the variance
     * @param momentum the share of each batch in the running statistics; empty for the mean of all batches
     * @param scaling what is learned
     * @param tracking whether statistics are gathered
     * @param dtype of the variables
     */
    public record Config(int places, int channels, double epsilon, OptionalDouble momentum, Scaling scaling,
            Tracking tracking, DType dtype) {
        public Config {
            Objects.requireNonNull(momentum, "momentum");
            Objects.requireNonNull(scaling, "scaling");
            Objects.requireNonNull(tracking, "tracking");
            Objects.requireNonNull(dtype, "dtype");
        }

        /** The defaults, those of PyTorch: F32, epsilon 1e-5, momentum 0.1, weight and bias, running statistics. */
        public static Config of(int places, int channels) {
            return new Config(places, channels, 1e-5, OptionalDouble.of(0.1), Scaling.WEIGHT_AND_BIAS,
                    Tracking.RUNNING, DType.F32);
        }

        /** The same with another epsilon. */
        public Config withEpsilon(double epsilon) {
            return new Config(places, channels, epsilon, momentum, scaling, tracking, dtype);
        }

        /** The same with statistics that move by this share of each batch. */
        public Config withMomentum(double momentum) {
            return new Config(places, channels, epsilon, OptionalDouble.of(momentum), scaling, tracking, dtype);
        }

        /** The same with statistics that are means over all batches. */
        public Config withCumulativeAverage() {
            return new Config(places, channels, epsilon, OptionalDouble.empty(), scaling, tracking, dtype);
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
        public BatchNorm create() {
            Scale scale = Scale.of(scaling, Shape.of(channels), dtype);
            return new BatchNorm(places, channels, scale.weight(), scale.bias(), tracking.statistics(channels, dtype),
                    momentum, epsilon);
        }
    }
}
