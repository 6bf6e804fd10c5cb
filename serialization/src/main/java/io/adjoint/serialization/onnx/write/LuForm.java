package io.adjoint.serialization.onnx.write;

import static io.adjoint.serialization.onnx.write.MatrixParts.across;
import static io.adjoint.serialization.onnx.write.MatrixParts.column;
import static io.adjoint.serialization.onnx.write.MatrixParts.down;
import static io.adjoint.serialization.onnx.write.MatrixParts.row;
import static io.adjoint.serialization.onnx.write.MatrixParts.rows;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.write.TriangularForm.Diagonal;
import io.adjoint.serialization.onnx.write.TriangularForm.Half;
import java.util.List;

/**
 * {@code P a = L U} in doubles by Gaussian elimination, a round for each column. The pivot is the greatest element of a column,
 * the first among equals.
 */
final class LuForm {
    private final Emitter nodes;
    private final Formulas formulas;
    private final TriangularForm triangular;

    LuForm(Emitter nodes) {
        this.nodes = nodes;
        this.formulas = new Formulas(nodes);
        this.triangular = new TriangularForm(nodes);
    }

    /**
     * The factors.
     *
     * @param both L below the diagonal, and U on it and above: {@code [..., n, n]}
     * @param order which row of the matrix each row was: {@code [..., n, 1]}
     * @param parity 1 or -1, as the order is even or odd: {@code [..., 1, 1]}
     */
    record Factors(Term both, Term order, Term parity) {}

    Factors factors(Term a) {
        int n = a.dim(-1);
        Shape column = a.shape().with(-1, 1);
        Term order = nodes.expand(nodes.constant(down(n)), column);
        Term even = nodes.expand(nodes.number(1, DType.F64), column.with(-2, 1));
        List<Term> end = formulas.repeat(n, List.of(a, order, even), List.of(),
                (at, state, _) -> eliminate(at, state.get(0), state.get(1), state.get(2)));
        return new Factors(end.get(0), end.get(1), end.get(2));
    }

    private static List<Tensor> eliminate(Tensor at, Tensor a, Tensor order, Tensor parity) {
        int n = a.dim(-1);
        Tensor sizes = column(a, at).abs();
        Tensor candidates = down(n).lt(at).where(-1, sizes.isNaN().where(Double.POSITIVE_INFINITY, sizes));
        Tensor pivot = candidates.argmax(-2).unsqueeze(-2);
        Tensor exchanged = down(n).eq(at).where(pivot, down(n).eq(pivot).where(at, down(n)));
        Tensor moved = rows(a, exchanged);
        Tensor lead = row(moved, at);
        Tensor head = column(lead, at);
        Tensor factors = column(moved, at).div(head);
        Tensor reduced = across(n).eq(at).where(factors, across(n).gt(at).where(moved.sub(factors.mul(lead)), moved));
        // below a pivot that is 0 all is 0 already
        Tensor isReduced = down(n).gt(at).and(head.ne(0));
        return List.of(isReduced.where(reduced, moved), rows(order, exchanged),
                pivot.eq(at).where(parity, parity.neg()));
    }

    /** {@code a^-1 b} for right sides of the whole batch; not finite if the matrix is singular. */
    Term solve(Factors lu, Term b) {
        Term ordered = formulas.one(in -> rows(in.getFirst(), in.getLast()), b, lu.order());
        Term half = triangular.solve(lu.both(), ordered, Half.LOWER, Diagonal.ONES);
        return triangular.solve(lu.both(), half, Half.UPPER, Diagonal.ITS_OWN);
    }

    /** {@code a^-T b} for right sides of the whole batch; not finite if the matrix is singular. */
    Term solveTransposed(Factors lu, Term b) {
        Term turned = formulas.one(in -> in.getFirst().transpose(), lu.both());
        Term half = triangular.solve(turned, b, Half.LOWER, Diagonal.ITS_OWN);
        Term ordered = triangular.solve(turned, half, Half.UPPER, Diagonal.ONES);
        return formulas.one(in -> rows(in.getFirst(), in.getLast().argsort(-2)), ordered, lu.order());
    }
}
