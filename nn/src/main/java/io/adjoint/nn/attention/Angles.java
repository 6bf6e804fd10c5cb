package io.adjoint.nn.attention;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;

/** Angles that grow with the place, each at a rate of its own. */
final class Angles {
    private Angles() {}

    /** F64 {@code [places, count]}: {@code place * base^(-i / count)} from this place on. */
    static Tensor of(int from, int places, int count, double base) {
        double[] rates = new double[count];
        for (int i = 0; i < count; i++) {
            rates[i] = StrictMath.pow(base, -(double) i / count);
        }
        return Tensor.range(places).add(from).cast(DType.F64).unsqueeze(1).mul(Tensor.of(rates, Shape.of(count)));
    }
}
