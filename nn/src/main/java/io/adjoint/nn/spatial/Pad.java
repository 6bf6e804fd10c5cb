package io.adjoint.nn.spatial;

import io.adjoint.autodiff.PadMode;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Layer;
import java.util.List;
import java.util.Objects;

/**
 * Elements put around a tensor; as {@code torch.nn.ZeroPad2d}, {@code ConstantPad1d} to {@code 3d}, {@code ReflectionPad1d} to
 * {@code 3d}, {@code ReplicationPad1d} to {@code 3d} and {@code CircularPad1d} to {@code 3d}. {@code ReflectionPad2d(2)} is {@code
 * Pad.reflect(2, 2, 2, 2)}.
 *
 * <p>Shapes: x {@code [..., extents...]} with an axis for each pair, y the same with extents {@code before + extent + after}. An
 * axis of n reflects at most n - 1 elements, repeats at most n in a circle; where a number is negative, elements are cut off.
 *
 * @param mode what the elements are
 * @param pairs numbers of elements before and after, of the last axis, then of the one before it, and so on: left, right,
 *     top, bottom, front, back
 * @param value of the elements for {@code CONSTANT}; others do not look at it
 */
public record Pad(PadMode mode, List<Integer> pairs, double value) implements Layer {
    /**
     * A layer of these numbers.
     *
     * @throws ShapeException if they are not pairs
     */
    public Pad {
        Objects.requireNonNull(mode, "mode");
        pairs = List.copyOf(pairs);
        if (pairs.isEmpty() || pairs.size() % 2 != 0) {
            throw ShapeException.of("pad", "not pairs of numbers").operand("pairs", pairs)
                    .expected("a number before and one after for each axis");
        }
    }

    /** Zeros. */
    public static Pad zeros(int... pairs) {
        return constant(0, pairs);
    }

    /** One value. */
    public static Pad constant(double value, int... pairs) {
        return new Pad(PadMode.CONSTANT, Filters.list(pairs), value);
    }

    /** The elements mirrored at the one on the edge, which is not repeated. */
    public static Pad reflect(int... pairs) {
        return new Pad(PadMode.REFLECT, Filters.list(pairs), 0);
    }

    /** The element on the edge. */
    public static Pad replicate(int... pairs) {
        return new Pad(PadMode.REPLICATE, Filters.list(pairs), 0);
    }

    /** The elements from the other end. */
    public static Pad circular(int... pairs) {
        return new Pad(PadMode.CIRCULAR, Filters.list(pairs), 0);
    }

    @Override
    public Tensor forward(Tensor x) {
        if (x.rank() < pairs.size() / 2) {
            throw ShapeException.of("pad", "fewer axes than pairs").operand("input", x.shape())
                    .operand("pairs", pairs).expected("rank " + pairs.size() / 2 + " or more");
        }
        int[] numbers = Filters.ints(pairs);
        return mode == PadMode.CONSTANT ? x.pad(value, numbers) : x.pad(mode, numbers);
    }
}
