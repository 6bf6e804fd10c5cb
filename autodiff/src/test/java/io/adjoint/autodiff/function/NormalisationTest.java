package io.adjoint.autodiff.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Normalisation.Normalised;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NormalisationTest {
    @Test
    void theRootMeanSquareIsOverTheLastAxes() {
        Tensor x = Rng.seed(1).normal(Shape.of(3, 4, 5), DType.F64);
        Tensor weight = Rng.seed(2).normal(Shape.of(4, 5), DType.F64);
        double[] numbers = x.toDoubles();
        double[] factors = weight.toDoubles();
        double[] expected = new double[numbers.length];
        for (int row = 0; row < 3; row++) {
            double sum = 0;
            for (int i = 0; i < 20; i++) {
                sum += numbers[20 * row + i] * numbers[20 * row + i];
            }
            for (int i = 0; i < 20; i++) {
                expected[20 * row + i] = numbers[20 * row + i] / Math.sqrt(sum / 20 + 0.1) * factors[i];
            }
        }
        assertArrayEquals(expected,
                Normalisation.rootMeanSquare(x, Shape.of(4, 5), Optional.of(weight), 0.1).toDoubles(), 1e-14);
    }

    /** As PyTorch moves it, which divides by the number of elements where it normalises, and by one less here. */
    @Test
    void theVarianceOfTheChannelsIsThatOfASample() {
        Tensor x = Tensor.of(new double[] {1, 10, 3, 10}, 2, 2);
        Normalised seen = Normalisation.batch(x, Affine.NONE, 0);
        assertArrayEquals(new double[] {2, 10}, seen.mean().toDoubles());
        assertArrayEquals(new double[] {2, 0}, seen.variance().toDoubles());
        assertArrayEquals(new double[] {-1, 1}, seen.output().select(1, 0).toDoubles());
        Tensor running = Tensor.of(new double[] {1, 1});
        assertArrayEquals(new double[] {1.25, 0.75}, Normalised.moved(running, seen.variance(), 0.25).toDoubles());
    }

    /** Any number divides no channels; it must not become an extent. */
    @Test
    void noChannelsAreInGroupsOfAnyNumber() {
        Tensor none = Tensor.zeros(Shape.of(1, 0), DType.F64).tracked();
        Tensor normalised = Normalisation.group(none, Integer.MAX_VALUE - 1, Affine.NONE, 1e-5);
        assertEquals(Shape.of(1, 0), normalised.shape());
        assertEquals(Shape.of(1, 0), normalised.sum().gradients(none).of(none).shape());
    }

    @Test
    void aStatisticOfOtherChannelsIsRefused() {
        ShapeException refusal = assertThrows(ShapeException.class,
                () -> Normalised.moved(Tensor.zeros(3), Tensor.zeros(2, 3), 0.1));
        assertEquals("moved: the statistics differ in shape: running [3], seen [2, 3]; expected seen [3]",
                refusal.getMessage());
    }

    @Test
    void aMomentumThatIsNoNumberIsRefused() {
        for (double momentum : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            assertEquals("moved: not a momentum: momentum " + momentum + "; expected a finite number",
                    assertThrows(ShapeException.class,
                            () -> Normalised.moved(Tensor.zeros(3), Tensor.zeros(3), momentum)).getMessage());
        }
    }
}
