package io.adjoint.autodiff;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The methods of a {@link Tensor} that repeat its elements, pad it, or sum over what was repeated. */
public sealed interface RepetitionMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * This so many times along each axis, as {@code torch.Tensor.repeat}; missing outer axes are added. The gradient is summed
     * over the repetitions.
     *
     * @throws ShapeException if there are fewer counts than axes, or one is negative
     */
    default Tensor repeat(int... counts) {
        if (counts.length < rank() || IntStream.of(counts).anyMatch(count -> count < 0)) {
            throw ShapeException.of("repeat", "not a count for each axis").operand("counts", Arrays.toString(counts))
                    .operand("input", shape()).expected(rank() + " counts or more, 0 or more each");
        }
        int missing = counts.length - rank();
        int[] apart = new int[2 * counts.length];
        int[] repeated = new int[apart.length];
        int[] merged = new int[counts.length];
        for (int axis = 0; axis < counts.length; axis++) {
            int extent = axis < missing ? 1 : dim(axis - missing);
            apart[2 * axis] = 1;
            apart[2 * axis + 1] = extent;
            repeated[2 * axis] = counts[axis];
            repeated[2 * axis + 1] = extent;
            merged[axis] = product("repeat", extent, counts[axis]);
        }
        return self().reshape(Shape.of(apart)).expand(Shape.of(repeated)).reshape(Shape.of(merged));
    }

    private static int product(String operation, int extent, int count) {
        long product = (long) extent * count;
        if (product > Integer.MAX_VALUE) {
            throw ShapeException.of(operation, "too many elements").operand("extent", product)
                    .expected("at most " + Integer.MAX_VALUE + " along an axis");
        }
        return (int) product;
    }

    /** As {@link #repeat}, but missing counts are 1, as {@code torch.tile}. */
    default Tensor tile(int... counts) {
        int[] all = new int[Math.max(rank(), counts.length)];
        Arrays.fill(all, 1);
        System.arraycopy(counts, 0, all, all.length - counts.length, counts.length);
        return repeat(all);
    }

    /**
     * Each element along an axis so many times in a row, as {@code torch.repeat_interleave}.
     *
     * @throws ShapeException if the number is negative
     */
    default Tensor repeatInterleave(int times, int axis) {
        int at = shape().axis("repeat_interleave", axis);
        if (times < 0) {
            throw ShapeException.of("repeat_interleave", "not a count").operand("times", times).expected("0 or more");
        }
        Tensor wide = self().unsqueeze(at + 1);
        int extent = product("repeat_interleave", dim(at), times);
        return wide.expand(wide.shape().with(at + 1, times)).reshape(shape().with(at, extent));
    }

    /**
     * Each element along an axis as many times in a row as stands in its place of the counts, which are read on the host.
     *
     * @param counts I64 or I32, one for each element along the axis, or a single one for all; 0 or more
     * @throws ShapeException if the counts do not fit
     */
    default Tensor repeatInterleave(Tensor counts, int axis) {
        int at = shape().axis("repeat_interleave", axis);
        Shape each = Shape.of(dim(at));
        if (counts.rank() < 2 && counts.size() == 1 && !counts.shape().equals(each)) {
            return repeatInterleave(counts.expand(each), at);
        }
        long[] times = counts.dtype().isInteger() ? counts.cast(DType.I64).toLongs() : new long[0];
        double sum = Arrays.stream(times).asDoubleStream().sum();
        if (!counts.dtype().isInteger() || !counts.shape().equals(each)
                || Arrays.stream(times).anyMatch(count -> count < 0) || sum > Integer.MAX_VALUE) {
            throw ShapeException.of("repeat_interleave", "not a count for each element").operand("counts",
                    counts.spec()).operand("input", shape()).expected("integers of 0 or more, I64[" + dim(at) + "]");
        }
        long[] places = new long[(int) sum];
        int next = 0;
        for (int i = 0; i < times.length; i++) {
            Arrays.fill(places, next, next + (int) times[i], i);
            next += (int) times[i];
        }
        return self().indexSelect(at, Tensor.of(places, Shape.of(places.length)));
    }

    /**
     * The sum over the axes along which a smaller shape would stretch to this one, as {@code torch.Tensor.sum_to_size}: what
     * the gradient of {@code expand} is.
     *
     * @throws ShapeException if the target does not stretch to this shape
     */
    default Tensor sumToSize(Shape target) {
        int missing = rank() - target.rank();
        if (missing < 0 || IntStream.range(0, target.rank())
                .anyMatch(axis -> target.dim(axis) != 1 && target.dim(axis) != dim(axis + missing))) {
            throw ShapeException.of("sum_to_size", "does not stretch to the input").operand("target", target)
                    .operand("input", shape()).expected("extents of 1 or the input's");
        }
        int[] axes = IntStream.range(0, rank())
                .filter(axis -> axis < missing || target.dim(axis - missing) != dim(axis)).toArray();
        return axes.length == 0 ? self() : self().sum(axes).reshape(target);
    }

    /**
     * Padding in one of the modes, as {@code torch.nn.functional.pad} but for a constant: pairs of numbers of elements before
     * and after, of the last axis, then of the one before it, and so on. Where a number is negative, elements are cut off.
     * The gradient goes to the elements that were repeated.
     *
     * @throws ShapeException if there are not pairs, more pairs than axes, or more elements than the mode can give: an axis of
     *     n reflects n - 1, repeats in a circle n, and an empty one nothing
     */
    default Tensor pad(PadMode mode, int... pairs) {
        if (mode == PadMode.CONSTANT) {
            return pad(0, pairs);
        }
        Tensor padded = self();
        for (int i = 0; i < pairs(pairs); i++) {
            padded = beyond(padded, rank() - 1 - i, mode, pairs[2 * i], pairs[2 * i + 1]);
        }
        return padded;
    }

    /**
     * Padding with a constant, as {@code torch.nn.functional.pad}: pairs as in {@link #pad(PadMode, int...)}.
     *
     * @throws ShapeException if there are not pairs, more pairs than axes, or more is cut off than there is
     */
    default Tensor pad(double value, int... pairs) {
        Tensor padded = self();
        for (int i = 0; i < pairs(pairs); i++) {
            int axis = rank() - 1 - i;
            Tensor cut = cut(padded, axis, pairs[2 * i], pairs[2 * i + 1]);
            padded = cut.pad(axis, Math.max(0, pairs[2 * i]), Math.max(0, pairs[2 * i + 1]), value);
        }
        return padded;
    }

    private int pairs(int[] pairs) {
        if (pairs.length % 2 != 0 || pairs.length / 2 > rank()) {
            throw ShapeException.of("pad", "not pairs of numbers").operand("pairs", Arrays.toString(pairs))
                    .operand("input", shape()).expected("at most " + rank() + " pairs, before and after");
        }
        return pairs.length / 2;
    }

    private static Tensor cut(Tensor x, int axis, int before, int after) {
        long start = Math.max(0, -(long) before);
        long stop = x.dim(axis) + Math.min(0, (long) after);
        if (start > stop) {
            throw ShapeException.of("pad", "more is cut off than there is").operand("before", before)
                    .operand("after", after).operand("input", x.shape()).expected("at most " + x.dim(axis));
        }
        return start == 0 && stop == x.dim(axis) ? x : x.slice(axis, (int) start, (int) stop);
    }

    private static Tensor beyond(Tensor given, int axis, PadMode mode, int left, int right) {
        Tensor x = cut(given, axis, left, right);
        int before = Math.max(0, left);
        int after = Math.max(0, right);
        int extent = x.dim(axis);
        int most = switch (mode) {
            case REFLECT -> extent - 1;
            case CIRCULAR -> extent;
            case REPLICATE, CONSTANT -> extent == 0 ? 0 : Integer.MAX_VALUE;
        };
        if (Math.max(before, after) > most && Math.max(before, after) > 0) {
            throw ShapeException.of("pad", "more than the mode can give").operand("mode", mode)
                    .operand("before", left).operand("after", right).operand("input", given.shape())
                    .expected("at most " + most + " along axis " + axis);
        }
        return Tensor.concat(axis, switch (mode) {
            case REFLECT ->
                new Tensor[] {x.slice(axis, Math.min(1, extent), Math.min(1, extent) + before).flip(axis), x,
                    x.slice(axis, Math.max(0, extent - 1 - after), Math.max(0, extent - 1)).flip(axis)};
            case CIRCULAR ->
                new Tensor[] {x.slice(axis, extent - before, extent), x, x.slice(axis, 0, after)};
            case REPLICATE, CONSTANT -> new Tensor[] {edge(x, axis, 0, before), x, edge(x, axis, extent - 1, after)};
        });
    }

    private static Tensor edge(Tensor x, int axis, int place, int times) {
        return times == 0 ? x.slice(axis, 0, 0)
                : x.slice(axis, place, place + 1).expand(x.shape().with(axis, times));
    }
}
