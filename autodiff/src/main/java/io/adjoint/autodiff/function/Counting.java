package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/** How many elements there are of each kind. */
public final class Counting {
    private Counting() {}

    /** I64: {@link #bincount(Tensor, Tensor, int)} where each number has the weight 1. */
    public static Tensor bincount(Tensor numbers, int minLength) {
        requireNumbers(numbers);
        return bincount(numbers, Tensor.full(numbers.shape(), DType.I64, 1), minLength);
    }

    /**
     * The sum of the weights of each number: {@code out[j] = sum over i with numbers[i] = j of weights[i]}, in the order of i, as
     * {@code torch.bincount}, except that integers are summed as integers (BOOL as I64). Derivative by a weight: 1 at its number.
     * The greatest number is read on the host.
     *
     * @param numbers I64 or I32 {@code [n]}, 0 or more
     * @param weights {@code [n]}
     * @param minLength least length of the result
     * @return {@code [length]}, for all numbers up to the greatest
     * @throws ShapeException if the shapes do not fit, or a number is negative or has no place in a tensor
     */
    public static Tensor bincount(Tensor numbers, Tensor weights, int minLength) {
        requireNumbers(numbers);
        if (!weights.shape().equals(numbers.shape())) {
            throw ShapeException.of("bincount", "not a weight for each number").operand("weights", weights.shape())
                    .operand("numbers", numbers.shape()).expected("weights " + numbers.shape());
        }
        if (minLength < 0) {
            throw ShapeException.of("bincount", "not a length").operand("minimum", minLength).expected("0 or more");
        }
        Tensor index = numbers.cast(DType.I64);
        int length = Math.max(minLength, greatest(index) + 1);
        Tensor added = weights.dtype() == DType.BOOL ? weights.cast(DType.I64) : weights;
        return Tensor.zeros(Shape.of(length), added.dtype()).scatterAdd(0, index, added);
    }

    private static void requireNumbers(Tensor numbers) {
        if (numbers.rank() != 1 || !numbers.dtype().isInteger()) {
            throw ShapeException.of("bincount", "no list of integers").operand("numbers", numbers.spec())
                    .expected("I64 or I32 of rank 1");
        }
    }

    /** The greatest number, -1 of none. */
    private static int greatest(Tensor numbers) {
        int greatest = -1;
        for (long number : numbers.toLongs()) {
            if (number < 0 || number >= Integer.MAX_VALUE) {
                throw ShapeException.of("bincount", "a number without a place").operand("number", number)
                        .expected("0 to " + (Integer.MAX_VALUE - 1));
            }
            greatest = Math.max(greatest, (int) number);
        }
        return greatest;
    }

    /**
     * {@link #histc(Tensor, int, double, double)} from the least to the greatest element; of elements that are all equal, from
     * one below to one above; of none, from -1 to 1.
     *
     * @throws ShapeException also if an element is NaN or infinite
     */
    public static Tensor histc(Tensor x, int bins) {
        Tensor elements = x.detached().cast(DType.F64);
        double low = elements.size() == 0 ? 0 : elements.min().item();
        double high = elements.size() == 0 ? 0 : elements.max().item();
        return low == high ? histc(x, bins, low - 1, high + 1) : histc(x, bins, low, high);
    }

    /**
     * How many elements fall into each of so many bins of one width, in the dtype of x, F32 of integers and truth values, as
     * {@code torch.histc}: an element counts in bin {@code floor((x - low) / (high - low) bins)}, computed in F64, and {@code
     * high} in the last one. Elements outside, and NaN, do not count. No gradient.
     *
     * @return {@code [bins]}
     * @throws ShapeException unless there is a bin or more, and {@code low < high} are finite, and so is their difference
     */
    public static Tensor histc(Tensor x, int bins, double low, double high) {
        if (bins < 1 || bins == Integer.MAX_VALUE) {
            throw ShapeException.of("histc", "not so many bins").operand("bins", bins)
                    .expected("1 to " + (Integer.MAX_VALUE - 1));
        }
        double width = high - low;
        if (!(width > 0) || Double.isInfinite(width)) {
            throw ShapeException.of("histc", "not a range").operand("low", low).operand("high", high)
                    .expected("low < high, and a finite difference");
        }
        Tensor elements = x.detached().cast(DType.F64).reshape(Shape.of(x.size()));
        Tensor bin = elements.sub(low).div(width).mul(bins).floor().cast(DType.I64).clamp(0, bins - 1);
        Tensor inside = elements.ge(low).and(elements.le(high));
        return bincount(inside.where(bin, bins), bins).slice(0, 0, bins).cast(Floats.of(x).dtype());
    }
}
