package io.adjoint.autodiff.function;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/** What functions of matrices ask of them, and parts of matrices. */
final class Matrix {
    private Matrix() {}

    /** The matrices as floats; refused if there is no matrix. */
    static Tensor require(String function, Tensor a) {
        if (a.rank() < 2) {
            throw ShapeException.of(function, "not a matrix").operand("input", a.shape()).expected("rank 2 or more");
        }
        return Floats.of(a);
    }

    /** The square matrices as floats; refused if rows and columns differ in number. */
    static Tensor requireSquare(String function, Tensor a) {
        Tensor x = require(function, a);
        if (a.dim(-1) != a.dim(-2)) {
            throw ShapeException.of(function, "the matrix is not square").operand("input", a.shape())
                    .expected("as many rows as columns");
        }
        return x;
    }

    /** The identity of the dtype and size of square matrices. */
    static Tensor identity(Tensor like) {
        Tensor numbers = Tensor.range(like.dim(-1));
        return numbers.unsqueeze(1).eq(numbers).cast(like.dtype());
    }

    /** BOOL {@code [m, n]}: on the diagonal or below it. */
    static Tensor below(int m, int n) {
        return Tensor.range(m).unsqueeze(1).ge(Tensor.range(n));
    }

    /**
     * What a decomposition of symmetric matrices sees: the lower triangle mirrored, with the gradient shared evenly between
     * an element and its mirror image, as among symmetric matrices.
     */
    static Tensor symmetric(Tensor a) {
        Tensor mean = a.mul(0.5).add(a.transpose().mul(0.5));
        Tensor seen = below(a.dim(-1), a.dim(-1)).where(a, a.transpose());
        return mean.add(seen.sub(mean).detached());
    }
}
