package io.adjoint.autodiff;

import java.util.stream.IntStream;

/**
 * The methods of a {@link Tensor} that measure the length of vectors, and scale by it. A vector lies along one axis or along
 * several; matrices have norms of their own in {@code MatrixFunctions}. Integers count as F32.
 */
public sealed interface NormMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** The Euclidean norm of all elements, {@code sqrt(sum x^2)}, see {@link #norm(double, Axes)}. */
    default Tensor norm() {
        return norm(2);
    }

    /** The norm of this order over the axes, all if none is given, see {@link #norm(double, Axes)}. */
    default Tensor norm(double order, int... axes) {
        return norm(order, Axes.drop(axes));
    }

    /**
     * {@code (sum |x|^p)^(1/p)} over the axes for the order p, as {@code torch.linalg.vector_norm}. The limits are norms as
     * well: the greatest {@code |x|} for infinity, the least for -infinity; and for 0 how many elements are not 0.
     *
     * <p>Derivative: {@code sign(x) |x|^(p - 1) y^(1 - p)}, 0 where the norm is 0, and 0 at an x of 0; for the infinite orders
     * {@code sign(x)} of the chosen element, shared evenly among equals; 0 for order 0. For a negative order one element of 0
     * makes the norm 0.
     *
     * @throws ShapeException if the order is NaN, or there are no elements and the order is negative or infinite
     */
    default Tensor norm(double order, Axes axes) {
        if (Double.isNaN(order) || (order < 0 || Double.isInfinite(order)) && axes.count("norm", shape()) == 0) {
            throw ShapeException.of("norm", "no such norm").operand("order", order).operand("input", shape())
                    .expected("a number as order, finite and not negative if there are no elements");
        }
        Tensor x = self().floating();
        if (order == 0) {
            return x.ne(0).cast(x.dtype()).sum(axes);
        }
        if (order == 1 || Double.isInfinite(order)) {
            return order == 1 ? x.abs().sum(axes) : order > 0 ? x.abs().max(axes) : x.abs().min(axes);
        }
        if (order == 2) {
            return Kinks.root(x.square().sum(axes));
        }
        // powers and roots are kept away from 0, where their slopes may be infinite
        Tensor zero = x.eq(0);
        Tensor powers = zero.where(order > 0 ? 0 : Double.POSITIVE_INFINITY, zero.where(1, x.abs()).pow(order));
        Tensor sum = powers.sum(axes);
        Tensor nothing = sum.eq(order > 0 ? 0 : Double.POSITIVE_INFINITY);
        return nothing.where(0, nothing.where(1, sum).pow(1 / order));
    }

    /** Scaled to Euclidean length 1 along an axis, see {@link #normalize(double, double, int...)} with epsilon 1e-12. */
    default Tensor normalize(int axis) {
        return normalize(2, 1e-12, axis);
    }

    /**
     * {@code x / max(norm, epsilon)} with the norm of this order over the axes, all if none is given, as {@code
     * torch.nn.functional.normalize}. A norm below epsilon counts as constant.
     *
     * @throws ShapeException if {@link #norm(double, Axes)} refuses
     */
    default Tensor normalize(double order, double epsilon, int... axes) {
        Tensor x = self().floating();
        return x.div(x.norm(order, Axes.keep(axes)).clampMin(epsilon));
    }

    /**
     * The slices along an axis, each scaled down to the norm {@code most} if its norm of this order is greater, as {@code
     * torch.renorm}: times {@code most / (norm + 1e-7)}.
     *
     * @throws ShapeException if there are fewer than two axes, the order is not positive, or {@code most} is negative
     */
    default Tensor renorm(double order, int axis, double most) {
        if (!(order > 0 && most >= 0) || rank() < 2) {
            throw ShapeException.of("renorm", "no norm to scale to").operand("input", shape()).operand("order", order)
                    .operand("most", most).expected("two axes or more, an order above 0 and a norm of 0 or more");
        }
        int at = shape().axis("renorm", axis);
        Tensor x = self().floating();
        Tensor norm = x.norm(order, Axes.keep(IntStream.range(0, rank()).filter(i -> i != at).toArray()));
        return x.mul(norm.gt(most).where(norm.add(1e-7).rdiv(most), 1));
    }
}
