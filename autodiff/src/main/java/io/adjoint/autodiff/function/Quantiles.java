package io.adjoint.autodiff.function;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Quantiles over axes, or over all elements, as {@code torch.quantile} and {@code torch.nanquantile}: the value at rank {@code
 * q (n - 1)} of n elements in ascending order. Elements hand the gradient on to where they stand; by q, the derivative of {@link
 * Between#LINEAR} is {@code (n - 1) (above - below)}, of the others 0.
 *
 * <p>Between two infinities, and at one, linear and midpoint are NaN, as {@code below + w (above - below)} is in PyTorch. A scalar
 * passes for one axis of extent 1.
 */
public final class Quantiles {
    private Quantiles() {}

    /** The value at a rank that is not whole. */
    public enum Between {
        /** On the straight line between the elements below and above. */
        LINEAR,
        /** The element below. */
        LOWER,
        /** The element above. */
        HIGHER,
        /** The mean of the elements below and above. */
        MIDPOINT,
        /** The nearer element, the one of even rank half way. */
        NEAREST
    }

    /** What a NaN among the elements does. */
    private enum Missing {
        SPREADS, IS_LEFT_OUT
    }

    /** {@link #quantile(Tensor, Tensor, Axes, Between)} for one q, whose rank is computed in F64. */
    public static Tensor quantile(Tensor x, double q, Axes axes, Between between) {
        return quantile(x, Tensor.scalar(q, DType.F64), axes, between);
    }

    /**
     * The quantiles over the axes; NaN where one of the elements is.
     *
     * @param x F32 or F64
     * @param q F32 or F64, from 0 to 1: a scalar, or a list, whose axis comes first in the result
     * @return in the dtype of x
     * @throws ShapeException if there are no elements, or q is out of range
     */
    public static Tensor quantile(Tensor x, Tensor q, Axes axes, Between between) {
        return quantile("quantile", x, q, axes, between, Missing.SPREADS);
    }

    /** {@link #nanQuantile(Tensor, Tensor, Axes, Between)} for one q, whose rank is computed in F64. */
    public static Tensor nanQuantile(Tensor x, double q, Axes axes, Between between) {
        return nanQuantile(x, Tensor.scalar(q, DType.F64), axes, between);
    }

    /**
     * The quantiles over the axes of the elements that are not NaN; NaN of nothing else.
     *
     * @param x F32 or F64
     * @param q F32 or F64, from 0 to 1: a scalar, or a list, whose axis comes first in the result
     * @return in the dtype of x
     * @throws ShapeException if there are no elements, or q is out of range
     */
    public static Tensor nanQuantile(Tensor x, Tensor q, Axes axes, Between between) {
        return quantile("nan_quantile", x, q, axes, between, Missing.IS_LEFT_OUT);
    }

    private static Tensor quantile(String name, Tensor x, Tensor q, Axes axes, Between between, Missing missing) {
        LossRules.requireFloat(name, "input", x);
        requireRanks(name, q);
        Tensor lined = x.rank() == 0 ? x.reshape(1) : x;
        List<Integer> reduced = axes.of(name, lined.shape());
        Tensor rows = rows(lined, reduced);
        int n = rows.dim(-1);
        if (n == 0) {
            throw ShapeException.of(name, "no elements to choose from").operand("input", x.shape())
                    .operand("axes", reduced).expected("an element or more over the axes");
        }
        Tensor nans = rows.isNaN().sum(Axes.keep(-1));
        Tensor list = q.reshape(Shape.of(q.size()));
        Tensor ranks = switch (missing) {
            case SPREADS -> nans.gt(0).where(n - 1, list.mul(n - 1));
            case IS_LEFT_OUT -> nans.rsub(n - 1).clampMin(0).cast(q.dtype()).mul(list);
        };
        Tensor values = at(rows.sort(-1).values(), ranks, between).movedim(-1, 0);
        int[] rest = x.rank() == 0 ? new int[0] : left(lined.shape(), reduced, axes);
        return values.reshape(Shape.of(IntStream.concat(IntStream.of(q.shape().dims()), IntStream.of(rest)).toArray()));
    }

    private static void requireRanks(String name, Tensor q) {
        LossRules.requireFloat(name, "q", q);
        if (q.rank() > 1) {
            throw ShapeException.of(name, "q has too many axes").operand("q", q.shape())
                    .expected("a scalar or a list");
        }
        for (double rank : q.cast(DType.F64).toDoubles()) {
            if (!(rank >= 0 && rank <= 1)) {
                throw ShapeException.of(name, "q out of range").operand("q", rank).expected("0 to 1");
            }
        }
    }

    /** The reduced axes as one, innermost. */
    private static Tensor rows(Tensor x, List<Integer> reduced) {
        int[] order = IntStream.concat(IntStream.range(0, x.rank()).filter(axis -> !reduced.contains(axis)),
                reduced.stream().mapToInt(Integer::intValue)).toArray();
        int[] dims = Arrays.copyOf(IntStream.of(order).map(x::dim).toArray(), x.rank() - reduced.size() + 1);
        dims[dims.length - 1] = Shape.of(reduced.stream().mapToInt(x::dim).toArray()).size();
        return x.permute(order).reshape(Shape.of(dims));
    }

    private static int[] left(Shape shape, List<Integer> reduced, Axes axes) {
        return IntStream.range(0, shape.rank()).filter(axis -> axes.kept() || !reduced.contains(axis))
                .map(axis -> reduced.contains(axis) ? 1 : shape.dim(axis)).toArray();
    }

    /** The values of sorted rows at ranks {@code [rows..., q]}. */
    private static Tensor at(Tensor sorted, Tensor ranks, Between between) {
        int last = sorted.dim(-1) - 1;
        Shape shape = sorted.shape().with(-1, ranks.dim(-1));
        // F32 may round a great rank up
        UnaryOperator<Tensor> pick = whole -> sorted.gather(-1,
                whole.cast(DType.I64).clampMax(last).expand(shape));
        return switch (between) {
            case LOWER -> pick.apply(ranks.floor());
            case HIGHER -> pick.apply(ranks.ceil());
            case NEAREST -> pick.apply(ranks.round());
            case MIDPOINT -> pick.apply(ranks.floor()).lerp(pick.apply(ranks.ceil()), 0.5);
            case LINEAR -> pick.apply(ranks.floor())
                    .lerp(pick.apply(ranks.ceil()), ranks.sub(ranks.floor()).cast(sorted.dtype()));
        };
    }
}
