package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import java.util.List;

/**
 * The logarithm y of a gamma distributed number with {@code P(a, e^y) = p}, in double, by Newton's method on the logarithm of P or
 * of 1 - P. From Wilson and Hilferty's cube of a normal number, or from the left tail, where P is nearly {@code x^a / gamma(a +
 * 1)}, eight steps lead anywhere.
 */
final class QuantileLowering {
    private static final int STEPS = 9;

    private final Emitter nodes;
    private final Formulas formulas;

    QuantileLowering(Emitter nodes) {
        this.nodes = nodes;
        this.formulas = new Formulas(nodes);
    }

    Term lower(List<Term> inputs, TensorSpec spec) {
        Shape shape = spec.shape();
        if (shape.size() == 0) {
            return nodes.zeros(spec);
        }
        List<Term> columns = formulas.write(in -> Columns.of(in, shape), inputs);
        List<Term> plain = formulas.write(in -> {
            Tensor isPlain = isPlain(in.getFirst(), in.getLast());
            Tensor a = isPlain.where(in.getFirst(), 1);
            Tensor p = isPlain.where(in.getLast(), 0.5);
            return List.of(a, p, start(a, p));
        }, columns);
        Term goesOn = nodes.number(1, DType.BOOL);
        Term y = formulas.loop(STEPS, goesOn, List.of(plain.getLast()),
                (inside, _, state) -> new Formulas(inside).write(
                        in -> List.of(in.get(0), step(in.get(1), in.get(2), in.get(3))),
                        List.of(goesOn, plain.get(0), plain.get(1), state.getFirst())))
                .getFirst();
        return formulas.write(in -> List.of(result(in.get(0), in.get(1), in.get(2)).reshape(shape).cast(spec.dtype())),
                List.of(columns.getFirst(), columns.getLast(), y)).getFirst();
    }

    private static Tensor isPlain(Tensor a, Tensor p) {
        return a.gt(0).and(a.lt(Double.POSITIVE_INFINITY)).and(p.gt(0)).and(p.lt(1));
    }

    private static Tensor result(Tensor a, Tensor p, Tensor y) {
        Tensor isDefined = a.gt(0).and(a.lt(Double.POSITIVE_INFINITY)).and(p.ge(0)).and(p.le(1));
        Tensor edge = p.eq(0).where(Double.NEGATIVE_INFINITY, p.eq(1).where(Double.POSITIVE_INFINITY, y));
        return isDefined.where(edge, Double.NaN);
    }

    private static Tensor start(Tensor a, Tensor p) {
        Tensor ninth = a.mul(9).reciprocal();
        Tensor away = awayFromHalf(p);
        Tensor cube = ninth.rsub(1).add(ninth.mul(2).sqrt().mul(p.lt(0.5).where(away.neg(), away)));
        Tensor isCentral = a.ge(1).and(cube.gt(0.2));
        return isCentral.where(a.log().add(isCentral.where(cube, 1).log().mul(3)),
                p.log().add(a.add(1).lgamma()).div(a));
    }

    /** The inverse error function of {@code |2 p - 1|} within 0.2 per cent (Winitzki, 2008). */
    private static Tensor awayFromHalf(Tensor p) {
        double a = 0.147;
        Tensor log = p.mul(4).mul(p.rsub(1)).log();
        Tensor half = log.mul(0.5).add(2 / (Math.PI * a));
        return half.square().sub(log.div(a)).sqrt().sub(half).maximum(0).sqrt();
    }

    private static Tensor step(Tensor a, Tensor p, Tensor y) {
        Tensor isUpper = p.gt(0.5);
        Tensor wanted = isUpper.where(p.neg().log1p(), p.log());
        Tensor x = y.exp();
        Tensor isAbove = x.ge(a.add(1));
        Tensor factor = IncompleteGammaForm.factor(isAbove, a, x);
        Tensor part = IncompleteGammaForm.logDensity(isAbove, a, x, y).add(factor.log());
        Tensor share = isAbove.where(factor, factor.div(a)); // of the part in the density
        Tensor isOther = isUpper.ne(isAbove);
        Tensor rest = part.exp();
        Tensor log = isOther.where(rest.neg().log1p(), part);
        Tensor scale = isOther.where(share.mul(rest.rsub(1).div(rest)), share);
        Tensor step = isUpper.where(log.sub(wanted), wanted.sub(log)).mul(scale);
        return y.add(step.maximum(a.rdiv(2).add(2).neg()).minimum(2));
    }
}
