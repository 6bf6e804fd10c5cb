package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Transforms;
import io.adjoint.autodiff.op.IncompleteGamma.Tail;
import java.util.function.UnaryOperator;

/**
 * The regularised incomplete gamma functions in double, of columns. With {@code h = x^a e^-x / gamma(a)}, the density of the
 * logarithm, {@code P} is {@code h} times the integral of {@code e^(a s - x (e^s - 1))} over s below 0, and {@code Q} that above.
 * Each is taken where it is the smaller one, over the stretch where it is not negligible; where a is small that would be long
 * below, so there it is taken for a greater a, to which the recurrence leads. Derivatives by a are those of this form.
 */
final class IncompleteGammaForm {
    /** An exponent that is negligible, and so are its products with powers of s. */
    static final double NEGLIGIBLE = 45;

    /** Steps of the recurrence. */
    static final int STEPS = 8;

    static final int POINTS = 32;

    /** Parameters from it on have a logarithm of gamma whose large terms can be cancelled by hand. */
    static final double LARGE = 12;

    /** {@code 1 / k!} for k from 17 to 2: {@code (e^s - 1 - s) / s^2} up to a half. */
    private static final double[] EXPONENTIAL = new double[16];

    /** {@code 1 / (2k + 1)} for k from 18 to 1. */
    private static final double[] ARC = new double[18];

    static {
        double factorial = 1;
        for (int k = 2; k <= 17; k++) {
            factorial *= k;
            EXPONENTIAL[17 - k] = 1 / factorial;
        }
        for (int k = 1; k <= 18; k++) {
            ARC[18 - k] = 1.0 / (2 * k + 1);
        }
    }

    private IncompleteGammaForm() {}

    /** The derivative by a of this order. */
    static Tensor of(Tail tail, int order, Tensor a, Tensor x) {
        Tensor isDefined = a.gt(0).and(x.ge(0));
        Tensor isEdge = x.eq(0).or(x.isInf()).or(a.isInf());
        Tensor isPlain = isDefined.and(isEdge.not());
        Tensor plainX = isPlain.where(x, 1);
        Tensor value = derivative(p -> part(tail, p, plainX), isPlain.where(a, 1), order);
        Tensor isOne = tail == Tail.UPPER ? x.lt(a) : x.ge(a);
        Tensor edge = isOne.where(order == 0 ? 1 : 0, 0).cast(x.dtype());
        return isDefined.where(isPlain.where(value, edge), Double.NaN);
    }

    private static Tensor part(Tail tail, Tensor a, Tensor x) {
        Tensor isAbove = x.ge(a.add(1));
        Tensor share = factor(isAbove, a, x).mul(logDensity(isAbove, a, x, x.log()).exp());
        return tail == Tail.UPPER ? isAbove.where(share, share.rsub(1)) : isAbove.where(share.rsub(1), share);
    }

    /** The derivative of an elementwise function. */
    static Tensor derivative(UnaryOperator<Tensor> function, Tensor x, int order) {
        return order == 0 ? function.apply(x)
                : derivative(Transforms.grad(at -> function.apply(at).sum()), x, order - 1);
    }

    /**
     * How the logarithm y of a number moves with a so that {@code P(a, e^y)} stays: {@code -(dP/da) / (dP/dy)}; the derivative by a
     * of this order.
     */
    static Tensor slope(int order, Tensor a, Tensor y) {
        Tensor isDefined = a.gt(0).and(a.isInf().not()).and(y.lt(700));
        Tensor plainY = isDefined.where(y, 0);
        Tensor value = derivative(p -> slope(p, plainY), isDefined.where(a, 1), order);
        return isDefined.where(value, Double.NaN);
    }

    private static Tensor slope(Tensor a, Tensor y) {
        Tensor x = y.exp();
        Tensor isAbove = x.ge(a.add(1));
        UnaryOperator<Tensor> factor = p -> factor(isAbove, p, x);
        Tensor growth = y.sub(isAbove.where(a, a.add(1)).digamma());
        Tensor rise = growth.mul(factor.apply(a)).add(derivative(factor, a, 1));
        return isAbove.where(rise, rise.neg().div(a));
    }

