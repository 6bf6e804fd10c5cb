package io.adjoint.autodiff;

import io.adjoint.autodiff.op.Diagonal;
import io.adjoint.autodiff.op.EmbedDiagonal;
import java.util.Arrays;

/**
 * The methods of a {@link Tensor} about diagonals of matrices. An offset counts from the main diagonal, upwards and to the
 * right; below 0 downwards.
 */
public sealed interface DiagonalMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** The main diagonal of the matrices in the last two axes, {@code out[..., i] = x[..., i, i]}, a view. */
    default Tensor diagonal() {
        return diagonal(0, -2, -1);
    }

    /**
     * A diagonal of the matrices that two axes span, as a last axis in their place, a view: {@code torch.diagonal}. The
     * gradient is zero off the diagonal.
     *
     * @throws ShapeException if an axis is out of range, or both are one
     */
    default Tensor diagonal(int offset, int rows, int columns) {
        return new Diagonal(offset, shape().axis("diagonal", rows), shape().axis("diagonal", columns)).apply(self());
    }

    /**
     * The diagonal of a matrix, or a matrix of zeros with this vector on its diagonal, as {@code torch.diag}.
     *
     * @throws ShapeException if the rank is neither 1 nor 2
     */
    default Tensor diag(int offset) {
        if (rank() != 1 && rank() != 2) {
            throw ShapeException.of("diag", "neither vector nor matrix").operand("input", shape())
                    .expected("rank 1 or 2");
        }
        return rank() == 1 ? diagEmbed(offset, 0, 1) : diagonal(offset, 0, 1);
    }

    /** Square matrices of zeros, in two new last axes, with the last axis on their main diagonal. */
    default Tensor diagEmbed() {
        return diagEmbed(0, -2, -1);
    }

    /**
     * Square matrices of zeros with the last axis on a diagonal, as {@code torch.diag_embed}; the gradient is the diagonal of
     * the result's.
     *
     * @param rows axis of the rows in the result
     * @param columns axis of the columns in the result
     * @throws ShapeException if this is a scalar, an axis is out of range, or both are one
     */
    default Tensor diagEmbed(int offset, int rows, int columns) {
        if (rank() == 0) {
            throw ShapeException.of("diag_embed", "no axis").operand("input", shape()).expected("rank 1 or more");
        }
        int first = newAxis(rows);
        int second = newAxis(columns);
        long extent = dim(-1) + Math.abs((long) offset);
        if (extent > Integer.MAX_VALUE) {
            throw ShapeException.of("diag_embed", "too many elements").operand("offset", offset)
                    .expected("an offset of moderate size");
        }
        return new EmbedDiagonal(offset, first, second, (int) extent, (int) extent).apply(self());
    }

    private int newAxis(int axis) {
        if (axis < -rank() - 1 || axis > rank()) {
            throw ShapeException.of("diag_embed", "axis out of range").operand("axis", axis)
                    .operand("input", shape()).expected("an axis from " + (-rank() - 1) + " to " + rank());
        }
        return axis < 0 ? axis + rank() + 1 : axis;
    }

    /** A matrix of zeros with all elements, in row-major order, on a diagonal, as {@code torch.diagflat}. */
    default Tensor diagflat(int offset) {
        return self().reshape(Shape.of(size())).diag(offset);
    }

    /**
     * This with a number on the diagonal {@code x[i, i, ..., i]}, as {@code torch.fill_diagonal_} without wrapping; no
     * gradient flows to those elements.
     *
     * @throws ShapeException if the rank is below 2, or of more than two axes the extents differ
     */
    default Tensor fillDiagonal(double value) {
        boolean isCube = shape().equals(cube());
        if (rank() < 2 || rank() > 2 && !isCube) {
            throw ShapeException.of("fill_diagonal", "no diagonal").operand("input", shape())
                    .expected("a matrix, or more axes of one extent");
        }
        Tensor places = Tensor.range(dim(0));
        Tensor onDiagonal = Tensor.of(new boolean[] {true}, Shape.scalar());
        for (int axis = 1; axis < rank(); axis++) {
            int[] dims = new int[axis + 1];
            Arrays.fill(dims, 1);
            dims[0] = dim(0);
            Tensor first = places.reshape(dims);
            onDiagonal = onDiagonal.rank() == 0 ? first.eq(Tensor.range(dim(axis)))
                    : onDiagonal.unsqueeze(-1).and(first.eq(Tensor.range(dim(axis))));
        }
        return onDiagonal.where(value, self());
    }

    private Shape cube() {
        int[] dims = shape().dims();
        Arrays.fill(dims, dims.length == 0 ? 0 : dims[0]);
        return Shape.of(dims);
    }

    /**
     * The sum of the main diagonal of a matrix; derivative 1 there.
     *
     * @throws ShapeException if the rank is not 2
     */
    default Tensor trace() {
        if (rank() != 2) {
            throw ShapeException.of("trace", "not a matrix").operand("input", shape()).expected("rank 2");
        }
        return diagonal(0, 0, 1).sum();
    }

    /**
     * The matrices in the last two axes with zeros above a diagonal; the gradient is zero there too.
     *
     * @throws ShapeException if the rank is below 2
     */
    default Tensor tril(int offset) {
        return distance("tril").le(Tensor.scalar(offset, DType.I64)).where(self(), 0);
    }

    /**
     * The matrices in the last two axes with zeros below a diagonal; the gradient is zero there too.
     *
     * @throws ShapeException if the rank is below 2
     */
    default Tensor triu(int offset) {
        return distance("triu").ge(Tensor.scalar(offset, DType.I64)).where(self(), 0);
    }

    /** How far each element is above the main diagonal. */
    private Tensor distance(String operation) {
        if (rank() < 2) {
            throw ShapeException.of(operation, "not a matrix").operand("input", shape()).expected("rank 2 or more");
        }
        return Tensor.range(dim(-1)).sub(Tensor.range(dim(-2)).unsqueeze(1));
    }
}
