package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The walk back: deep, wide, twice, again, from several threads. */
class ReverseWalkTest {
    private static Tensor f64(double... values) {
        return Tensor.of(values);
    }

    @Test
    void aHundredThousandStepsDoNotOverflowTheStack() {
        Tensor x = f64(1, 2).tracked();
        Tensor y = x;
        for (int i = 0; i < 100_000; i++) {
            y = y.add(1);
        }
        assertArrayEquals(new double[] {1, 1}, y.sum().gradients(x).of(x).toDoubles());
    }

    @Test
    void tenThousandStepsCanBeDifferentiatedTwice() {
        Tensor x = f64(1).tracked();
        Tensor y = x;
        Tensor one = x.sub(x.detached()).add(1); // always 1, but with a slope
        for (int i = 0; i < 10_000; i++) {
            y = y.mul(one);
        }
        // x (x - c + 1)^n at x = c = 1: slope 1 + n, second derivative 2 n + n (n - 1)
        Tensor slope = y.sum().differentiableGradients(x).of(x);
        assertArrayEquals(new double[] {10_001}, slope.toDoubles());
        assertArrayEquals(new double[] {20_000 + 10_000.0 * 9_999}, slope.sum().gradients(x).of(x).toDoubles());
    }

    @Test
    void aValueUsedManyTimesIsWalkedOnce() {
        Tensor x = f64(1).tracked();
        Tensor y = x;
        for (int i = 0; i < 60; i++) {
            y = y.add(y); // 2^60 paths
        }
        assertArrayEquals(new double[] {0x1p60}, y.sum().gradients(x).of(x).toDoubles());
    }

    @Test
    void aTensorDependsOnTheVariablesThatItWasComputedFrom() {
        Variable used = Variable.parameter(f64(1));
        Variable other = Variable.parameter(f64(2));
        Tensor result = Training.scope(() -> used.value().exp().mul(other.value().detached()));
        assertTrue(result.dependsOn(List.of(other, used)));
        assertFalse(result.dependsOn(List.of(other)));
        assertFalse(result.dependsOn(List.of()));
        assertFalse(result.detached().dependsOn(List.of(used)));
    }

    @Test
    void gradientsOfGradientsOfGradients() {
        UnaryOperator<Tensor> fifth = x -> x.mul(x).mul(x).mul(x).mul(x);
        Tensor x = Tensor.scalar(2, DType.F64);
        double[] expected = {80, 160, 240, 240, 120, 0, 0}; // of x^5, one derivative after the other
        UnaryOperator<Tensor> derivative = fifth;
        for (double value : expected) {
            derivative = Transforms.grad(derivative);
            assertEquals(value, derivative.apply(x).item());
        }
    }

    @Test
    void derivativesOfTheSineGoRound() {
        UnaryOperator<Tensor> derivative = Tensor::sin;
        Tensor x = Tensor.scalar(0.5, DType.F64);
        double[] expected = {Math.cos(0.5), -Math.sin(0.5), -Math.cos(0.5), Math.sin(0.5)};
        for (double value : expected) {
            derivative = Transforms.grad(derivative);
            assertEquals(value, derivative.apply(x).item(), 1e-15);
        }
    }

    @Test
    void whatTheLossDoesNotDependOnGetsZeros() {
        Variable used = Variable.parameter(f64(3));
        Variable unused = Variable.parameter(Tensor.zeros(2, 3));
        Gradients gradients = Training.scope(() -> used.value().square().sum().gradients(used, unused));
        assertArrayEquals(new double[] {6}, gradients.of(used).toDoubles());
        assertTrue(gradients.of(unused).sameBits(Tensor.zeros(2, 3)));
        Gradients none = Tensor.scalar(1).gradients(used, unused);
        assertArrayEquals(new double[] {0}, none.of(used).toDoubles());
    }

    @Test
    void aDetachedValueLetsNothingThrough() {
        Tensor x = f64(3).tracked();
        assertArrayEquals(new double[] {3}, x.mul(x.detached()).sum().gradients(x).of(x).toDoubles());
        assertFalse(x.detached().mul(2).isTracked());
    }

