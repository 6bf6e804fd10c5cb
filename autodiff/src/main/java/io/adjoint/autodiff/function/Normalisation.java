package io.adjoint.autodiff.function;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.Centre;
import io.adjoint.autodiff.op.Moments;
import io.adjoint.autodiff.op.Span;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Normalisation: {@code (x - mean) / sqrt(variance + epsilon) * weight + bias} with mean and variance (divided by the number
 * of elements) over some of the elements. Variances are of what is left after the mean is subtracted, so that a large mean
 * costs no digits.
 */
public final class Normalisation {
    /** Channels with fewer places in an example are worth a copy that brings the examples together. */
    private static final int FEWEST_PLACES = 64;

    private Normalisation() {}

    /**
     * What batch or instance normalisation in training gives.
     *
     * @param output of the shape of the input
     * @param mean of each channel, {@code [channels]}
     * @param variance of each channel, divided by the number of elements less one
     */
    public record Normalised(Tensor output, Tensor mean, Tensor variance) {
        /**
         * A running statistic moved towards that of this batch: {@code (1 - momentum) * running + momentum * seen}; no gradient
         * flows.
         *
         * @param momentum the share of this batch, a finite number
         * @throws ShapeException if the shapes differ, or the momentum is not finite
         */
        public static Tensor moved(Tensor running, Tensor seen, double momentum) {
            if (!running.shape().equals(seen.shape())) {
                throw ShapeException.of("moved", "the statistics differ in shape").operand("running", running.shape())
                        .operand("seen", seen.shape()).expected("seen " + running.shape());
            }
            if (!Double.isFinite(momentum)) {
                throw ShapeException.of("moved", "not a momentum").operand("momentum", momentum)
                        .expected("a finite number");
            }
            return running.mul(1 - momentum).add(seen.detached().mul(momentum)).detached();
        }
    }

    /**
     * Batch normalisation in training, as {@code torch.nn.functional.batch_norm}: each channel over all examples and places.
     *
     * @param x {@code [n, channels, ...]}
     * @param affine {@code [channels]} each
     * @throws ShapeException if shapes do not fit or a channel has fewer than two elements
     */
    public static Normalised batch(Tensor x, Affine affine, double epsilon) {
        Shape channels = channels("batch_norm", x, 2);
        affine.require("batch_norm", Shape.of(x.dim(1)));
        requireTwo("batch_norm", x, (double) x.dim(0) * places(x));
        if (places(x) >= FEWEST_PLACES) {
            Tensor images = x.reshape(Shape.of(x.dim(0), x.dim(1), places(x)));
            Tensor output = affine.normalise(images, Span.CHANNEL, Centre.MEAN, epsilon, Shape.of(x.dim(1), 1));
            return normalised(output.reshape(x.shape()), moments(Span.CHANNEL, images), (double) x.dim(0) * places(x));
        }
        int[] order = IntStream.range(0, x.rank()).map(axis -> axis < 2 ? 1 - axis : axis).toArray();
        Tensor across = x.permute(order);
        Tensor rows = across.reshape(Shape.of(x.dim(1), x.dim(0) * places(x)));
        Tensor output = affine.normalise(rows, Span.LAST_AXIS, Centre.MEAN, epsilon, Shape.of(x.dim(1), 1));
        return normalised(output.reshape(across.shape()).permute(order), moments(Span.LAST_AXIS, rows), rows.dim(1));
    }

    /**
     * Batch normalisation in use, with statistics that training gathered.
     *
     * @param x {@code [n, channels, ...]}
     * @param mean of each channel, {@code [channels]}
     * @param variance of each channel
     * @param affine {@code [channels]} each
     * @throws ShapeException if shapes do not fit
     */
    public static Tensor batch(Tensor x, Tensor mean, Tensor variance, Affine affine, double epsilon) {
        Shape channels = channels("batch_norm", x, 2);
        Shape each = Shape.of(x.dim(1));
        affine.require("batch_norm", each);
        Affine.of(mean, variance).require("batch_norm", each);
        Tensor scale = variance.add(epsilon).sqrt();
        return affine.apply(x.sub(mean.reshape(channels)).div(scale.reshape(channels)), channels);
    }

    /**
     * Instance normalisation, as {@code torch.nn.functional.instance_norm}: each channel of each example over its places.
     * The statistics are means over the examples.
     *
     * @param x {@code [n, channels, ...]} with one axis of places or more
     * @param affine {@code [channels]} each
     * @throws ShapeException if shapes do not fit or there are fewer than two places
     */
    public static Normalised instance(Tensor x, Affine affine, double epsilon) {
        Shape channels = channels("instance_norm", x, 3);
        affine.require("instance_norm", Shape.of(x.dim(1)));
        requireTwo("instance_norm", x, places(x));
        Tensor rows = x.reshape(Shape.of(x.dim(0), x.dim(1), places(x)));
        Tensor output = affine.normalise(rows, Span.LAST_AXIS, Centre.MEAN, epsilon, Shape.of(x.dim(1), 1));
        return normalised(output.reshape(x.shape()), moments(Span.LAST_AXIS, rows).mean(0), rows.dim(2));
    }

    private static int places(Tensor x) {
        return Shape.of(Arrays.copyOfRange(x.shape().dims(), 2, x.rank())).size();
    }

    private static void requireTwo(String name, Tensor x, double count) {
        if (count == 1) {
            throw ShapeException.of(name, "one element has no variance").operand("input", x.shape())
                    .expected("two elements or more for each channel");
        }
    }

    /** Mean and variance of the rows, {@code [..., 2]}; NaN of empty ones. */
    private static Tensor moments(Span span, Tensor rows) {
        return rows.dim(-1) > 0 ? new Moments(span).apply(rows)
                : Tensor.full(rows.shape().with(-1, 2), rows.dtype(), Double.NaN);
    }

