package io.adjoint.optim.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Sequential;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScalerTest {
    private static Dataset data(long seed, int rows, DType dtype, int... example) {
        int[] dims = new int[example.length + 1];
        dims[0] = rows;
        System.arraycopy(example, 0, dims, 1, example.length);
        return new Dataset(Rng.seed(seed).normal(Shape.of(dims), dtype).mul(3).add(100), Tensor.range(rows));
    }

    private static void assertAll(double expected, Tensor values, double tolerance) {
        for (double value : values.cast(DType.F64).toDoubles()) {
            assertEquals(expected, value, tolerance);
        }
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void featuresGetMean0AndDeviation1(@ForAll long seed, @ForAll @IntRange(min = 2, max = 700) int rows) {
        Dataset data = data(seed, rows, DType.F64, 3);
        Scaler scaler = Scaler.standard(data, Scaler.Per.FEATURE);
        Tensor scaled = scaler.forward(data.features());
        assertAll(0, scaled.mean(0), 1e-10);
        assertAll(1, scaled.square().mean(0), 1e-10);
        assertTrue(scaler.inverse(scaled).sub(data.features()).abs().max().item() < 1e-10);
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void channelsAreMeasuredOverAllTheirPlaces(@ForAll long seed, @ForAll @IntRange(min = 2, max = 300) int rows) {
        Dataset data = data(seed, rows, DType.F64, 2, 3, 2);
        Scaler scaler = Scaler.standard(data, Scaler.Per.CHANNEL);
        assertEquals(Shape.of(2, 1, 1), scaler.shift().spec().shape());
        Tensor scaled = scaler.apply(data).features();
        assertAll(0, scaled.mean(0, 2, 3), 1e-10);
        assertAll(1, scaled.square().mean(0, 2, 3), 1e-10);
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void leastAndGreatestBecome0And1(@ForAll long seed, @ForAll @IntRange(min = 2, max = 700) int rows) {
        Dataset data = data(seed, rows, DType.F32, 3);
        Tensor scaled = Scaler.minMax(data, Scaler.Per.FEATURE).forward(data.features());
        assertAll(0, scaled.min(0), 0);
        assertAll(1, scaled.max(0), 0);
        assertEquals(DType.F32, scaled.dtype());
    }

    @Test
    void onlyTheTrainingPartIsLookedAt() {
        Dataset training = new Dataset(Tensor.rows(new float[][] {{0, 5}, {2, 5}}), Tensor.range(2));
        Scaler scaler = Scaler.standard(training, Scaler.Per.FEATURE);
        assertArrayEquals(new float[] {1, 5}, scaler.shift().value().toFloats());
        assertArrayEquals(new float[] {1, 1}, scaler.scale().value().toFloats(), "what does not vary is only shifted");
        assertArrayEquals(new float[] {9, -4}, scaler.forward(Tensor.rows(new float[][] {{10, 1}})).toFloats());
    }

    /** Its mean is rounded, so its deviation may be 1e-17, and the next number that is not the same would be 1e16 deviations away. */
    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void aFeatureThatDoesNotVaryIsOnlyShifted(@ForAll @DoubleRange(min = -100, max = 100) double constant,
            @ForAll @IntRange(min = 1, max = 700) int rows) {
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            Tensor features = Tensor.full(Shape.of(rows, 2, 3), dtype, constant);
            for (Scaler.Per per : Scaler.Per.values()) {
                Scaler standard = Scaler.standard(new Dataset(features, Tensor.range(rows)), per);
                assertAll(1, standard.scale().value(), 0);
                assertAll(0, standard.forward(features), 1e-13);
                assertAll(0, Scaler.minMax(new Dataset(features, Tensor.range(rows)), per).forward(features), 0);
            }
        }
    }

    /** A deviation of 1e-46 is 0 in F32. */
    @Test
    void whatVariesLessThanItsNumbersTellIsOnlyShifted() {
        float[] features = new float[1_000_000];
        features[7] = Float.MIN_VALUE;
        Scaler scaler = Scaler.standard(new Dataset(Tensor.of(features, features.length, 1),
                Tensor.range(features.length)), Scaler.Per.FEATURE);
        assertAll(1, scaler.scale().value(), 0);
    }

    @Test
    void itIsSavedWithTheModelAndNotTrained() {
        Dataset training = data(1, 10, DType.F32, 4);
        Sequential model = Sequential.of(Scaler.standard(training, Scaler.Per.FEATURE), Linear.of(4, 2, Rng.seed(1)));
        assertEquals(List.of("0.shift", "0.scale", "1.weight", "1.bias"), List.copyOf(model.variables().keySet()));
        assertEquals(Variable.Kind.BUFFER, model.variables().get("0.shift").kind());
        assertEquals(2, model.parameters().size());
    }

    @Test
    void featuresThatDoNotFitAreRefused() {
        Scaler scaler = Scaler.standard(data(1, 10, DType.F32, 4), Scaler.Per.FEATURE);
        assertEquals(
                "scaler: fitted on other features: input [10, 3], fitted [4]; expected [n, ...] of examples like those",
                assertThrows(ShapeException.class, () -> scaler.forward(Tensor.ones(10, 3))).getMessage());
        assertThrows(ShapeException.class, () -> scaler.forward(Tensor.ones(4)));
        assertThrows(ShapeException.class, () -> Scaler.standard(new Dataset(Tensor.range(3), Tensor.range(3)),
                Scaler.Per.FEATURE));
        assertThrows(ShapeException.class, () -> Scaler.minMax(new Dataset(Tensor.ones(3), Tensor.range(3)),
                Scaler.Per.CHANNEL));
    }
}
