package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.Unary;

/** The inverse error function by two polynomials (Giles, Approximating the erfinv function, 2010), made exact by Newton's method. */
final class ErrorFunction {
    private static final double[] CENTRE = {2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06,
        0.00021858087, -0.00125372503, -0.00417768164, 0.246640727, 1.50140941};
    private static final double[] TAIL = {-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844,
        0.00573950773, -0.0076224613, 0.00943887047, 1.00167406, 2.83297682};
    private static final double BETWEEN = 5;

    private ErrorFunction() {}

    static Tensor inverse(Tensor x) {
        Tensor w = x.rsub(1).mul(x.add(1)).log().neg();
        Tensor isCentre = w.lt(BETWEEN);
        Tensor tail = isCentre.where(BETWEEN, w).sqrt().sub(3);
        Tensor y =
                isCentre.where(Polynomial.of(isCentre.where(w, 0).sub(2.5), CENTRE), Polynomial.of(tail, TAIL)).mul(x);
        Tensor slope = y.square().neg().exp().mul(2 / Math.sqrt(Math.PI));
        Tensor step = Unary.ERF.apply(y).sub(x).div(slope);
        return y.sub(isCentre.where(step, 0));
    }
}
