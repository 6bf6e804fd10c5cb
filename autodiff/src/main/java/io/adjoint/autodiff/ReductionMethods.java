package io.adjoint.autodiff;

import io.adjoint.autodiff.op.All;
import io.adjoint.autodiff.op.Any;
import io.adjoint.autodiff.op.Prod;
import io.adjoint.autodiff.op.Sum;

/**
 * The methods of a {@link Tensor} that join the elements along axes, which vanish or stay with extent 1, to a sum, a product
 * or a truth value. {@link Axes} says which axes there are of a scalar.
 */
public sealed interface ReductionMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** The sum over the axes, all if none is given; derivative 1. Integers wrap around, BOOL is counted in I64. */
    default Tensor sum(int... axes) {
        return sum(Axes.drop(axes));
    }

    /** The sum over the axes, 0 of no elements; derivative 1. Integers wrap around, BOOL is counted in I64. */
    default Tensor sum(Axes axes) {
        return axes.shaped(new Sum(axes.of("sum", shape())).apply(self().counting()), shape());
    }

    /** The mean over the axes, all if none is given, in F32 for integers; NaN of no elements; derivative 1 / n. */
    default Tensor mean(int... axes) {
        return mean(Axes.drop(axes));
    }

    /** The mean over the axes, in F32 for integers; NaN of no elements; derivative 1 / n. */
    default Tensor mean(Axes axes) {
        return self().floating().sum(axes).div(axes.count("mean", shape()));
    }

    /** The product over the axes, all if none is given, see {@link #prod(Axes)}. */
    default Tensor prod(int... axes) {
        return prod(Axes.drop(axes));
    }

    /**
     * The product over the axes, 1 of no elements; the derivative is the product of the other elements, also where some are
     * zero. I32 and I64 stay what they are and wrap around (PyTorch takes I32 as I64); BOOL counts as I64, so that 1 means
     * all.
     */
    default Tensor prod(Axes axes) {
        return axes.shaped(new Prod(axes.of("prod", shape())).apply(self().counting()), shape());
    }

    /** BOOL: whether any element over the axes, all if none is given, is true, see {@link #any(Axes)}. */
    default Tensor any(int... axes) {
        return any(Axes.drop(axes));
    }

    /** BOOL: whether any element over the axes is true; false of no elements. A number is true if it is not 0, NaN too. */
    default Tensor any(Axes axes) {
        return axes.shaped(new Any(axes.of("any", shape())).apply(self().cast(DType.BOOL)), shape());
    }

    /** BOOL: whether all elements over the axes, all if none is given, are true, see {@link #all(Axes)}. */
    default Tensor all(int... axes) {
        return all(Axes.drop(axes));
    }

    /** BOOL: whether all elements over the axes are true; true of no elements. A number is true if it is not 0, NaN too. */
    default Tensor all(Axes axes) {
        return axes.shaped(new All(axes.of("all", shape())).apply(self().cast(DType.BOOL)), shape());
    }

    /** I64: how many elements over the axes, all if none is given, are not 0 or false. */
    default Tensor countNonzero(int... axes) {
        return countNonzero(Axes.drop(axes));
    }

    /** I64: how many elements over the axes are not 0 or false; a NaN counts. */
    default Tensor countNonzero(Axes axes) {
        return self().cast(DType.BOOL).sum(axes);
    }

    /** The sum over the axes, all if none is given, see {@link #nansum(Axes)}. */
    default Tensor nansum(int... axes) {
        return nansum(Axes.drop(axes));
    }

    /** The sum over the axes of what is not NaN, 0 if nothing is; derivative 1, 0 at a NaN. Integers as {@link #sum(Axes)}. */
    default Tensor nansum(Axes axes) {
        return dtype().isFloat() ? self().isNaN().where(0, self()).sum(axes) : sum(axes);
    }

    /** The mean over the axes, all if none is given, see {@link #nanmean(Axes)}. */
    default Tensor nanmean(int... axes) {
        return nanmean(Axes.drop(axes));
    }

    /** The mean over the axes of what is not NaN, NaN if nothing is; derivative 1 / n of those, 0 at a NaN. Integers as F32. */
    default Tensor nanmean(Axes axes) {
        Tensor x = self().floating();
        return x.nansum(axes).div(x.isNaN().not().sum(axes).cast(x.dtype()));
    }

    /** {@code ln sum e^x} over the axes, all if none is given, see {@link #logSumExp(Axes)}. */
    default Tensor logSumExp(int... axes) {
        return logSumExp(Axes.drop(axes));
    }

    /**
     * {@code ln sum e^x} over the axes, computed from the distances to the greatest element, so that nothing overflows; -inf
     * of no elements and of those that all are -inf, infinite if one is. Derivative: {@code e^(x - y)}, the softmax; NaN at
     * infinities that decide the result. Integers as F32.
     */
    default Tensor logSumExp(Axes axes) {
        Tensor x = self().floating();
        if (axes.count("logsumexp", shape()) == 0) {
            return x.exp().sum(axes).log();
        }
        Tensor greatest = x.detached().max(axes.keeping());
        Tensor shift = greatest.isFinite().where(greatest, 0);
        Tensor sum = x.sub(shift).exp().sum(axes);
        return sum.log().add(shift.reshape(sum.shape()));
    }
}
