package io.adjoint.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import java.util.Optional;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.domains.Domain;
import org.junit.jupiter.api.Test;

class LinearTest {
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void aRowTimesTheTransposedWeightPlusTheBias(@ForAll @IntRange(max = 4) int rows,
            @ForAll @IntRange(max = 5) int in, @ForAll @IntRange(max = 5) int out, @ForAll boolean biased,
            @ForAll long seed) {
        Rng rng = Rng.seed(seed);
        Linear.Config config = Linear.Config.of(in, out).withDType(DType.F64);
        Linear layer = (biased ? config : config.withoutBias()).create(rng);
        double[] w = layer.weight().value().toDoubles();
        double[] b = layer.bias().map(bias -> bias.value().toDoubles()).orElse(new double[out]);
        Tensor x = rng.stream(9).normal(Shape.of(rows, in), DType.F64);
        double[] values = x.toDoubles();

        double[] y = layer.forward(x).toDoubles();

        assertEquals(rows * out, y.length);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < out; j++) {
                double sum = b[j];
                for (int k = 0; k < in; k++) {
                    sum += values[i * in + k] * w[j * in + k];
                }
                assertEquals(sum, y[i * out + j], 1e-13);
            }
        }
    }

    @Property(tries = 100)
    @Domain(Shapes.class)
    void outerAxesArePassedThrough(@ForAll Shape shape) {
        Assume.that(shape.rank() > 0);
        Linear layer = Linear.of(shape.dim(-1), 3, Rng.seed(1));
        assertEquals(shape.with(-1, 3), layer.forward(Tensor.zeros(shape, DType.F32)).shape());
    }

    @Property(tries = 200)
    @Domain(Shapes.class)
    void anyOtherInputIsRefusedWithThePathOfTheLayer(@ForAll Shape shape) {
        Assume.that(shape.rank() == 0 || shape.dim(-1) != 5);
        Sequential model = Sequential.of(Activation.RELU, Sequential.of(Linear.of(5, 2, Rng.seed(1))));
        ShapeException e = assertThrows(ShapeException.class, () -> model.forward(Tensor.zeros(shape, DType.F32)));
        assertEquals("1.0: linear: the input does not fit the weight: input " + shape
                + ", weight [2, 5]; expected input [..., 5]", e.getMessage());
        assertEquals("1.0", e.path());
    }

    @Test
    void theDefaultsArePyTorchs() {
        Linear layer = Linear.of(16, 4000, Rng.seed(3));
        assertEquals(new TensorSpec(DType.F32, Shape.of(4000, 16)), layer.weight().spec());
        assertEquals(new TensorSpec(DType.F32, Shape.of(4000)), layer.bias().orElseThrow().spec());
        for (Variable variable : layer.parameters()) {
            // uniform in +-1/sqrt(16)
            double greatest = variable.value().abs().max().item();
            assertTrue(greatest <= 0.25 && greatest > 0.249, () -> variable + " reaches to " + greatest);
        }
    }

    @Test
    void theKeyDecidesTheWeights() {
        Linear layer = Linear.of(3, 3, Rng.seed(1));
        assertTrue(layer.weight().value().sameBits(Linear.of(3, 3, Rng.seed(1)).weight().value()));
        assertFalse(layer.weight().value().sameBits(Linear.of(3, 3, Rng.seed(2)).weight().value()));
    }

    @Test
    void initialisersCanBeChosen() {
        Linear layer = Linear.Config.of(2, 2).withWeight(Initialiser.constant(3)).withBias(Initialiser.zeros())
                .create(Rng.seed(1));
        assertEquals("[[6., 6.]]  F32[1, 2]", layer.forward(Tensor.ones(1, 2)).toString());
    }

    @Test
    void variablesThatDoNotFitEachOtherAreRefused() {
        Variable matrix = Variable.parameter(Tensor.zeros(2, 3));
        Variable vector = Variable.parameter(Tensor.zeros(3));
        assertEquals("linear: the bias does not fit the weight: weight [2, 3], bias [3]; expected bias [2]",
                assertThrows(ShapeException.class, () -> new Linear(matrix, Optional.of(vector))).getMessage());
        assertEquals("linear: the weight is not a matrix: weight [3]; expected [out, in]",
                assertThrows(ShapeException.class, () -> new Linear(vector, Optional.empty())).getMessage());
        assertEquals("linear: a number of features is negative: in -1, out 2; expected 0 or more",
                assertThrows(ShapeException.class, () -> Linear.of(-1, 2, Rng.seed(1))).getMessage());
    }
}
