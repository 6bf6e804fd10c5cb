package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Modified Bessel functions and the derivatives of the normalised sinc, in double. */
final class SeriesForms {
    /** All Bessel functions of a lower order than 100 are infinite here, to double precision. */
    private static final double INFINITE = 800;

    private SeriesForms() {}

    /**
     * {@code (x/2)^n / n!} times the mean of {@code e^(x cos t)}, weighted by {@code sin^2n t} (Abramowitz and Stegun, 9.6.18): all
     * is positive, and the mean of a periodic function converges with the number of its points at once when that exceeds
     * what its narrowest peak needs.
     */
    static Tensor besseli(int order, Tensor x) {
        int count = (int) Math.ceil(4.5 * Math.sqrt(INFINITE + 2 * order));
        double[] angles = IntStream.range(0, count).mapToDouble(i -> (i + 0.5) * Math.PI / count).toArray();
        double[] weights =
                DoubleStream.of(angles).map(angle -> StrictMath.pow(StrictMath.sin(angle), 2 * order)).toArray();
        double sum = DoubleStream.of(weights).sum();
        Tensor mean = Tensor.of(DoubleStream.of(weights).map(weight -> weight / sum).toArray(), count);
        // cos t - 1
        Tensor falls = Tensor.of(DoubleStream.of(angles)
                .map(angle -> -2 * StrictMath.pow(StrictMath.sin(angle / 2), 2)).toArray(), count);
        Tensor magnitude = x.abs();
        Tensor bounded = magnitude.gt(INFINITE).where(INFINITE, magnitude);
        Tensor root = bounded.mul(0.5).exp(); // e^x overflows before the result does
        Tensor scaled = bounded.unsqueeze(-1).mul(falls).exp().mul(mean).sum(-1);
        double factorial = IntStream.rangeClosed(2, order).asDoubleStream().reduce(1, (a, b) -> a * b);
        Tensor power = order == 0 ? scaled : scaled.mul(bounded.mul(0.5).pow(order).div(factorial));
        Tensor value = root.mul(power).mul(root);
        Tensor signed = order % 2 == 0 ? value : x.lt(0).where(value.neg(), value);
        return magnitude.isInf().where(Double.NaN, signed);
    }

    /** The derivative of this order, from 1 on, of {@code sin(pi x) / (pi x)}. */
    static Tensor sinc(int order, Tensor x) {
        Tensor z = x.abs().mul(Math.PI);
        Tensor isSmall = z.lt(order + 1);
        Tensor value =
                isSmall.where(integral(order, isSmall.where(z, 0)), forward(order, x.abs(), isSmall.where(1, z)));
        Tensor scaled = value.mul(StrictMath.pow(Math.PI, order));
        return order % 2 == 0 ? scaled : x.lt(0).where(scaled.neg(), scaled);
    }

    /** The n-th derivative of {@code sin(z) / z} as that of the integral of {@code cos(z t)} over t from 0 to 1. */
    private static Tensor integral(int order, Tensor z) {
        Quadrature rule = Quadrature.of(order + 14);
        Tensor points = rule.points().squeeze(0);
        Tensor weights = points.pow(order).mul(rule.weights().squeeze(1)).mul((order + 1) / 2 % 2 == 0 ? 1 : -1);
        Tensor angles = z.unsqueeze(-1).mul(points);
        Tensor waves = order % 2 == 1 ? angles.sin() : angles.mul(0.5).sin().square().mul(-2).add(1);
        return waves.mul(weights).sum(-1);
    }

    /** From {@code z f^(n) + n f^(n - 1) = sin^(n) z}, upwards. */
    private static Tensor forward(int order, Tensor x, Tensor z) {
        Tensor sin = Turns.sin(x);
        Tensor cos = Turns.cos(x);
        Tensor value = sin.div(z);
        for (int n = 1; n <= order; n++) {
            Tensor wave = n % 2 == 0 ? sin : cos;
            value = (n % 4 < 2 ? wave : wave.neg()).sub(value.mul(n)).div(z);
        }
        return value;
    }
}