    @Test
    void aValueInTheMiddleHasAGradientToo() {
        Tensor x = f64(3).tracked();
        Tensor square = x.square();
        Tensor loss = square.mul(5).add(x).sum();
        Gradients gradients = loss.gradients(square, x, loss);
        assertArrayEquals(new double[] {5}, gradients.of(square).toDoubles());
        assertArrayEquals(new double[] {31}, gradients.of(x).toDoubles());
        assertEquals(1, gradients.of(loss).item());
    }

    @Test
    void aTrackedTensorTrackedAgainIsAPointOfItsOwnOnTheSamePath() {
        Tensor x = f64(3).tracked();
        Tensor again = x.tracked();
        Tensor loss = again.square().add(x).sum();
        Gradients gradients = loss.gradients(again, x);
        assertArrayEquals(new double[] {6}, gradients.of(again).toDoubles());
        assertArrayEquals(new double[] {7}, gradients.of(x).toDoubles());
    }

    @Test
    void twoLossesOfOneGraphDoNotInterfere() {
        Tensor x = f64(2).tracked();
        Tensor shared = x.square();
        Tensor first = shared.mul(3).sum();
        Tensor second = shared.mul(shared).sum();
        Gradients ofFirst = first.gradients(x);
        Gradients ofSecond = second.gradients(x);
        assertArrayEquals(new double[] {12}, ofFirst.of(x).toDoubles());
        assertArrayEquals(new double[] {32}, ofSecond.of(x).toDoubles());
        assertArrayEquals(new double[] {12}, first.gradients(x).of(x).toDoubles(), "the same loss again");
    }

    @Test
    void gradientsAreConstantsUnlessAskedForOtherwise() {
        Tensor x = f64(2).tracked();
        Tensor loss = x.square().sum();
        assertFalse(loss.gradients(x).of(x).isTracked());
        assertTrue(loss.differentiableGradients(x).of(x).isTracked());
    }

    @Test
    void threadsShareAGraphWithoutInterfering() throws InterruptedException, ExecutionException {
        Tensor x = Rng.seed(1).normal(Shape.of(20, 20), DType.F32).tracked();
        Tensor shared = x.matmul(x).tanh();
        List<Tensor> expected = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            expected.add(shared.mul(i).square().sum().gradients(x).of(x));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Tensor>> found = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                int factor = i;
                found.add(threads.submit(() -> shared.mul(factor).square().sum().gradients(x).of(x)));
            }
            for (int i = 0; i < 16; i++) {
                assertTrue(found.get(i).get().sameBits(expected.get(i)), "loss " + i);
            }
        }
    }

    @Test
    void gradientsThatWereNotAskedForAreRefused() {
        Tensor x = f64(1).tracked();
        Tensor y = f64(1).tracked();
        Gradients gradients = x.add(y).sum().gradients(x);
        assertThrows(IllegalArgumentException.class, () -> gradients.of(y));
        assertThrows(ShapeException.class, () -> x.sum().gradients(f64(1)), "a constant");
        assertThrows(ShapeException.class, () -> f64(1, 2).tracked().gradients(x), "not a scalar");
        assertThrows(ShapeException.class, () -> Tensor.range(3).tracked(), "not a float");
    }

    @Test
    void broadcastingIsUndone() {
        Tensor row = f64(1, 2, 3).tracked();
        Tensor column = f64(10, 20).reshape(2, 1).tracked();
        Tensor scalar = Tensor.scalar(5, DType.F64).tracked();
        Gradients gradients = row.mul(column).add(scalar).sum().gradients(row, column, scalar);
        assertArrayEquals(new double[] {30, 30, 30}, gradients.of(row).toDoubles());
        assertTrue(gradients.of(column).sameBits(f64(6, 6).reshape(2, 1)));
        assertTrue(gradients.of(scalar).sameBits(Tensor.scalar(6, DType.F64)));
    }
}
