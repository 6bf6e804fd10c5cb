package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Functions made from functions, on the function y = (a^2 b, sin b), whose derivatives a reader can check. */
class TransformsTest {
    private static final Tensor POINT = Tensor.of(new double[] {3, 0.5});

    private static Tensor f(Tensor x) {
        Tensor a = x.select(0, 0);
        Tensor b = x.select(0, 1);
        return Tensor.stack(0, a.square().mul(b), b.sin());
    }

    private static Tensor sum(Tensor x) {
        return f(x).sum();
    }

    @Test
    void valueAndGradient() {
        Transforms.ValueAndGrad both = Transforms.valueAndGrad(TransformsTest::sum, POINT);
        assertEquals(4.5 + Math.sin(0.5), both.value().item(), 1e-15);
        assertArrayEquals(new double[] {3, 9 + Math.cos(0.5)}, both.grad().toDoubles(), 1e-14);
    }

    @Test
    void jacobianHasTheAxesOfTheResultFirst() {
        Tensor jacobian = Transforms.jacobian(TransformsTest::f, POINT);
        assertEquals(Shape.of(2, 2), jacobian.shape());
        assertArrayEquals(new double[] {3, 9, 0, Math.cos(0.5)}, jacobian.toDoubles(), 1e-14);
        assertEquals(Shape.of(0, 2), Transforms.jacobian(x -> x.slice(0, 0, 0), POINT).shape());
    }

    @Test
    void productsWithTheJacobianFromBothSides() {
        Tensor v = Tensor.of(new double[] {1, 2});
        assertArrayEquals(new double[] {3, 9 + 2 * Math.cos(0.5)},
                Transforms.vjp(TransformsTest::f, POINT, v).product().toDoubles(), 1e-14);
        assertArrayEquals(new double[] {21, 2 * Math.cos(0.5)},
                Transforms.jvp(TransformsTest::f, POINT, v).product().toDoubles(), 1e-14);
    }

    @Test
    void hessianAndItsProduct() {
        double[] hessian = {1, 6, 6, -Math.sin(0.5)};
        assertArrayEquals(hessian, Transforms.hessian(TransformsTest::sum, POINT).toDoubles(), 1e-14);
        Tensor v = Tensor.of(new double[] {1, 2});
        assertArrayEquals(new double[] {13, 6 - 2 * Math.sin(0.5)},
                Transforms.hvp(TransformsTest::sum, POINT, v).toDoubles(), 1e-14);
    }

    @Test
    void transformsOfATrackedPointCanBeDifferentiated() {
        Tensor x = POINT.tracked();
        Tensor slope = Transforms.grad(TransformsTest::sum).apply(x);
        assertTrue(slope.isTracked());
        assertArrayEquals(new double[] {7, 6 - Math.sin(0.5)}, slope.sum().gradients(x).of(x).toDoubles(), 1e-14);
    }
}
