package io.adjoint.serialization.onnx.write;

import static io.adjoint.serialization.onnx.write.MatrixParts.across;
import static io.adjoint.serialization.onnx.write.MatrixParts.column;
import static io.adjoint.serialization.onnx.write.MatrixParts.down;
import static io.adjoint.serialization.onnx.write.MatrixParts.row;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import java.util.List;

/** {@code a = Q R} in doubles by reflections, with no negative number on the diagonal of R. A round for each column. */
final class QrForm {
    private final Emitter nodes;
    private final Formulas formulas;

    QrForm(Emitter nodes) {
        this.nodes = nodes;
        this.formulas = new Formulas(nodes);
    }

    /** Q and R of matrices with at least as many rows as columns: {@code [..., m, n]} and {@code [..., n, n]}. */
    List<Term> factors(Term a) {
        int n = a.dim(-1);
        List<Term> scaled = formulas.write(in -> {
            Tensor power = Scaling.power(in.getFirst());
            return List.of(in.getFirst().div(power), power);
        }, a);
        Term zeros = nodes.zeros(a.spec());
        List<Term> cleared = formulas.repeat(n, List.of(scaled.getFirst(), zeros), List.of(),
                (at, state, _) -> clear(at, state.getFirst(), state.getLast()));
        Term one = nodes.identity(a.shape());
        Term q = formulas.repeat(n, List.of(one), List.of(cleared.getLast()), (round, state, fixed) -> List.of(
                reflected(column(fixed.getFirst(), round.rsub(n - 1)), state.getFirst()))).getFirst();
        return formulas.write(in -> {
            Tensor r = in.get(1).slice(-2, 0, n).triu(0);
            Tensor isNegative = r.diagonal().lt(0);
            Tensor rows = isNegative.unsqueeze(-1);
            return List.of(isNegative.unsqueeze(-2).where(in.get(0).neg(), in.get(0)),
                    rows.where(r.neg(), r).mul(in.get(2)));
        }, q, cleared.getFirst(), scaled.getLast());
    }

    /** The matrix with zeros below the diagonal of one more column, and the unit vector of the reflection among the others. */
    private static List<Tensor> clear(Tensor at, Tensor a, Tensor mirrors) {
        int m = a.dim(-2);
        Tensor column = column(a, at);
        Tensor head = row(column, at);
        Tensor below = down(m).gt(at).where(column, 0);
        Tensor squares = below.square().sum(Axes.keep(-2));
        Tensor first = head.add(head.square().add(squares).sqrt().copySign(head));
        Tensor length = first.square().add(squares).sqrt();
        Tensor mirror = squares.eq(0).where(0, down(m).eq(at).where(first, below).div(length));
        return List.of(reflected(mirror, a), across(a.dim(-1)).eq(at).where(mirror, mirrors));
    }

    /** {@code x - 2 v (v^T x)}. */
    private static Tensor reflected(Tensor v, Tensor x) {
        Tensor along = v.mul(x).sum(Axes.keep(-2));
        return x.sub(v.mul(2).mul(along));
    }
}
