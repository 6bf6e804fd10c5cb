package io.adjoint.serialization.onnx.write;

import static io.adjoint.serialization.onnx.write.MatrixParts.across;
import static io.adjoint.serialization.onnx.write.MatrixParts.down;
import static io.adjoint.serialization.onnx.write.MatrixParts.rows;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.write.JacobiForm.Turned;
import java.util.List;

/** Eigenvalues, ascending, and eigenvectors of symmetric matrices in doubles by Jacobi's rotations. */
final class EighForm {
    private final Emitter nodes;
    private final Formulas formulas;
    private final JacobiForm jacobi;

    EighForm(Emitter nodes) {
        this.nodes = nodes;
        this.formulas = new Formulas(nodes);
        this.jacobi = new JacobiForm(nodes);
    }

    /** Values {@code [..., 1, n]}, and vectors as columns {@code [..., n, n]}; the lower triangle is read. */
    List<Term> factors(Term a) {
        int n = a.dim(-1);
        List<Term> begin = formulas.write(in -> {
            Tensor mirrored = mirrored(in.getFirst());
            Tensor power = Scaling.power(mirrored);
            Tensor scaled = mirrored.div(power);
            Tensor negligible = scaled.square().sum(Axes.keep(-2, -1)).sqrt().mul(0x1p-56);
            return List.of(scaled, negligible, power);
        }, a);
        List<Term> end =
                jacobi.turn(n, nodes.number(1, DType.BOOL), List.of(begin.getFirst(), nodes.identity(a.shape())),
                        List.of(begin.get(1)), EighForm::turn);
        return formulas.write(in -> {
            Tensor values = in.get(0).diagonal().unsqueeze(-1);
            Tensor order = values.argsort(-2);
            Tensor vectors = rows(in.get(1), order);
            Tensor poison = Scaling.poison(in.get(0));
            return List.of(rows(values, order).add(poison).mul(in.get(2)).transpose(),
                    vectors.mul(Signs.ofGreatest(vectors)).add(poison).transpose());
        }, end.getFirst(), end.getLast(), begin.getLast());
    }

    private static Tensor mirrored(Tensor a) {
        return down(a.dim(-1)).ge(across(a.dim(-1))).where(a, a.transpose());
    }

    /** Turns rows and columns of the matrix, and the rows that become eigenvectors. */
    private static Turned turn(Rotations rotations, List<Tensor> state, List<Tensor> fixed) {
        Tensor a = state.getFirst();
        int n = a.dim(-1);
        Tensor partner = rotations.partner();
        Tensor products = a.gather(-1, partner.expand(a.shape().with(-1, 1)));
        Tensor isTurned = rotations.isPair().and(products.abs().gt(fixed.getFirst()));
        Tensor diagonal = a.diagonal().unsqueeze(-1);
        Rotations.Turn turn = rotations.turn(isTurned, diagonal, products);
        Tensor half = rotations.apply(turn, a);
        Tensor whole = rotations.apply(turn, half.transpose());
        Tensor cleared = isTurned.and(partner.eq(across(n))).where(0, whole);
        Tensor next = down(n).eq(across(n)).where(diagonal.add(turn.tangent().mul(products)), cleared);
        return new Turned(isTurned, List.of(mirrored(next), rotations.apply(turn, state.getLast())));
    }
}
