package io.adjoint.serialization.onnx.write;

import static io.adjoint.serialization.onnx.write.MatrixParts.across;
import static io.adjoint.serialization.onnx.write.MatrixParts.column;
import static io.adjoint.serialization.onnx.write.MatrixParts.down;
import static io.adjoint.serialization.onnx.write.MatrixParts.row;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import java.util.List;

/** Triangular matrices in doubles: solving with one, and taking the root of a positive definite one. A round for each row. */
final class TriangularForm {
    private final Emitter nodes;
    private final Formulas formulas;

    TriangularForm(Emitter nodes) {
        this.nodes = nodes;
        this.formulas = new Formulas(nodes);
    }

    /** The half that counts. */
    enum Half {
        LOWER, UPPER;

        static Half of(boolean lower) {
            return lower ? LOWER : UPPER;
        }
    }

    /** What is on the diagonal. */
    enum Diagonal {
        ITS_OWN, ONES;

        static Diagonal of(boolean unit) {
            return unit ? ONES : ITS_OWN;
        }
    }

    /** The solution for right sides of the whole batch: each number, once known, is taken out of the equations ahead. */
    Term solve(Term a, Term b, Half half, Diagonal diagonal) {
        int n = a.dim(-1);
        return formulas.repeat(n, List.of(b), List.of(a), (round, state, fixed) -> {
            Tensor x = state.getFirst();
            Tensor matrix = fixed.getFirst();
            Tensor at = half == Half.LOWER ? round : round.rsub(n - 1);
            Tensor factors = column(matrix, at);
            Tensor known = diagonal == Diagonal.ONES ? row(x, at) : row(x, at).div(row(factors, at));
            Tensor isAhead = half == Half.LOWER ? down(n).gt(at) : down(n).lt(at);
            return List.of(down(n).eq(at).where(known, isAhead.where(x.sub(factors.mul(known)), x)));
        }).getFirst();
    }

    /** The lower Cholesky factor. NaN from the first column on whose leading minor is not positive. */
    Term root(Term a) {
        int n = a.dim(-1);
        Term zeros = nodes.zeros(a.spec());
        return formulas.repeat(n, List.of(zeros), List.of(a), (at, state, fixed) -> {
            Tensor root = state.getFirst();
            Tensor along = root.mul(row(root, at)).sum(Axes.keep(-1));
            Tensor rest = column(fixed.getFirst(), at).sub(along);
            Tensor pivot = row(rest, at);
            Tensor onDiagonal = pivot.gt(0).where(pivot, Double.NaN).sqrt();
            Tensor filled = down(n).eq(at).where(onDiagonal, down(n).gt(at).where(rest.div(onDiagonal), 0));
            return List.of(across(n).eq(at).where(filled, root));
        }).getFirst();
    }
}
