package io.adjoint.serialization.onnx.write;

import static io.adjoint.serialization.onnx.write.MatrixParts.across;
import static io.adjoint.serialization.onnx.write.MatrixParts.down;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import java.util.List;

/**
 * Functions of whole matrices in doubles, by their decompositions. No product has a transposed factor as it is: ONNX Runtime
 * would join the two to an operator that it lacks in doubles.
 */
final class MatrixForms {
    /** Coefficients of the Pade approximant of degree 13 to the exponential: Higham, The scaling and squaring method, 2005. */
    private static final double[] PADE = {64764752532480000.0, 32382376266240000.0, 7771770303897600.0,
        1187353796428800.0, 129060195264000.0, 10559470521600.0, 670442572800.0, 33522128640.0, 1323241920.0,
        40840800.0, 960960.0, 16380.0, 182.0, 1.0};

    /** Up to this 1-norm the approximant is exact to the last bit of a double: the same paper, table 2.3. */
    private static final double REACH = 5.371920351148152;

    /** More squarings than any finite matrix needs. */
    private static final int SQUARINGS = 1100;

    /** A matrix with pivots further apart is treated as singular where division by the determinant is to be avoided. */
    private static final double SINGULAR = 0x1p-26;

    private final Emitter nodes;
    private final Formulas formulas;
    private final LuForm lus;
    private final SvdForm svds;

    MatrixForms(Emitter nodes) {
        this.nodes = nodes;
        this.formulas = new Formulas(nodes);
        this.lus = new LuForm(nodes);
        this.svds = new SvdForm(nodes);
    }

    /** The determinant. */
    Term det(Term a) {
        LuForm.Factors lu = lus.factors(a);
        return formulas.one(in -> product(in.getFirst()).mul(in.getLast()).squeeze(-1).squeeze(-1), lu.both(),
                lu.parity());
    }

    /** Of the pivots: {@code [..., n, n] -> [..., 1, 1]}. */
    private static Tensor product(Tensor lu) {
        return lu.diagonal().prod(-1).unsqueeze(-1).unsqueeze(-1);
    }

    /** The product of the pivots' signs: {@code [..., n, n] -> [..., 1, 1]}. */
    private static Tensor sign(Tensor lu) {
        return lu.diagonal().sign().prod(-1).unsqueeze(-1).unsqueeze(-1);
    }

    /** The determinant's sign, and the logarithm of its magnitude: {@code [..., 2]}. */
    Term logDet(Term a) {
        LuForm.Factors lu = lus.factors(a);
        return formulas.one(in -> {
            Tensor sign = sign(in.getFirst()).mul(in.getLast()).squeeze(-1);
            Tensor logs = in.getFirst().diagonal().abs().log().sum(-1).unsqueeze(-1);
            return Tensor.concat(-1, sign, logs);
        }, lu.both(), lu.parity());
    }

    /** The signed minors: by the inverse, and by singular values where some matrix has hardly one. */
    Term cofactors(Term a) {
        LuForm.Factors lu = lus.factors(a);
        Term inverse = lus.solveTransposed(lu, nodes.identity(a.shape()));
        Term isSingular = formulas.one(in -> {
            Tensor pivots = in.getFirst().diagonal().abs();
            Tensor isFar = pivots.min(-1).gt(pivots.max(-1).mul(SINGULAR));
            return isFar.not().unsqueeze(-1).unsqueeze(-1);
        }, lu.both());
        SvdForm.Factors svd = svds.factors(a, formulas.one(in -> in.getFirst().any(), isSingular));
        LuForm.Factors u = lus.factors(svd.u());
        LuForm.Factors v = lus.factors(svd.v());
        Term turn = formulas.one(
                in -> sign(in.get(0)).mul(in.get(1)).mul(sign(in.get(2))).mul(in.get(3)),
                u.both(), u.parity(), v.both(), v.parity());
        return formulas.one(in -> {
            Tensor determinant = product(in.get(1)).mul(in.get(2));
            Tensor s = in.get(6);
            int n = s.dim(-2);
            Tensor others = down(n).eq(across(n)).where(1, s).prod(Axes.keep(-2)).mul(in.get(4));
            Tensor minors = in.get(5).transpose().mul(others).matmul(in.get(7));
            return in.get(3).where(minors, in.get(0).mul(determinant));
        }, inverse, lu.both(), lu.parity(), isSingular, turn, svd.u(), svd.s(), svd.v());
    }

    /** The pseudo-inverse. */
    Term pseudoInverse(Term a, double tolerance) {
        SvdForm.Factors svd = svds.factors(a);
        return formulas.one(in -> {
            Tensor s = in.get(1).transpose();
            Tensor isZero = s.le(s.slice(-1, 0, 1).mul(tolerance));
            return isZero.where(0, in.get(2).transpose().div(s)).matmul(in.get(0));
        }, svd.u(), svd.s(), svd.v());
    }

    /** The exponential, by scaling and squaring: each matrix is squared as often as it needs. */
    Term exp(Term a) {
        List<Term> pade = formulas.write(in -> {
            Tensor x = in.getFirst();
            Tensor norm = x.abs().sum(Axes.keep(-2)).max(Axes.keep(-1));
            Tensor isScaled = norm.gt(REACH).and(norm.lt(Double.POSITIVE_INFINITY));
            Tensor squarings = isScaled.where(norm.div(REACH), 0.5).log2().floor().add(1);
            Tensor scaled = x.mul(squarings.mul(-0.5).exp2().square());
            Tensor a2 = scaled.matmul(scaled);
            Tensor a4 = a2.matmul(a2);
            Tensor a6 = a4.matmul(a2);
            Tensor odd = scaled.matmul(polynomial(a2, a4, a6, 1));
            Tensor even = polynomial(a2, a4, a6, 0);
            return List.of(even.add(odd), even.sub(odd), squarings);
        }, a);
        Term x = lus.solve(lus.factors(pade.get(1)), pade.getFirst());
        Term isAny = formulas.one(in -> in.getFirst().gt(0).any(), pade.getLast());
        Term squared = formulas.repeatWhile(SQUARINGS, isAny, List.of(x), List.of(pade.getLast()),
                (round, state, fixed) -> {
                    Tensor left = fixed.getFirst().sub(round.cast(DType.F64));
                    Tensor y = state.getFirst();
                    return List.of(left.gt(1).any(), left.gt(0).where(y.matmul(y), y));
                }).getFirst();
        return formulas.one(in -> in.getFirst().add(Scaling.poison(in.getLast())), squared, a);
    }

    /** The even powers of the approximant, or the odd ones with a factor taken out. */
    private static Tensor polynomial(Tensor a2, Tensor a4, Tensor a6, int odd) {
        int n = a2.dim(-1);
        Tensor high = a6.mul(PADE[12 + odd]).add(a4.mul(PADE[10 + odd])).add(a2.mul(PADE[8 + odd]));
        Tensor one = down(n).eq(across(n)).cast(DType.F64).mul(PADE[odd]);
        return a6.matmul(high).add(a6.mul(PADE[6 + odd]).add(a4.mul(PADE[4 + odd])).add(a2.mul(PADE[2 + odd])))
                .add(one);
    }
}
