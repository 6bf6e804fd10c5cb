package io.adjoint.serialization.onnx.write;

import static io.adjoint.serialization.onnx.write.MatrixParts.across;
import static io.adjoint.serialization.onnx.write.MatrixParts.down;
import static io.adjoint.serialization.onnx.write.MatrixParts.row;
import static io.adjoint.serialization.onnx.write.MatrixParts.rows;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.SortOrder;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.write.JacobiForm.Turned;
import java.util.List;

/** {@code a = U S V^T} in doubles with singular values descending, by Jacobi's rotations of the shorter side's rows. */
final class SvdForm {
    private final Emitter nodes;
    private final Formulas formulas;
    private final JacobiForm jacobi;

    SvdForm(Emitter nodes) {
        this.nodes = nodes;
        this.formulas = new Formulas(nodes);
        this.jacobi = new JacobiForm(nodes);
    }

    /**
     * The decomposition, of vectors in rows.
     *
     * @param u {@code [..., k, m]}
     * @param s {@code [..., k, 1]}
     * @param v {@code [..., k, n]}
     */
    record Factors(Term u, Term s, Term v) {}

    Factors factors(Term a) {
        return factors(a, nodes.number(1, DType.BOOL));
    }

    /** As {@link #factors(Term)} if they are needed, else some numbers. */
    Factors factors(Term a, Term isNeeded) {
        boolean isTall = a.dim(-2) >= a.dim(-1);
        int k = Math.min(a.dim(-2), a.dim(-1));
        List<Term> begin = formulas.write(in -> begin(isTall ? in.getFirst().transpose() : in.getFirst()), a);
        List<Term> end =
                jacobi.turn(k, isNeeded, List.of(begin.getFirst(), nodes.identity(a.shape().with(-2, k).with(-1, k))),
                        List.of(begin.get(1)), SvdForm::turn);
        List<Term> sorted = formulas.write(in -> sorted(in.getFirst(), in.getLast()), end.getFirst(), end.getLast());
        Term missing = sorted.get(2);
        Term isMissing = formulas.one(in -> in.getFirst().and(in.getLast().any()), isNeeded, missing);
        Term wide = formulas.repeatWhile(k, isMissing, List.of(sorted.getFirst()), List.of(missing),
                (at, state, fixed) -> List.of(at.lt(k), complete(at, state.getFirst(), fixed.getFirst()))).getFirst();
        List<Term> signed = formulas.write(in -> {
            Tensor signs = Signs.ofGreatest(isTall ? in.get(0) : in.get(1));
            return List.of(in.get(0).mul(signs), in.get(1).mul(signs), in.get(2).mul(in.get(3)));
        }, wide, sorted.get(1), sorted.get(3), begin.getLast());
        return isTall ? new Factors(signed.get(0), signed.get(2), signed.get(1))
                : new Factors(signed.get(1), signed.get(2), signed.get(0));
    }

    /** The scaled rows, up to which length a row is what rounding left of none, and the scale. */
    private static List<Tensor> begin(Tensor w) {
        Tensor power = Scaling.power(w);
        Tensor scaled = w.div(power);
        Tensor noise = scaled.square().sum(Axes.keep(-2, -1)).sqrt().mul(w.dim(-1) * 0x1p-53);
        return List.of(scaled, noise, power);
    }

    /** Turns pairs of rows that are not orthogonal, and what says how they were made. */
    private static Turned turn(Rotations rotations, List<Tensor> state, List<Tensor> fixed) {
        Tensor w = state.getFirst();
        Tensor squares = w.square().sum(Axes.keep(-1));
        Tensor products = w.mul(rotations.ofPartner(w)).sum(Axes.keep(-1));
        Tensor lengths = squares.sqrt().maximum(fixed.getFirst());
        double tolerance = Math.sqrt(w.dim(-1)) * 0x1p-52;
        Tensor negligible = rotations.first(lengths).mul(tolerance).mul(rotations.second(lengths));
        Tensor isTurned = rotations.isPair().and(products.abs().gt(negligible));
        Rotations.Turn turn = rotations.turn(isTurned, squares, products);
        return new Turned(isTurned, List.of(rotations.apply(turn, w), rotations.apply(turn, state.getLast())));
    }

    /** Unit rows by descending length, what they were made from, which are missing since their length is nothing, and lengths. */
    private static List<Tensor> sorted(Tensor w, Tensor v) {
        Tensor poison = Scaling.poison(w);
        Tensor lengths = w.square().sum(Axes.keep(-1)).sqrt().add(poison);
        Tensor order = lengths.argsort(-2, SortOrder.DESCENDING);
        Tensor s = rows(lengths, order);
        Tensor negligible = s.slice(-2, 0, 1).mul(w.dim(-1)).mul(0x1p-52);
        return List.of(rows(w, order).div(s), rows(v, order).add(poison), s.le(negligible), s);
    }

    /**
     * A missing row becomes the first unit vector, made orthogonal to the rows before it, that has something left. The second
     * pass takes away what the first one's rounding left.
     */
    private static Tensor complete(Tensor at, Tensor x, Tensor isMissing) {
        int length = x.dim(-1);
        Tensor before = down(x.dim(-2)).lt(at).where(x, 0);
        Tensor turned = across(x.dim(-2)).lt(at).where(x.transpose(), 0);
        Tensor units = down(length).eq(across(length)).cast(x.dtype());
        Tensor once = units.sub(turned.matmul(before));
        Tensor twice = once.sub(once.matmul(turned).matmul(before));
        Tensor rest = twice.square().sum(Axes.keep(-1)).sqrt();
        Tensor first = rest.square().mul(2 * length).gt(1).cast(x.dtype()).argmax(-2).unsqueeze(-2);
        Tensor unit = rows(twice, first).div(rows(rest, first));
        return down(x.dim(-2)).eq(at).and(isMissing).where(unit, x);
    }
}
