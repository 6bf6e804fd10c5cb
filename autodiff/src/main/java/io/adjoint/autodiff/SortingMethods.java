package io.adjoint.autodiff;

import io.adjoint.autodiff.op.SearchPlaces;
import io.adjoint.autodiff.op.SortPlaces;
import java.util.function.IntUnaryOperator;

/**
 * The methods of a {@link Tensor} that order its elements, or choose some by their order. All dtypes have one: false is less
 * than true, a NaN is greater than every number and equals every NaN, -0 equals 0. Equals keep the order in which they stand.
 *
 * <p>Chosen elements hand their gradient on to the places where they stood. Along an axis, a scalar passes for one axis of extent
 * 1, so that axis 0 or -1 of it is accepted and the results are scalars, as in PyTorch.
 */
public sealed interface SortingMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** The elements along an axis, the least first, as {@code torch.sort(stable=True)}. */
    default Chosen sort(int axis) {
        return sort(axis, SortOrder.ASCENDING);
    }

    /** The elements along an axis in this order, as {@code torch.sort(stable=True)}. */
    default Chosen sort(int axis, SortOrder order) {
        Tensor x = lined();
        int at = x.shape().axis("sort", axis);
        Tensor places = new SortPlaces(at, order).apply(x);
        return new Chosen(x.gather(at, places).reshape(shape()), places.reshape(shape()));
    }

    /** I64: where along an axis the least element stands, then the next, and so on. */
    default Tensor argsort(int axis) {
        return argsort(axis, SortOrder.ASCENDING);
    }

    /** I64: where along an axis the elements of {@link #sort(int, SortOrder)} stand. */
    default Tensor argsort(int axis, SortOrder order) {
        Tensor x = lined();
        return new SortPlaces(x.shape().axis("argsort", axis), order).apply(x).reshape(shape());
    }

    /** The elements along the outermost axis, the least first. */
    default Tensor msort() {
        return sort(0).values();
    }

    /** The k greatest elements along an axis, the greatest first. */
    default Chosen topk(int k, int axis) {
        return topk(k, axis, Extreme.LARGEST);
    }

    /**
     * The k greatest or least elements along an axis, the most extreme first and the first among equals, as {@code torch.topk}.
     *
     * @throws ShapeException unless k is from 0 to the extent of the axis, of a scalar 1
     */
    default Chosen topk(int k, int axis, Extreme extreme) {
        Tensor x = lined();
        int at = x.shape().axis("topk", axis);
        int least = rank() == 0 ? 1 : 0;
        if (k < least || k > x.dim(at)) {
            throw ShapeException.of("topk", "not so many elements").operand("k", k).operand("input", shape())
                    .operand("axis", axis).expected(least + " to " + x.dim(at));
        }
        SortOrder order = switch (extreme) {
            case LARGEST -> SortOrder.DESCENDING;
            case SMALLEST -> SortOrder.ASCENDING;
        };
        Tensor places = new SortPlaces(at, order).apply(x).slice(at, 0, k);
        Shape shape = rank() == 0 ? shape() : places.shape();
        return new Chosen(x.gather(at, places).reshape(shape), places.reshape(shape));
    }

    /**
     * The k-th least element along an axis, which vanishes, as {@code torch.kthvalue}.
     *
     * @param k 1 for the least
     * @throws ShapeException unless k is from 1 to the extent of the axis
     */
    default Chosen kthValue(int k, int axis) {
        Tensor x = lined();
        int at = x.shape().axis("kth_value", axis);
        if (k < 1 || k > x.dim(at)) {
            throw ShapeException.of("kth_value", "no such element").operand("k", k).operand("input", shape())
                    .operand("axis", axis)
                    .expected(x.dim(at) == 0 ? "no call: the axis is empty" : "1 to " + x.dim(at));
        }
        return chosen(x, at, new SortPlaces(at, SortOrder.ASCENDING).apply(x).slice(at, k - 1, k));
    }

    /**
     * The median of all elements, the lower one if there are two; NaN if there is one, or no element. Equals share the gradient,
     * as in {@code torch.median}.
     *
     * @throws ShapeException if this is of integers or truth values, and empty
     */
    default Tensor median() {
        int size = size();
        return middle("median", nans -> nans > 0 ? size - nans : (size - 1) / 2);
    }

    /**
     * The median along an axis, which vanishes; the lower one if there are two, the first NaN if there is one.
     *
     * @throws ShapeException if the axis is empty
     */
    default Chosen median(int axis) {
        Tensor x = lined();
        int at = requireElements("median", x, axis);
        Tensor nans = x.isNaN().sum(Axes.keep(at));
        Tensor rank = nans.gt(0).where(nans.rsub(x.dim(at)), (x.dim(at) - 1) / 2);
        return chosen(x, at, new SortPlaces(at, SortOrder.ASCENDING).apply(x).gather(at, rank));
    }

    /**
     * The median of all elements that are not NaN, the lower one if there are two; NaN of nothing else. Equals share the
     * gradient, as in {@code torch.nanmedian}.
     *
     * @throws ShapeException if this is of integers or truth values, and empty
     */
    default Tensor nanMedian() {
        int size = size();
        return middle("nan_median", nans -> Math.max(0, size - nans - 1) / 2);
    }

    /**
     * The median along an axis, which vanishes, of the elements that are not NaN; the lower one if there are two, the first NaN
     * of nothing else.
     *
     * @throws ShapeException if the axis is empty
     */
    default Chosen nanMedian(int axis) {
        Tensor x = lined();
        int at = requireElements("nan_median", x, axis);
        Tensor rank = x.isNaN().sum(Axes.keep(at)).rsub(x.dim(at) - 1).clampMin(0).floorDivide(2);
        return chosen(x, at, new SortPlaces(at, SortOrder.ASCENDING).apply(x).gather(at, rank));
    }

    /**
     * The most frequent element along an axis, which vanishes; the least of several. The place is that of its last occurrence. A
     * NaN occurs once, so it is chosen only where nothing else is, as in {@code torch.mode}.
     *
     * @throws ShapeException if the axis is empty
     */
    default Chosen mode(int axis) {
        Tensor lined = lined();
        Tensor x = lined.movedim(requireElements("mode", lined, axis), -1);
        int last = x.rank() - 1;
        Tensor places = new SortPlaces(last, SortOrder.ASCENDING).apply(x);
        Tensor sorted = x.gather(last, places);
        Tensor before = new SearchPlaces(Side.LEFT).apply(sorted, sorted);
        Tensor equals = new SearchPlaces(Side.RIGHT).apply(sorted, sorted).sub(before);
        Tensor counts = sorted.isNaN().where(1, equals);
        Tensor first = counts.argmax(last).unsqueeze(last);
        return chosen(x, last, places.gather(last, first.add(counts.gather(last, first)).sub(1)));
    }

    /**
     * The different elements of the whole tensor, ascending, as {@code torch.unique} with inverse and counts. Each NaN differs
     * from every other. How many there are is read on the host.
     */
    default Unique unique() {
        Tensor list = self().reshape(Shape.of(size()));
        Tensor places = new SortPlaces(0, SortOrder.ASCENDING).apply(list);
        Tensor sorted = list.gather(0, places);
        return Runs.of(sorted).unique(sorted, places.toLongs(), shape());
    }

    /**
     * The elements of the whole tensor in row-major order, one for each run of equals, as {@code torch.unique_consecutive} with
     * inverse and counts. Each NaN is a run of its own. How many runs there are is read on the host.
     */
    default Unique uniqueConsecutive() {
        Tensor list = self().reshape(Shape.of(size()));
        return Runs.of(list).unique(list, Tensor.range(size()).toLongs(), shape());
    }

    private Tensor lined() {
        return rank() == 0 ? self().reshape(1) : self();
    }

    private static int requireElements(String operation, Tensor x, int axis) {
        int at = x.shape().axis(operation, axis);
        if (x.dim(at) == 0) {
            throw ShapeException.of(operation, "no elements to choose from").operand("input", x.shape())
                    .operand("axis", axis).expected("an extent of 1 or more along the axis");
        }
        return at;
    }

    /** The elements at one place in each row, and the axis gone. */
    private static Chosen chosen(Tensor x, int axis, Tensor places) {
        return new Chosen(x.gather(axis, places).squeeze(axis), places.squeeze(axis));
    }

    /**
     * One of all elements, whose equals share its gradient.
     *
     * @param rank its number in sorted order, for a number of NaNs
     */
    private Tensor middle(String operation, IntUnaryOperator rank) {
        if (size() == 0) {
            if (!dtype().isFloat()) {
                throw ShapeException.of(operation, "no elements to choose from").operand("input", spec())
                        .expected("an element or more, or a float dtype, which has NaN");
            }
            return Tensor.scalar(Double.NaN, dtype());
        }
        Tensor list = self().reshape(Shape.of(size()));
        Tensor places = new SortPlaces(0, SortOrder.ASCENDING).apply(list);
        Tensor sorted = list.detached().gather(0, places);
        Tensor value = sorted.select(0, rank.applyAsInt((int) sorted.isNaN().sum().item()));
        if (!dtype().isFloat()) {
            return value;
        }
        Tensor line = value.reshape(1);
        int from = (int) new SearchPlaces(Side.LEFT).apply(sorted, line).item();
        int to = (int) new SearchPlaces(Side.RIGHT).apply(sorted, line).item();
        Tensor equals = list.gather(0, places.slice(0, from, to));
        // each gives the value itself, and the gradient in equal parts
        return Double.isNaN(value.item()) ? equals.mean() : equals.max();
    }
}
