package io.adjoint.optim.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.uncertainty.ReliabilityDiagram;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.function.Sampling;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Each metric against its formula, written down as plainly as can be, and against values known from elsewhere. */
class MetricsTest {
    private static final int CLASSES = 4;

    private static Tensor logits(long seed, int n) {
        return Rng.seed(seed).normal(Shape.of(n, CLASSES), DType.F64).mul(3).round();
    }

    private static Tensor labels(long seed, int n, int classes) {
        return Sampling.integers(Rng.seed(seed).stream(1), Shape.of(n), 0, classes);
    }

    private static double value(Metric metric, Tensor prediction, Tensor target) {
        metric.update(prediction, target);
        return metric.value();
    }

    private static long count(int n, IntPredicate which) {
        return IntStream.range(0, n).filter(which).count();
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void accuracies(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int n,
            @ForAll @IntRange(min = 1, max = 5) int k) {
        Tensor logits = logits(seed, n);
        Tensor labels = labels(seed, n, CLASSES);
        double right = logits.argmax(1).eq(labels).cast(DType.F64).mean().item();
        assertEquals(right, value(Accuracy.of(), logits, labels), 1e-15);
        assertEquals(right, value(Accuracy.of(), logits.argmax(1), labels), 1e-15, "labels as predictions");
        assertEquals(right, value(Accuracy.top(1), logits, labels), 1e-15, "the first of equals");
        assertEquals(right, value(ConfusionMatrix.of(CLASSES), logits, labels), 1e-15);
        long[] best = logits.topk(Math.min(k, CLASSES), 1).places().toLongs();
        long[] expected = labels.toLongs();
        int width = Math.min(k, CLASSES);
        long among = count(n, row -> IntStream.range(0, width).anyMatch(i -> best[row * width + i] == expected[row]));
        assertEquals((double) among / n, value(Accuracy.top(k), logits, labels), 1e-15);
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void precisionRecallAndF1(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int n) {
        long[] guesses = labels(seed + 1, n, CLASSES).toLongs();
        long[] truth = labels(seed, n, CLASSES - 1).toLongs();
        double[][] sums = new double[3][3]; // by average, then by figure
        double named = 0;
        for (int label = 0; label < CLASSES; label++) {
            int of = label;
            double tp = count(n, i -> guesses[i] == of && truth[i] == of);
            double fp = count(n, i -> guesses[i] == of && truth[i] != of);
            double fn = count(n, i -> guesses[i] != of && truth[i] == of);
            double precision = tp == 0 ? 0 : tp / (tp + fp);
            double recall = tp == 0 ? 0 : tp / (tp + fn);
            double[] figures = {precision, recall, tp == 0 ? 0 : 2 * precision * recall / (precision + recall)};
            named += tp + fp + fn > 0 ? 1 : 0;
            for (int i = 0; i < 3; i++) {
                sums[Average.MICRO.ordinal()][i] += tp / n; // each error is one fp and one fn
                sums[Average.MACRO.ordinal()][i] += figures[i];
                sums[Average.WEIGHTED.ordinal()][i] += figures[i] * (tp + fn) / n;
            }
        }
        for (Average average : Average.values()) {
            double[] expected = sums[average.ordinal()];
            double divisor = average == Average.MACRO ? named : 1;
            List<ClassMeasure> measures = List.of(ClassMeasure.precision(CLASSES, average),
                    ClassMeasure.recall(CLASSES, average), ClassMeasure.f1(CLASSES, average));
            for (int i = 0; i < 3; i++) {
                assertEquals(expected[i] / divisor, value(measures.get(i), Tensor.of(guesses), Tensor.of(truth)), 1e-12,
                        measures.get(i).name() + " " + average);
            }
        }
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void theAreaUnderTheCurveCountsPairsInOrder(@ForAll long seed, @ForAll @IntRange(min = 2, max = 40) int n) {
        Tensor scores = Rng.seed(seed).normal(Shape.of(n), DType.F64).mul(2).round();
        Tensor labels = labels(seed, n, 2);
        assertEquals(pairs(scores.toDoubles(), labels.toLongs(), 1), value(RocAuc.binary(), scores, labels), 1e-15);
        Tensor logits = logits(seed, n);
        long[] classes = labels(seed, n, CLASSES).toLongs();
        double macro = 0;
        double weighted = 0;
        double counted = 0;
        double weights = 0;
        for (int label = 0; label < CLASSES; label++) {
            int of = label;
            double area = pairs(logits.select(1, label).toDoubles(), classes, label);
            if (!Double.isNaN(area)) {
                long size = count(n, i -> classes[i] == of);
                macro += area;
                counted++;
                weighted += area * size;
                weights += size;
            }
        }
        assertEquals(macro / counted, value(RocAuc.oneVersusRest(CLASSES, Average.MACRO), logits, Tensor.of(classes)),
                1e-12);
        assertEquals(weighted / weights,
                value(RocAuc.oneVersusRest(CLASSES, Average.WEIGHTED), logits, Tensor.of(classes)), 1e-12);
    }

    private static double pairs(double[] scores, long[] labels, long of) {
        double sum = 0;
        double pairs = 0;
        for (int i = 0; i < scores.length; i++) {
            for (int j = 0; j < scores.length; j++) {
                if (labels[i] == of && labels[j] != of) {
                    sum += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                    pairs++;
                }
            }
        }
        return sum / pairs;
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void errorsOfNumbers(@ForAll long seed, @ForAll @IntRange(min = 2, max = 40) int n) {
        Tensor target = Rng.seed(seed).normal(Shape.of(n, 2), DType.F64).add(5);
        Tensor prediction = target.add(Rng.seed(seed).stream(1).normal(Shape.of(n, 2), DType.F64));
        Tensor error = prediction.sub(target);
        assertEquals(error.abs().mean().item(), value(RegressionError.meanAbsolute(), prediction, target), 1e-13);
        double squared = error.square().mean().item();
        assertEquals(squared, value(RegressionError.meanSquared(), prediction, target), 1e-13);
        assertEquals(Math.sqrt(squared), value(RegressionError.rootMeanSquared(), prediction, target), 1e-13);
        Tensor spread = target.sub(target.mean(0)).square().sum(0);
        double expected = error.square().sum(0).div(spread).neg().add(1).mean().item();
        assertEquals(expected, value(RSquared.of(2), prediction, target), 1e-11 * Math.abs(expected) + 1e-11);
    }

    @Test
    void aMeanFarFromZeroCostsNoDigits() {
        Tensor target = Tensor.of(new double[] {1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3});
        Tensor prediction = Tensor.of(new double[] {1e9, 1e9 + 1, 1e9 + 2, 1e9 + 4});
        assertEquals(0.8, value(RSquared.of(), prediction, target), 1e-15);
        Tensor same = Tensor.of(new double[] {3, 3});
        assertEquals(1, value(RSquared.of(), same, same));
        assertEquals(0, value(RSquared.of(), Tensor.of(new double[] {3, 4}), same));
        assertEquals(0.9486081370449679,
                value(RSquared.of(), Tensor.of(new double[] {2.5, 0.0, 2, 8}), Tensor.of(new double[] {3, -0.5, 2, 7})),
                1e-15, "scikit-learn's example");
        assertTrue(
                Double.isNaN(value(RSquared.of(), Tensor.of(new double[] {Double.NaN}), Tensor.of(new double[] {1}))));
        assertTrue(Double.isNaN(value(RegressionError.meanSquared(), Tensor.of(new double[] {Double.NaN, 1}),
                Tensor.of(new double[] {1, 1}))));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void perplexityIsTheExponentialOfCrossEntropy(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int n) {
        Tensor logits = logits(seed, n).mul(10);
        Tensor labels = labels(seed, n, CLASSES);
        double expected = Math.exp(Losses.crossEntropy(logits, labels).item());
        assertEquals(expected, value(Perplexity.of(), logits, labels), 1e-10 * expected);
        assertEquals(CLASSES, value(Perplexity.of(), Tensor.zeros(n, CLASSES), labels), 1e-12, "knows nothing");
        Perplexity padded = Perplexity.withoutPadding(CLASSES);
        padded.update(Tensor.concat(0, logits, logits),
                Tensor.concat(0, labels, Tensor.full(Shape.of(n), DType.I64, CLASSES)));
        assertEquals(expected, padded.value(), 1e-10 * expected);
        Perplexity sequences = Perplexity.of();
        sequences.update(logits.unsqueeze(0), labels.unsqueeze(0));
        assertEquals(expected, sequences.value(), 1e-10 * expected);
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void calibrationIsTheGapBetweenConfidenceAndAccuracy(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int n,
            @ForAll @IntRange(min = 1, max = 8) int bins) {
        Tensor logits = logits(seed, n);
        Tensor labels = labels(seed, n, CLASSES);
        Tensor probabilities = logits.softmax(1);
        double[] confidence = probabilities.max(1).toDoubles();
        boolean[] right = logits.argmax(1).eq(labels).toBooleans();
        double expected = 0;
        for (int bin = 0; bin < bins; bin++) {
            double least = (double) bin / bins;
            double most = (bin + 1.0) / bins;
            int[] inside = IntStream.range(0, n).filter(i -> confidence[i] > least && confidence[i] <= most).toArray();
            double sure = IntStream.of(inside).mapToDouble(i -> confidence[i]).sum();
            double found = IntStream.of(inside).filter(i -> right[i]).count();
            expected += Math.abs(found - sure) / n;
        }
        assertEquals(expected, value(CalibrationError.of(bins, CalibrationError.Scores.LOGITS), logits, labels), 1e-10);
        CalibrationError error = CalibrationError.of(bins, CalibrationError.Scores.PROBABILITIES);
        assertEquals(expected, value(error, probabilities, labels), 1e-10);
        ReliabilityDiagram diagram = ReliabilityDiagram.of(probabilities, labels, bins);
        assertEquals(diagram.expectedCalibrationError(), error.value(), 1e-10);
        for (int bin = 0; bin < bins; bin++) {
            assertEquals(diagram.bins().get(bin).count(), error.diagram().bins().get(bin).count());
            assertEquals(diagram.bins().get(bin).accuracy(), error.diagram().bins().get(bin).accuracy());
            assertEquals(diagram.bins().get(bin).confidence(), error.diagram().bins().get(bin).confidence(), 1e-10);
        }
    }

    @Test
    void theConfusionMatrixIsATable() {
        ConfusionMatrix matrix = ConfusionMatrix.of(List.of("owl", "crow"), Decision.threshold(0.5));
        matrix.update(Tensor.of(new float[] {0.2f, 0.5f, 0.9f, 0.1f}),
                Tensor.of(new boolean[] {false, false, true, false}));
        for (int i = 0; i < 11; i++) {
            matrix.update(Tensor.of(new float[] {1}), Tensor.of(new long[] {1}));
        }
        assertEquals("truth  owl  crow\n  owl    2     1\n crow    0    12", matrix.toString());
        assertArrayEquals(new long[] {2, 1, 0, 12}, matrix.counts().toLongs());
        assertEquals(14.0 / 15, matrix.value());
    }

    @Test
    void labelsOutOfRangeAndScoresWithoutOrderAreRefused() {
        Tensor scores = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
        Tensor labels = Tensor.of(new long[] {0, 2});
        for (Metric metric : List.of(Accuracy.top(1), ConfusionMatrix.of(2), RocAuc.oneVersusRest(2, Average.MACRO),
                Perplexity.of(), CalibrationError.of(3, CalibrationError.Scores.LOGITS))) {
            assertEquals(metric.name() + ": label out of range: label 2, at 1; expected 0 to 1",
                    assertThrows(ShapeException.class, () -> metric.update(scores, labels)).getMessage());
            assertTrue(Double.isNaN(metric.value()));
        }
        assertThrows(ShapeException.class, () -> RocAuc.binary().update(Tensor.of(new float[] {Float.NaN}),
                Tensor.of(new long[] {1})));
        assertThrows(ShapeException.class, () -> CalibrationError.of(3, CalibrationError.Scores.PROBABILITIES)
                .update(scores, Tensor.of(new long[] {0, 1})), "logits are no probabilities");
        assertThrows(ShapeException.class, () -> RSquared.of(3).update(scores, scores));
        assertThrows(ShapeException.class, () -> Accuracy.top(0));
        assertThrows(ShapeException.class, () -> ConfusionMatrix.of(0));
        assertThrows(ShapeException.class, () -> ConfusionMatrix.of(60_000));
        assertThrows(ShapeException.class, () -> RocAuc.oneVersusRest(3, Average.MICRO));
    }
}
