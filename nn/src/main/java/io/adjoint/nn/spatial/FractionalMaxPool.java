package io.adjoint.nn.spatial;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.FractionalPooling;
import io.adjoint.autodiff.function.Pooling.Maxima;
import io.adjoint.autodiff.op.Uniform;
import io.adjoint.nn.Layer;
import io.adjoint.nn.RandomKey;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The maximum of each of so many windows of one size, whose places are drawn at random for each image and channel (Graham
 * 2014), see {@link FractionalPooling#max}; as {@code torch.nn.FractionalMaxPool2d} and {@code FractionalMaxPool3d}.
 *
 * <p>Shapes: x {@code [batch, channels, extents...]} or {@code [channels, extents...]}, y the same with the extents given, or {@code
 * floor(extent * ratio)}.
 *
 * <p>The places are a function of the key alone, and every call in training moves the key on by one. Outside of training the
 * key stays, so that the same input gives the same output.
 *
 * @param size of the windows, one number for each spatial axis
 * @param output how large the output is
 * @param key the random key of the next places, an I64 buffer {@code [seed, stream]}
 */
public record FractionalMaxPool(List<Integer> size, Output output, Variable key) implements Layer {
    private static final String NAME = "fractional_max_pool";

    /**
     * A layer of this key.
     *
     * @throws ShapeException if sizes and output differ in their number of axes, or the key is none
     */
    public FractionalMaxPool {
        size = List.copyOf(size);
        Pools.requireExtents(NAME, size, 1);
        Objects.requireNonNull(output, "output");
        if (output.axes() != size.size()) {
            throw ShapeException.of(NAME, "size and output differ in axes").operand("size", size)
                    .operand("output", output).expected("a number for each spatial axis in both");
        }
        RandomKey.require(NAME, key);
    }

    /** A layer whose places come from this key. */
    public static FractionalMaxPool of(List<Integer> size, Output output, Rng rng) {
        return new FractionalMaxPool(size, output, RandomKey.of(rng));
    }

    @Override
    public Tensor forward(Tensor x) {
        return maxima(x).values();
    }

    /**
     * The maxima and where they were found, as with {@code return_indices}.
     *
     * @throws ShapeException as for {@link #forward}
     */
    public Maxima maxima(Tensor x) {
        int axes = size.size();
        if (x.rank() != axes + 1 && x.rank() != axes + 2) {
            throw ShapeException.of(NAME, "rank does not fit").operand("input", x.shape()).operand("spatial axes", axes)
                    .expected("[channels, extents...] or [batch, channels, extents...]");
        }
        int lead = x.rank() - axes;
        int[] dims = x.shape().dims();
        int[] extents = switch (output) {
            case Extents(List<Integer> given) -> Filters.ints(given);
            case Ratios(List<Double> ratios) -> {
                int[] shrunk = Arrays.copyOfRange(dims, lead, dims.length);
                Arrays.setAll(shrunk, axis -> (int) (shrunk[axis] * ratios.get(axis)));
                yield shrunk;
            }
        };
        int[] each = Arrays.copyOf(dims, lead + 1);
        each[lead] = axes;
        DType dtype = x.dtype().isFloat() ? x.dtype() : DType.F32;
        Tensor drawn = Training.isActive() ? RandomKey.next(key) : key.value();
        return FractionalPooling.maxima(x, new Uniform(Shape.of(each), dtype).apply(drawn), size, extents);
    }

    /** How large an output is. */
    public sealed interface Output {
        /** An output of these extents, one for each spatial axis. */
        static Output extents(int... extents) {
            return new Extents(Filters.list(extents));
        }

        /** An output smaller by these ratios, one for each spatial axis. */
        static Output ratios(double... ratios) {
            return new Ratios(Arrays.stream(ratios).boxed().toList());
        }

        /** Number of spatial axes. */
        int axes();
    }

    /**
     * An output of these extents.
     *
     * @param extents one for each spatial axis, 1 or more
     */
    public record Extents(List<Integer> extents) implements Output {
        /** Refuses numbers below 1, and none at all. */
        public Extents {
            extents = List.copyOf(extents);
            Pools.requireExtents(NAME, extents, 1);
        }

        @Override
        public int axes() {
            return extents.size();
        }
    }

    /**
     * An output smaller by these ratios.
     *
     * @param ratios one for each spatial axis, between 0 and 1
     */
    public record Ratios(List<Double> ratios) implements Output {
        /** Refuses numbers that are not between 0 and 1, and none at all. */
        public Ratios {
            ratios = List.copyOf(ratios);
            if (ratios.isEmpty() || !ratios.stream().allMatch(ratio -> ratio > 0 && ratio < 1)) {
                throw ShapeException.of(NAME, "no such ratios").operand("ratios", ratios)
                        .expected("a number between 0 and 1 for each spatial axis");
            }
        }

        @Override
        public int axes() {
            return ratios.size();
        }
    }
}