    /** What {@code h} is multiplied by, below {@code a + 1} {@code h / a}. */
    static Tensor factor(Tensor isAbove, Tensor a, Tensor x) {
        Tensor shifted = isAbove.where(a, a.add(STEPS));
        Tensor stretch = stretch(isAbove, shifted.detached(), x.detached());
        Tensor away = shifted.sub(x);
        Tensor integral = Quadrature.of(POINTS).integral(points -> {
            Tensor s = stretch.mul(points);
            return away.mul(s).sub(x.mul(beyond(s))).exp();
        }).mul(stretch.abs());
        Tensor below = isAbove.where(0, x);
        Tensor series = shifted.mul(integral);
        for (int k = STEPS; k > 0; k--) {
            series = series.mul(below.div(a.add(k))).add(1);
        }
        return isAbove.where(integral, series);
    }

    /**
     * Where the exponent has become negligible, or later: from bounds of {@code e^s - 1 - s} by {@code s^2 / 2} above 0 and {@code
     * s^2 / (2 - s)} below, and one step towards it.
     */
    private static Tensor stretch(Tensor isAbove, Tensor a, Tensor x) {
        Tensor away = isAbove.where(x.sub(a), a.sub(x));
        Tensor linear = isAbove.where(away.mul(2).neg(), away.mul(2).rsub(NEGLIGIBLE));
        Tensor square = isAbove.where(x, a).mul(8 * NEGLIGIBLE);
        Tensor root = linear.square().add(square).sqrt();
        return isAbove.where(upper(a, x, linear, root), lower(a, x, linear, root).neg());
    }

    private static Tensor upper(Tensor a, Tensor x, Tensor linear, Tensor root) {
        Tensor first = root.sub(linear).rdiv(4 * NEGLIGIBLE);
        return first.minimum(a.mul(first).add(NEGLIGIBLE).div(x).log1p());
    }

    private static Tensor lower(Tensor a, Tensor x, Tensor linear, Tensor root) {
        Tensor first = positiveRoot(a, linear, root);
        return first.minimum(x.mul(first.neg().exp().rsub(1)).add(NEGLIGIBLE).div(a));
    }

    /** The positive r with {@code a r^2 - linear r - 2 NEGLIGIBLE = 0}, of which the root is given, without a difference. */
    static Tensor positiveRoot(Tensor a, Tensor linear, Tensor root) {
        return linear.gt(0).where(linear.add(root).div(a.mul(2)), root.sub(linear).rdiv(4 * NEGLIGIBLE));
    }

    /** {@code e^s - 1 - s}. */
    private static Tensor beyond(Tensor s) {
        Tensor isNear = s.abs().lt(0.5);
        Tensor near = isNear.where(s, 0);
        return isNear.where(near.square().mul(Polynomial.of(near, EXPONENTIAL)), s.exp().sub(1).sub(s));
    }

    /** {@code ln h}, below {@code a + 1} that of {@code h / a}. */
    static Tensor logDensity(Tensor isAbove, Tensor a, Tensor x, Tensor y) {
        Tensor isSmall = a.lt(LARGE);
        Tensor direct = a.mul(y).sub(x).sub(isAbove.where(a, a.add(1)).lgamma());
        Tensor large = isSmall.where(LARGE, a);
        Tensor largeX = isSmall.where(LARGE, x);
        Tensor log = large.div(2 * Math.PI).log().mul(0.5)
                .sub(large.mul(excess(largeX.sub(large).div(large)))).sub(GammaForms.stirling(large));
        return isSmall.where(direct, isAbove.where(log, log.sub(large.log())));
    }

    /** {@code d - ln(1 + d)}. */
    static Tensor excess(Tensor d) {
        Tensor isNear = d.abs().lt(0.5);
        Tensor near = isNear.where(d, 0);
        Tensor r = near.div(near.add(2));
        Tensor square = r.square();
        Tensor small = r.mul(near.sub(square.mul(Polynomial.of(square, ARC)).mul(2)));
        Tensor far = isNear.where(1, d.maximum(Math.nextUp(-1.0)));
        return isNear.where(small, far.sub(far.add(1).log()));
    }
}
