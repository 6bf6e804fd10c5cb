package io.adjoint.autodiff;

import io.adjoint.autodiff.op.MatMul;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Products of matrices and vectors: methods of a {@link Tensor}. All promote their dtypes to one; integers multiply modulo
 * 2^32 or 2^64, and BOOL is refused.
 */
public sealed interface ProductMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * The matrix product: {@code [..., m, k] x [..., k, n] -> [..., m, n]} with broadcast batch axes. A vector on the left
     * counts as one row, on the right as one column, and that axis vanishes from the result. Summed along k in order with
     * fused multiply-add. Derivatives: {@code g b^T} and {@code a^T g}.
     */
    default Tensor matmul(Tensor other) {
        if (rank() == 0 || other.rank() == 0) {
            throw ShapeException.of("matmul", "not matrices or vectors").operand("left", shape())
                    .operand("right", other.shape()).expected("rank 1 or more on both sides; mul scales by a number");
        }
        MatMul.requireInner(shape(), other.shape());
        DType dtype = DType.promote(dtype(), other.dtype());
        Tensor left = (rank() == 1 ? self().unsqueeze(0) : self()).cast(dtype);
        Tensor right = (other.rank() == 1 ? other.unsqueeze(1) : other).cast(dtype);
        Tensor product =
                left.rank() > 2 && right.rank() == 2 ? rowsTimes(left, right) : MatMul.product(left, right);
        product = rank() == 1 ? product.squeeze(-2) : product;
        return other.rank() == 1 ? product.squeeze(-1) : product;
    }

    /**
     * A batch of matrices times one matrix is one tall matrix times it, wherever they lie: the sum in the gradient of the one
     * runs over all rows, in an order that must not depend on their layout.
     */
    private static Tensor rowsTimes(Tensor left, Tensor right) {
        int[] dims = left.shape().dims();
        dims[dims.length - 1] = right.dim(1);
        int rows = Shape.of(Arrays.copyOf(left.shape().dims(), left.rank() - 1)).size();
        return MatMul.product(left.reshape(Shape.of(rows, left.dim(-1))), right).reshape(Shape.of(dims));
    }

    /** The product of two matrices, {@code [m, k] x [k, n] -> [m, n]}, as {@link #matmul}. */
    default Tensor mm(Tensor other) {
        Ranks.requireRanks("mm", self(), 2, other, 2);
        return matmul(other);
    }

    /** The product of a matrix and a vector, {@code [m, k] x [k] -> [m]}, as {@link #matmul}. */
    default Tensor mv(Tensor vector) {
        Ranks.requireRanks("mv", self(), 2, vector, 1);
        return matmul(vector);
    }

    /**
     * The products of matrices in pairs, {@code [b, m, k] x [b, k, n] -> [b, m, n]}, as {@link #matmul}; the batch does not
     * broadcast.
     */
    default Tensor bmm(Tensor other) {
        Ranks.requireBatches("bmm", self(), other);
        return matmul(other);
    }

    /** The scalar product of two vectors, {@code sum of a[i] b[i]}: {@code [n] x [n] -> []}. */
    default Tensor dot(Tensor other) {
        Ranks.requireRanks("dot", self(), 1, other, 1);
        return matmul(other);
    }

    /**
     * The scalar products of all rows of one tensor with all rows of another: {@code [..., k] x [*, k] -> [..., *]}. A scalar
     * on either side multiplies.
     */
    default Tensor inner(Tensor other) {
        if (rank() == 0 || other.rank() == 0) {
            return self().mul(other);
        }
        return tensordot(other, new int[] {-1}, new int[] {-1});
    }

    /** The products of all pairs, {@code a[i] b[j]}: {@code [m] x [n] -> [m, n]}. */
    default Tensor outer(Tensor other) {
        Ranks.requireRanks("outer", self(), 1, other, 1);
        return self().unsqueeze(1).matmul(other.unsqueeze(0));
    }

    /**
     * Every element of this times all of the other, in blocks: {@code out[i p + k][j q + l] = a[i][j] b[k][l]} for a {@code b}
     * of shape {@code [p, q]}. The tensor with fewer axes gets outer axes of extent 1.
     *
     * @throws ShapeException if there would be too many elements
     */
    default Tensor kron(Tensor other) {
        int rank = Math.max(rank(), other.rank());
        int[] left = new int[2 * rank];
        int[] right = new int[2 * rank];
        int[] whole = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            int a = axis < rank - rank() ? 1 : dim(axis - rank + rank());
            int b = axis < rank - other.rank() ? 1 : other.dim(axis - rank + other.rank());
            left[2 * axis] = a;
            left[2 * axis + 1] = 1;
            right[2 * axis] = 1;
            right[2 * axis + 1] = b;
            whole[axis] = Shape.of(a, b).size();
        }
        return self().reshape(Shape.of(left)).mul(other.reshape(Shape.of(right))).reshape(Shape.of(whole));
    }

    /**
     * The product summed over the last {@code axes} axes of this and as many first axes of the other; none gives the products
     * of all pairs.
     *
     * @throws ShapeException if there are not so many axes, or their extents differ
     */
    default Tensor tensordot(Tensor other, int axes) {
        if (axes < 0 || axes > rank() || axes > other.rank()) {
            throw ShapeException.of("tensordot", "not so many axes").operand("axes", axes).operand("left", shape())
                    .operand("right", other.shape()).expected("0 to " + Math.min(rank(), other.rank()));
        }
        return tensordot(other, IntStream.range(rank() - axes, rank()).toArray(), IntStream.range(0, axes).toArray());
    }

    /**
     * The product summed over pairs of axes: {@code axes[i]} of this runs with {@code otherAxes[i]} of the other, and an extent
     * of 1 stretches. The result has the other axes of this, then those of the other.
     *
     * @throws ShapeException if axes are out of range or named twice, their numbers differ, or their extents do
     */
    default Tensor tensordot(Tensor other, int[] axes, int[] otherAxes) {
        List<Integer> mine = distinct(shape(), axes);
        List<Integer> theirs = distinct(other.shape(), otherAxes);
        if (mine.size() != theirs.size()) {
            throw ShapeException.of("tensordot", "axes do not pair").operand("axes", mine).operand("other axes", theirs)
                    .expected("as many on both sides");
        }
        Tensor left = self();
        Tensor right = other;
        for (int i = 0; i < mine.size(); i++) {
            int a = dim(mine.get(i));
            int b = other.dim(theirs.get(i));
            if (a != b && a != 1 && b != 1) {
                throw ShapeException.of("tensordot", "extents differ").operand("left", shape())
                        .operand("axis", mine.get(i)).operand("right", other.shape())
                        .operand("other axis", theirs.get(i)).expected("equal extents, or 1");
            }
            left = a == b || a == 1 ? left : left.sum(Axes.keep(mine.get(i)));
            right = a == b || b == 1 ? right : right.sum(Axes.keep(theirs.get(i)));
        }
        List<Integer> free = rest(rank(), mine);
        List<Integer> otherFree = rest(other.rank(), theirs);
        int summed = extent(left, mine);
        Tensor rows = left.permute(joined(free, mine)).reshape(Shape.of(extent(left, free), summed));
        Tensor columns = right.permute(joined(theirs, otherFree)).reshape(Shape.of(summed, extent(right, otherFree)));
        int[] dims = IntStream.concat(free.stream().mapToInt(this::dim), otherFree.stream().mapToInt(other::dim))
                .toArray();
        return rows.matmul(columns).reshape(Shape.of(dims));
    }

    private static List<Integer> distinct(Shape shape, int[] axes) {
        List<Integer> resolved = new ArrayList<>();
        for (int axis : axes) {
            int at = shape.axis("tensordot", axis);
            if (resolved.contains(at)) {
                throw ShapeException.of("tensordot", "axis named twice").operand("axes", Arrays.toString(axes))
                        .operand("input", shape).expected("each axis at most once");
            }
            resolved.add(at);
        }
        return resolved;
    }

    private static List<Integer> rest(int rank, List<Integer> taken) {
        return IntStream.range(0, rank).filter(axis -> !taken.contains(axis)).boxed().toList();
    }

    private static int extent(Tensor x, List<Integer> axes) {
        return Shape.of(axes.stream().mapToInt(x::dim).toArray()).size();
    }

    private static int[] joined(List<Integer> first, List<Integer> second) {
        return IntStream.concat(first.stream().mapToInt(i -> i), second.stream().mapToInt(i -> i)).toArray();
    }

    /**
     * The cross product of vectors in space, {@code a x b}, along the first axis of extent 3; others broadcast.
     *
     * @throws ShapeException if no axis of this has the extent 3
     */
    default Tensor cross(Tensor other) {
        for (int axis = 0; axis < rank(); axis++) {
            if (dim(axis) == 3) {
                return cross(other, axis - rank());
            }
        }
        throw ShapeException.of("cross", "no vectors in space").operand("left", shape())
                .operand("right", other.shape()).expected("an axis of extent 3");
    }

    /**
     * The cross product of vectors in space along an axis of extent 3: {@code (a1 b2 - a2 b1, a2 b0 - a0 b2, a0 b1 - a1 b0)};
     * the other axes broadcast. Derivatives: {@code b x g} and {@code g x a}.
     *
     * @param axis of the tensors stretched to one shape
     * @throws ShapeException if the extent is not 3 on both sides
     */
    default Tensor cross(Tensor other, int axis) {
        Shape whole = Shape.broadcast("cross", shape(), other.shape());
        int at = whole.axis("cross", axis);
        Tensor left = self().expand(whole);
        Tensor right = other.expand(whole);
        if (lacks(this, at - whole.rank()) || lacks(other, at - whole.rank())) {
            throw ShapeException.of("cross", "no vectors in space").operand("left", shape())
                    .operand("right", other.shape()).operand("axis", axis).expected("an extent of 3 on both sides");
        }
        if (DType.promote(dtype(), other.dtype()) == DType.BOOL) {
            throw ShapeException.of("cross", "BOOL does not multiply").operand("left", spec())
                    .operand("right", other.spec()).expected("an integer or float");
        }
        return ahead(left, at, 1).mul(ahead(right, at, 2)).sub(ahead(left, at, 2).mul(ahead(right, at, 1)));
    }

    private static boolean lacks(Shaped x, int fromInnermost) {
        return x.rank() < -fromInnermost || x.dim(fromInnermost) != 3;
    }

    /** The elements along an axis moved up by {@code shift} places, in a circle. */
    private static Tensor ahead(Tensor x, int axis, int shift) {
        return Tensor.concat(axis, x.slice(axis, shift, 3), x.slice(axis, 0, shift));
    }
}
