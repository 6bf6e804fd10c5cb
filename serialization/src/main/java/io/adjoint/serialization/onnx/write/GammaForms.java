package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import java.util.stream.IntStream;

/**
 * The gamma function's logarithm and its derivatives in double: the series for large numbers (Abramowitz and Stegun, 6.1.41 and
 * 6.3.18; Euler and Maclaurin for further derivatives), to which small ones come by the recurrence and negative ones by the
 * reflection.
 */
final class GammaForms {
    /** From here on the series are exact to double precision. */
    private static final int LARGE = 13;

    /** {@code (x + k) (x + 12 - k) - x (x + 12)} for k = 1 to 5: the factors that lead from x to x + 13 go in pairs. */
    private static final double[] PAIRS = {11, 20, 27, 32, 35};

    private static final double HALF_LOG_OF_TWO_PI = 0.9189385332046727;

    /** {@code B(2k) / (2k (2k - 1))}, the highest k first. */
    private static final double[] STIRLING = {1.0 / 156, -691.0 / 360360, 1.0 / 1188, -1.0 / 1680, 1.0 / 1260,
        -1.0 / 360, 1.0 / 12};

    /** {@code B(2k) / 2k}, the highest k first. */
    private static final double[] DERIVED = {1.0 / 12, -691.0 / 32760, 1.0 / 132, -1.0 / 240, 1.0 / 252, -1.0 / 120,
        1.0 / 12};

    /** {@code B(2k) / (2k)!}, from k = 1 on. */
    private static final double[] WEIGHTS = {0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05,
        -8.267195767195768e-07, 2.08767569878681e-08, -5.284190138687493e-10, 1.3382536530684679e-11,
        -3.3896802963225827e-13, 8.586062056277845e-15, -2.174868698558062e-16, 5.5090028283602295e-18,
        -1.3954464685812522e-19};

    private GammaForms() {}

    static Tensor lgamma(Tensor x) {
        Tensor isReflected = x.le(0);
        Tensor positive = isReflected.where(x.rsub(1), x);
        Tensor isSmall = positive.lt(LARGE);
        Tensor large = isSmall.where(positive.add(LARGE), positive);
        Tensor series = large.sub(0.5).mul(large.log().sub(1)).add(HALF_LOG_OF_TWO_PI - 0.5).add(stirling(large));
        Tensor ends = positive.mul(positive.add(LARGE - 1));
        Tensor product = ends.mul(positive.add(6));
        for (double pair : PAIRS) {
            product = product.mul(ends.add(pair));
        }
        Tensor value = isSmall.where(series.sub(product.log()), series);
        Tensor mirrored = Turns.sin(between(isReflected, x)).abs().div(Math.PI).log().neg().sub(value);
        return isReflected.where(x.eq(x.floor()).where(Double.POSITIVE_INFINITY, mirrored), value);
    }

    /** Some number between poles in the place of what is not reflected or a pole itself, where a form without a value has no gradient. */
    private static Tensor between(Tensor isReflected, Tensor x) {
        return isReflected.and(x.ne(x.floor())).where(x, 0.5);
    }

    /** What {@code ln gamma(x)} has beyond {@code (x - 1/2) ln x - x + ln(2 pi) / 2}, for large x. */
    static Tensor stirling(Tensor x) {
        Tensor r = x.reciprocal();
        return r.mul(Polynomial.of(r.square(), STIRLING));
    }

    static Tensor digamma(Tensor x) {
        Tensor isReflected = x.lt(0);
        Tensor positive = isReflected.where(x.rsub(1), x);
        Tensor isSmall = positive.lt(LARGE);
        Tensor large = isSmall.where(positive.add(LARGE), positive);
        Tensor r = large.reciprocal();
        Tensor square = r.square();
        Tensor series = large.log().sub(r.mul(0.5)).sub(square.mul(Polynomial.of(square, DERIVED)));
        Tensor ends = positive.mul(positive.add(LARGE - 1));
        Tensor pairs = ends.reciprocal(); // keeps the sign of zero
        for (double pair : PAIRS) {
            pairs = pairs.add(ends.add(pair).reciprocal());
        }
        Tensor middle = positive.add(6);
        Tensor sum = pairs.mul(middle.mul(2)).add(middle.reciprocal());
        Tensor value = isSmall.where(series.sub(sum), series);
        Tensor between = between(isReflected, x);
        Tensor mirrored = value.sub(Turns.cos(between).div(Turns.sin(between)).mul(Math.PI));
        return isReflected.where(x.eq(x.floor()).where(Double.NaN, mirrored), value);
    }

    /** Below zero the sum over all whole numbers, which has the period 1, without what it has on the other side. */
    static Tensor polygamma(int order, Tensor x) {
        double sign = order % 2 == 0 ? -1 : 1;
        double scale = IntStream.rangeClosed(2, order).asDoubleStream().reduce(sign, (a, b) -> a * b);
        int power = order + 1;
        Tensor isPositive = x.gt(0);
        Tensor isWhole = x.eq(x.round()).and(x.isInf().not());
        Tensor r = isPositive.or(isWhole).where(0.25, x.sub(x.round()));
        Tensor value = zeta(power, isPositive.where(x, x.rsub(1)));
        Tensor all = r.pow(-power).add(zeta(power, r.add(1))).add(zeta(power, r.rsub(1)).mul(sign));
        Tensor below = isWhole.where(Double.POSITIVE_INFINITY * sign, all.sub(value.mul(sign)).mul(scale));
        return isPositive.where(value.mul(scale), below);
    }

    /** {@code sum over k >= 0 of (q + k)^-s} for positive q. */
    private static Tensor zeta(int s, Tensor q) {
        int count = 10 + (s + 1) / 2;
        Tensor isSmall = q.lt(count);
        Tensor first = Tensor.range(count).cast(DType.F64);
        Tensor sum = q.unsqueeze(-1).add(first).pow(-s).sum(-1);
        Tensor large = isSmall.where(q.add(count), q);
        Tensor r = large.reciprocal();
        double[] coefficients = new double[WEIGHTS.length];
        double factor = s;
        for (int j = 0; j < WEIGHTS.length; j++) {
            coefficients[WEIGHTS.length - 1 - j] = WEIGHTS[j] * factor;
            factor *= (s + 2.0 * j + 1) * (s + 2 * j + 2);
        }
        Tensor square = r.square();
        Tensor series = square.mul(Polynomial.of(square, coefficients)).add(r.mul(0.5)).add(1.0 / (s - 1));
        Tensor rest = large.pow(1 - s).mul(series);
        return isSmall.where(sum.add(rest), rest);
    }
}
