package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.util.function.UnaryOperator;

/**
 * Integrals over [0, 1] by the rule of Gauss and Legendre, which is exact for polynomials of twice as many coefficients as it has
 * points: in ONNX a form of fixed length, where a series that goes on until it is exact would be a loop.
 *
 * @param points in a row
 * @param weights in a column
 */
record Quadrature(Tensor points, Tensor weights) {
    /** The zeros of a Legendre polynomial by Newton's method. */
    static Quadrature of(int count) {
        double[] points = new double[count];
        double[] weights = new double[count];
        for (int i = 0; i < count; i++) {
            double x = StrictMath.cos(Math.PI * (i + 0.75) / (count + 0.5));
            double slope = 0;
            for (int newton = 0; newton < 10; newton++) {
                double before = 1;
                double value = x;
                for (int k = 2; k <= count; k++) {
                    double next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
                    before = value;
                    value = next;
                }
                slope = count * (x * value - before) / (x * x - 1);
                x -= value / slope;
            }
            points[i] = 0.5 * (1 + x);
            weights[i] = 1 / ((1 - x * x) * slope * slope);
        }
        return new Quadrature(Tensor.of(points, 1, count), Tensor.of(weights, Shape.of(count, 1)));
    }

    /** The integral for each row of a column, from the function's values at the points: one row for each. */
    Tensor integral(UnaryOperator<Tensor> function) {
        return function.apply(points).matmul(weights);
    }
}
