package io.adjoint.autodiff;

import io.adjoint.autodiff.op.CumExtremePlaces;
import io.adjoint.autodiff.op.CumExtremePlaces.Which;
import io.adjoint.autodiff.op.CumSum;
import io.adjoint.autodiff.op.LogCumSumExp;
import io.adjoint.autodiff.op.Recurrence;
import io.adjoint.autodiff.op.Scan;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * The methods of a {@link Tensor} that go along an axis in order: running sums, products and extremes, differences of
 * neighbours, and integrals. A running function has an element for each one of the input; a scalar passes for one axis of
 * extent 1, as in PyTorch, and comes out as it is.
 */
public sealed interface ScanMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    private Tensor scan(String name, int axis, Tensor x, IntFunction<Scan> scan) {
        int at = Axes.axisOf(name, shape(), axis);
        return scan.apply(at).apply(rank() == 0 ? x.reshape(1) : x).reshape(shape());
    }

    /**
     * The running sum along an axis, in the dtype and in order, as {@code torch.cumsum}: {@code y[i] = y[i - 1] + x[i]}. The
     * gradient is its running sum from the end. Integers wrap around (PyTorch takes I32 as I64), BOOL is counted in I64.
     */
    default Tensor cumsum(int axis) {
        return scan("cumsum", axis, self().counting(), CumSum::new);
    }

    /**
     * The running product along an axis, in the dtype and in order, as {@code torch.cumprod}: {@code y[i] = y[i - 1] x[i]}.
     * The derivative of y[i] by x[j] is the product of the other elements up to i, also where some are zero. Integers wrap
     * around (PyTorch takes I32 as I64), BOOL counts as I64.
     */
    default Tensor cumprod(int axis) {
        int at = Axes.axisOf("cumprod", shape(), axis);
        Tensor x = self().counting();
        if (rank() == 0 || dim(at) == 0) {
            return x;
        }
        // -0 is what changes no product when it is added
        return new Recurrence(at).apply(x, x.slice(at, 0, 1).pad(at, 0, dim(at) - 1, -0.0));
    }

    /**
     * The greatest element up to each place along an axis, and where it is, as {@code torch.cummax}: the last among equals,
     * which gets the gradient; from a NaN on NaN, at the place of the last one.
     */
    default Chosen cummax(int axis) {
        return chosen("cummax", axis, Which.MAX);
    }

    /**
     * The least element up to each place along an axis, and where it is, as {@code torch.cummin}: the last among equals, which
     * gets the gradient; from a NaN on NaN, at the place of the last one.
     */
    default Chosen cummin(int axis) {
        return chosen("cummin", axis, Which.MIN);
    }

    private Chosen chosen(String name, int axis, Which which) {
        Tensor places = scan(name, axis, self(), at -> new CumExtremePlaces(which, at));
        return new Chosen(rank() == 0 ? self() : self().gather(axis, places), places);
    }

    /**
     * {@code ln} of the running sum of {@code e^x} along an axis, in order and without overflow, as {@code
     * torch.logcumsumexp}. Derivative of y[i] by x[j]: {@code e^(x[j] - y[i])}; NaN by the infinite elements that decide a
     * result. Integers as F32.
     */
    default Tensor logCumSumExp(int axis) {
        return scan("logcumsumexp", axis, self().floating(), LogCumSumExp::new);
    }

    /** The differences of neighbours along an axis, {@code x[i + 1] - x[i]}, see {@link #diff(int, int)}. */
    default Tensor diff(int axis) {
        return diff(1, axis);
    }

    /**
     * The differences of neighbours along an axis, taken so many times, as {@code torch.diff}; each time there is an element
     * less, until none is left. Of BOOL: whether neighbours differ. To take differences from given elements at an end, {@link
     * Tensor#concat} them first.
     *
     * @throws ShapeException if {@code times} is negative, or the axis is out of range
     */
    default Tensor diff(int times, int axis) {
        int at = shape().axis("diff", axis);
        if (times < 0) {
            throw ShapeException.of("diff", "a negative number of times").operand("times", times).expected("0 or more");
        }
        Tensor x = self();
        for (int i = 0; i < times && x.dim(at) > 0; i++) {
            Tensor left = x.slice(at, 0, x.dim(at) - 1);
            Tensor right = x.slice(at, 1, x.dim(at));
            x = dtype() == DType.BOOL ? right.xor(left) : right.sub(left);
        }
        return x;
    }

    /**
     * The integral along an axis by the trapezoid rule, {@code step sum (y[i] + y[i + 1]) / 2}, as {@code torch.trapezoid}; 0
     * of fewer than two samples. Integers as F32.
     */
    default Tensor trapezoid(double step, int axis) {
        int at = shape().axis("trapezoid", axis);
        return pairs(at).mul(step / 2).sum(at);
    }

    /**
     * The integral along an axis by the trapezoid rule, {@code sum (x[i + 1] - x[i]) (y[i] + y[i + 1]) / 2}.
     *
     * @param x where the samples were taken: a list, or a tensor that broadcasts to this, with the same extent along the axis
     * @throws ShapeException if the samples do not fit
     */
    default Tensor trapezoid(Tensor x, int axis) {
        int at = shape().axis("trapezoid", axis);
        return pairs(at).mul(gaps("trapezoid", x, at)).sum(at).div(2);
    }

    /** The {@link #trapezoid(double, int)} from the first sample to each later one, as {@code torch.cumulative_trapezoid}. */
    default Tensor cumulativeTrapezoid(double step, int axis) {
        int at = shape().axis("cumulative_trapezoid", axis);
        return pairs(at).mul(step / 2).cumsum(at);
    }

    /** The {@link #trapezoid(Tensor, int)} from the first sample to each later one, as {@code torch.cumulative_trapezoid}. */
    default Tensor cumulativeTrapezoid(Tensor x, int axis) {
        int at = shape().axis("cumulative_trapezoid", axis);
        return pairs(at).mul(gaps("cumulative_trapezoid", x, at)).cumsum(at).div(2);
    }

    /** The sums of neighbours. */
    private Tensor pairs(int at) {
        Tensor y = self().floating();
        int n = dim(at);
        return n == 0 ? y : y.slice(at, 0, n - 1).add(y.slice(at, 1, n));
    }

    /** The distances of neighbours among the places of samples. */
    private Tensor gaps(String name, Tensor x, int at) {
        int[] dims = new int[rank()];
        Arrays.fill(dims, 1);
        boolean list = x.rank() == 1;
        for (int i = 0; i < x.rank() && x.rank() <= rank(); i++) {
            dims[list ? at : rank() - x.rank() + i] = x.dim(i);
        }
        if (x.rank() > rank() || dims[at] != dim(at)) {
            throw ShapeException.of(name, "not a place for each sample").operand("samples", shape())
                    .operand("places", x.shape()).expected("a list of " + dim(at) + ", or a tensor with that extent");
        }
        return x.reshape(Shape.of(dims)).diff(at);
    }
}