    private static Normalised normalised(Tensor output, Tensor moments, double count) {
        return new Normalised(output, moments.select(-1, 0), moments.select(-1, 1).mul(count / (count - 1)));
    }

    /** {@code [channels, 1, ...]}: how what there is for each channel stretches to the input. */
    private static Shape channels(String name, Tensor x, int leastRank) {
        LossRules.requireFloat(name, "input", x);
        if (x.rank() < leastRank) {
            throw ShapeException.of(name, "too few axes").operand("input", x.shape())
                    .expected(leastRank == 2 ? "[n, channels, ...]" : "[n, channels, places, ...]");
        }
        int[] dims = new int[x.rank() - 1];
        Arrays.fill(dims, 1);
        dims[0] = x.dim(1);
        return Shape.of(dims);
    }

    /**
     * Group normalisation, as {@code torch.nn.functional.group_norm}: the channels of each group of each example, over all
     * their places.
     *
     * @param x {@code [n, channels, ...]}
     * @param groups how many groups of neighbouring channels; divides the channels
     * @param affine {@code [channels]} each
     * @throws ShapeException if shapes do not fit or the groups do not divide the channels
     */
    public static Tensor group(Tensor x, int groups, Affine affine, double epsilon) {
        Shape channels = channels("group_norm", x, 2);
        affine.require("group_norm", Shape.of(x.dim(1)));
        if (groups < 1 || x.dim(1) % groups != 0) {
            throw ShapeException.of("group_norm", "groups do not divide the channels").operand("groups", groups)
                    .operand("input", x.shape()).expected("a divisor of " + x.dim(1));
        }
        int filled = x.dim(1) == 0 ? 1 : groups; // any number of groups divides no channels, also one too large to hold
        int size = x.dim(0) == 0 ? 0 : x.size() / (x.dim(0) * filled);
        Tensor grouped = x.reshape(Shape.of(x.dim(0), filled, size));
        Tensor plain = Affine.NONE.normalise(grouped, Span.LAST_AXIS, Centre.MEAN, epsilon, Shape.scalar());
        return affine.apply(plain.reshape(x.shape()), channels);
    }

    /**
     * Layer normalisation, as {@code torch.nn.functional.layer_norm}: over the last axes of each example.
     *
     * @param normalised the extents of those axes
     * @param affine of that shape each
     * @throws ShapeException if shapes do not fit
     */
    public static Tensor layer(Tensor x, Shape normalised, Affine affine, double epsilon) {
        requireLast("layer_norm", x, normalised);
        affine.require("layer_norm", normalised);
        return overLast(x, normalised, affine, Centre.MEAN, epsilon);
    }

    private static Tensor overLast(Tensor x, Shape normalised, Affine affine, Centre centre, double epsilon) {
        Shape outer = Shape.of(Arrays.copyOf(x.shape().dims(), x.rank() - normalised.rank() + 1));
        Tensor rows = x.reshape(outer.with(-1, normalised.size()));
        return affine.normalise(rows, Span.LAST_AXIS, centre, epsilon, Shape.of(normalised.size())).reshape(x.shape());
    }

    /**
     * {@code x / sqrt(mean(x^2) + epsilon) * weight} over the last axes, as {@code torch.nn.RMSNorm}: layer normalisation
     * without subtracting the mean. Zhang and Sennrich, "Root mean square layer normalization", NeurIPS 2019.
     *
     * @param normalised the extents of those axes
     * @param weight of that shape; empty for ones
     * @throws ShapeException if shapes do not fit
     */
    public static Tensor rootMeanSquare(Tensor x, Shape normalised, Optional<Tensor> weight, double epsilon) {
        requireLast("rms_norm", x, normalised);
        Affine affine = new Affine(weight, Optional.empty());
        affine.require("rms_norm", normalised);
        return overLast(x, normalised, affine, Centre.ZERO, epsilon);
    }

    private static void requireLast(String name, Tensor x, Shape normalised) {
        LossRules.requireFloat(name, "input", x);
        int from = x.rank() - normalised.rank();
        if (normalised.rank() == 0 || from < 0
                || !Shape.of(Arrays.copyOfRange(x.shape().dims(), from, x.rank())).equals(normalised)) {
            throw ShapeException.of(name, "not the last axes").operand("normalised", normalised)
                    .operand("input", x.shape()).expected("an input [..., " + normalised.toString().substring(1));
        }
    }

    /**
     * {@code x / (k + alpha * mean)^beta} with the mean of the squares of so many neighbouring channels, those beyond the
     * edges being zeros, as {@code torch.nn.LocalResponseNorm}.
     *
     * @param x {@code [n, channels, places, ...]}
     * @param size how many channels, this one in their middle
     * @throws ShapeException if there are too few axes, or size is not between 1 and 65536
     */
    public static Tensor localResponse(Tensor x, int size, double alpha, double beta, double k) {
        channels("local_response_norm", x, 3);
        if (size < 1 || size > 1 << 16) {
            throw ShapeException.of("local_response_norm", "size out of range").operand("size", size)
                    .expected("1 to " + (1 << 16));
        }
        // what is farther away than all channels is nothing but zeros
        int farthest = Math.max(0, x.dim(1) - 1);
        int before = Math.min(size / 2, farthest);
        int after = Math.min((size - 1) / 2, farthest);
        Tensor squares = x.square().pad(1, before, after, 0);
        Tensor sum = squares.slice(1, 0, x.dim(1));
        for (int i = 1; i <= before + after; i++) {
            sum = sum.add(squares.slice(1, i, i + x.dim(1)));
        }
        return x.div(sum.div(size).mul(alpha).add(k).pow(beta));
    }
}
