package io.adjoint.nn.uncertainty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.function.Sampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationTest {
    private static final int N = 4000;

    /** Logits of which the softmax is the truth. */
    private static Tensor logits() {
        return Rng.seed(1).normal(Shape.of(N, 4), DType.F64).mul(2);
    }

    private static Tensor labels(Tensor logits) {
        return Sampling.categorical(Rng.seed(2), logits);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.2, 1, 2.5})
    void theTemperatureUndoesWhatLogitsWereMultipliedBy(double factor) {
        Tensor logits = logits();
        Tensor labels = labels(logits);
        TemperatureScaling scaling = TemperatureScaling.fit(logits.mul(factor), labels);
        double temperature = scaling.temperature().value().item();
        assertEquals(factor, temperature, 0.05 * factor);
        double best = Losses.crossEntropy(scaling.forward(logits.mul(factor)), labels).item();
        for (double other : new double[] {0.99, 1.01}) {
            double loss = Losses.crossEntropy(logits.mul(factor / (temperature * other)), labels).item();
            assertTrue(best < loss, "a temperature of " + other + " times as much is better");
        }
    }

    @Test
    void separableExamplesEndAtTheLeastTemperature() {
        Tensor logits = Tensor.of(new float[] {3, 0, 0, 1}, 2, 2);
        TemperatureScaling scaling = TemperatureScaling.fit(logits, Tensor.of(new long[] {0, 1}));
        assertEquals(1e-3, scaling.temperature().value().item(), 1e-8);
        assertEquals(DType.F32, scaling.temperature().spec().dtype());
    }

    @Test
    void binsHoldWhatFallsIntoThem() {
        Tensor p = Tensor.of(new double[] {0.9, 0.1, 0.8, 0.2, 0.4, 0.6, 0.5, 0.5, 1, 0}, 5, 2);
        ReliabilityDiagram diagram = ReliabilityDiagram.of(p, Tensor.of(new long[] {0, 1, 1, 1, 0}), 4);
        assertEquals(4, diagram.bins().size());
        assertEquals(new ReliabilityDiagram.Bin(0.25, 0.5, 1, 0.5, 0), diagram.bins().get(1));
        assertEquals(new ReliabilityDiagram.Bin(0.5, 0.75, 1, 0.6, 1), diagram.bins().get(2));
        ReliabilityDiagram.Bin last = diagram.bins().get(3);
        assertEquals(3, last.count());
        assertEquals(0.9, last.confidence(), 1e-15);
        assertEquals(2.0 / 3, last.accuracy(), 1e-15);
        assertEquals((0.5 + 0.4 + 3 * (0.9 - 2.0 / 3)) / 5, diagram.expectedCalibrationError(), 1e-15);
        assertEquals(0.5, diagram.maximumCalibrationError(), 1e-15);
        String[] lines = diagram.toString().split("\\R");
        assertEquals("0.00 - 0.25        0", lines[1]);
        assertEquals("0.50 - 0.75        1  0.600  1.000  " + "#".repeat(24) + "|" + "#".repeat(15), lines[3]);
        assertEquals("expected calibration error 0.3200", lines[5]);
    }

    @Test
    void aModelThatKnowsTheTruthIsCalibratedAndOneThatExaggeratesIsNot() {
        Tensor logits = logits();
        Tensor labels = labels(logits);
        double right = ReliabilityDiagram.of(logits.softmax(-1), labels, 10).expectedCalibrationError();
        double wrong = ReliabilityDiagram.of(logits.mul(3).softmax(-1), labels, 10).expectedCalibrationError();
        assertTrue(right < 0.03, () -> "calibrated: " + right);
        assertTrue(wrong > 0.1, () -> "exaggerated: " + wrong);
    }

    @Test
    void setsByHand() {
        Tensor p = Tensor.of(new double[] {0.7, 0.2, 0.1, 0.4, 0.35, 0.25}, 2, 3);
        assertArrayEquals(new boolean[] {true, false, false, true, true, false},
                new ConformalClassifier(ConformalClassifier.Score.LAC, 0.7).sets(p).toBooleans());
        assertArrayEquals(new boolean[] {true, true, false, true, true, false},
                new ConformalClassifier(ConformalClassifier.Score.APS, 0.91).sets(p).toBooleans());
        assertArrayEquals(new boolean[] {true, false, false, true, false, false},
                new ConformalClassifier(ConformalClassifier.Score.APS, 0.1).sets(p).toBooleans());
    }

    /** Over many calibrations the share of sets that hold the truth is ceil((n + 1)(1 - alpha)) / (n + 1) or more. */
    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.1, 0.3})
    void setsHoldTheTruthAsOftenAsPromised(double alpha) {
        int n = 50;
        int trials = 300;
        for (ConformalClassifier.Score score : ConformalClassifier.Score.values()) {
            double covered = 0;
            for (int trial = 0; trial < trials; trial++) {
                Rng rng = Rng.seed(trial);
                Tensor truth = rng.stream(0).normal(Shape.of(2 * n, 4), DType.F64);
                Tensor labels = Sampling.categorical(rng.stream(1), truth);
                // a model that is wrong and too sure
                Tensor p = truth.mul(3).add(rng.stream(2).normal(truth.shape(), DType.F64)).softmax(-1);
                ConformalClassifier sets =
                        ConformalClassifier.fit(p.slice(0, 0, n), labels.slice(0, 0, n), alpha, score);
                covered += sets.sets(p.slice(0, n, 2 * n)).gather(-1, labels.slice(0, n, 2 * n).unsqueeze(-1))
                        .cast(DType.F64).mean().item() / trials;
            }
            double promised = Math.ceil((n + 1) * (1 - alpha) - 1e-9) / (n + 1);
            double error = Math.sqrt(alpha * (1 - alpha) / (n * trials) * 2);
            double found = covered;
            assertTrue(found > promised - 4 * error, () -> score + " covers " + found + " of " + promised);
            assertTrue(score == ConformalClassifier.Score.APS || found < promised + 4 * error,
                    () -> score + " covers " + found + " of " + promised);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.2})
    void intervalsHoldTheTruthAsOftenAsPromised(double alpha) {
        int n = 50;
        int trials = 300;
        double covered = 0;
        double scaled = 0;
        for (int trial = 0; trial < trials; trial++) {
            Rng rng = Rng.seed(trial);
            Tensor prediction = rng.stream(0).normal(Shape.of(2 * n), DType.F64);
            Tensor scale = prediction.square().add(0.1);
            Tensor y = prediction.add(rng.stream(1).normal(Shape.of(2 * n), DType.F64).mul(scale)).add(0.3);
            Tensor[] first = {prediction.slice(0, 0, n), scale.slice(0, 0, n), y.slice(0, 0, n)};
            Tensor[] second = {prediction.slice(0, n, 2 * n), scale.slice(0, n, 2 * n), y.slice(0, n, 2 * n)};
            covered += ConformalRegressor.fit(first[0], first[2], alpha).around(second[0]).contains(second[2])
                    .cast(DType.F64).mean().item() / trials;
            scaled += ConformalRegressor.fit(first[0], first[1], first[2], alpha).around(second[0], second[1])
                    .contains(second[2]).cast(DType.F64).mean().item() / trials;
        }
        double promised = Math.ceil((n + 1) * (1 - alpha) - 1e-9) / (n + 1);
        double error = Math.sqrt(alpha * (1 - alpha) / (n * trials) * 2);
        assertEquals(promised, covered, 4 * error);
        assertEquals(promised, scaled, 4 * error);
    }

    @Test
    void tooFewExamplesPromiseNothing() {
        ConformalRegressor few = ConformalRegressor.fit(Tensor.zeros(3), Tensor.ones(3), 0.1);
        assertEquals(Double.POSITIVE_INFINITY, few.radius());
        // (9 + 1) (1 - 0.1) is the ninth of nine, though rounding would say ten
        assertEquals(1, ConformalRegressor.fit(Tensor.zeros(9), Tensor.ones(9), 0.1).radius());
    }

    @Test
    void refusals() {
        Tensor p = Tensor.ones(3, 2).mul(0.5);
        assertThrows(ShapeException.class, () -> ReliabilityDiagram.of(p, Tensor.range(2), 3));
        assertThrows(ShapeException.class, () -> ReliabilityDiagram.of(p, Tensor.range(3), 0));
        assertThrows(ShapeException.class, () -> TemperatureScaling.fit(p, Tensor.range(2)));
        assertThrows(ShapeException.class, () -> ConformalRegressor.fit(Tensor.zeros(3), Tensor.zeros(2), 0.1));
        assertThrows(ShapeException.class, () -> ConformalClassifier.fit(p, Tensor.of(new long[] {0, 1, 0}), 1.5,
                ConformalClassifier.Score.LAC));
    }
}
