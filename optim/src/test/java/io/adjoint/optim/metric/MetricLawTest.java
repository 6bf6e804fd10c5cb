package io.adjoint.optim.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Sampling;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What holds for all metrics. */
class MetricLawTest {
    private static final int CLASSES = 4;

    private enum Takes {
        LOGITS, PROBABILITIES, SCORES, NUMBERS
    }

    private record Case(Metric metric, Takes takes) {
        Tensor prediction(Rng rng, int n) {
            return switch (takes) {
                // rounded, so that there are ties
                case LOGITS -> rng.normal(Shape.of(n, CLASSES), DType.F32).mul(4).round().div(2);
                case PROBABILITIES -> rng.normal(Shape.of(n, CLASSES), DType.F32).softmax(1);
                case SCORES -> rng.normal(Shape.of(n), DType.F32).mul(4).round();
                // of many magnitudes, so that sums depend on their order
                case NUMBERS -> rng.normal(Shape.of(n, 2), DType.F32).mul(9).exp();
            };
        }

        Tensor target(Rng rng, int n) {
            return switch (takes) {
                case LOGITS, PROBABILITIES -> Sampling.integers(rng, Shape.of(n), 0, CLASSES);
                case SCORES -> Sampling.integers(rng, Shape.of(n), 0, 2);
                case NUMBERS -> rng.normal(Shape.of(n, 2), DType.F32).mul(9).exp();
            };
        }
    }

    private static final List<Case> CASES = List.of(
            new Case(Accuracy.of(), Takes.LOGITS),
            new Case(Accuracy.of(Decision.threshold(0)), Takes.SCORES),
            new Case(Accuracy.top(2), Takes.LOGITS),
            new Case(ClassMeasure.precision(CLASSES, Average.MACRO), Takes.LOGITS),
            new Case(ClassMeasure.recall(CLASSES, Average.WEIGHTED), Takes.LOGITS),
            new Case(ClassMeasure.f1(CLASSES, Average.MICRO), Takes.LOGITS),
            new Case(ClassMeasure.f1(2, Average.MACRO).withDecision(Decision.threshold(0)), Takes.SCORES),
            new Case(ConfusionMatrix.of(CLASSES), Takes.LOGITS),
            new Case(RocAuc.binary(), Takes.SCORES),
            new Case(RocAuc.oneVersusRest(CLASSES, Average.MACRO), Takes.LOGITS),
            new Case(RocAuc.oneVersusRest(CLASSES, Average.WEIGHTED), Takes.PROBABILITIES),
            new Case(RegressionError.meanAbsolute(), Takes.NUMBERS),
            new Case(RegressionError.meanSquared(), Takes.NUMBERS),
            new Case(RegressionError.rootMeanSquared(), Takes.NUMBERS),
            new Case(RSquared.of(2), Takes.NUMBERS),
            new Case(Perplexity.of(), Takes.LOGITS),
            new Case(Perplexity.withoutPadding(3), Takes.LOGITS),
            new Case(CalibrationError.of(5, CalibrationError.Scores.LOGITS), Takes.LOGITS),
            new Case(CalibrationError.of(5, CalibrationError.Scores.PROBABILITIES), Takes.PROBABILITIES));

    private static void update(Metric metric, Tensor prediction, Tensor target, int start, int stop) {
        metric.update(prediction.slice(0, start, stop), target.slice(0, start, stop));
    }

    private static void assertSameBits(String name, double expected, double found) {
        assertEquals(Double.doubleToLongBits(expected), Double.doubleToLongBits(found),
                () -> name + ": " + expected + " became " + found);
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void theValueDoesNotDependOnBatchesMergingOrOrder(@ForAll @IntRange(max = 18) int which,
            @ForAll @IntRange(min = 1, max = 60) int n, @ForAll long seed) {
        Case tested = CASES.get(which);
        Tensor prediction = tested.prediction(Rng.seed(seed), n);
        Tensor target = tested.target(Rng.seed(seed).stream(1), n);
        Metric whole = tested.metric().fresh();
        whole.update(prediction, target);

        Random random = new Random(seed);
        Metric batched = tested.metric().fresh();
        Metric first = tested.metric().fresh();
        Metric second = tested.metric().fresh();
        for (int start = 0; start < n;) {
            int stop = Math.min(n, start + 1 + random.nextInt(9));
            update(batched, prediction, target, start, stop);
            update(random.nextBoolean() ? first : second, prediction, target, start, stop);
            start = stop;
        }
        assertSameBits(whole.name() + " in batches", whole.value(), batched.value());
        second.merge(first);
        assertSameBits(whole.name() + " merged", whole.value(), second.value());

        int[] order = Rng.seed(seed).stream(2).permutation(n);
        Tensor index = Tensor.of(order, n).cast(DType.I64);
        Metric shuffled = tested.metric().fresh();
        shuffled.update(prediction.indexSelect(0, index), target.indexSelect(0, index));
        assertSameBits(whole.name() + " in another order", whole.value(), shuffled.value());
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void aMetricMergedWithItselfCountsTwice(@ForAll @IntRange(max = 18) int which, @ForAll long seed) {
        Case tested = CASES.get(which);
        Tensor prediction = tested.prediction(Rng.seed(seed), 9);
        Tensor target = tested.target(Rng.seed(seed).stream(1), 9);
        Metric twice = tested.metric().fresh();
        twice.update(prediction, target);
        twice.update(prediction, target);
        Metric self = tested.metric().fresh();
        self.update(prediction, target);
        self.merge(self);
        assertSameBits(self.name(), twice.value(), self.value());
    }

    @Test
    void withoutAnExampleTheValueIsNaNAndAFreshOneHasSeenNone() {
        for (Case tested : CASES) {
            Metric metric = tested.metric().fresh();
            assertTrue(Double.isNaN(metric.value()), metric.name());
            metric.update(tested.prediction(Rng.seed(1), 30), tested.target(Rng.seed(2), 30));
            assertTrue(Double.isFinite(metric.value()), metric.name());
            assertNotSame(metric, metric.fresh());
            assertTrue(Double.isNaN(metric.fresh().value()), metric.name());
        }
    }

    @Test
    void onlyMetricsOfOneKindAndConfigurationMerge() {
        for (int i = 0; i < CASES.size(); i++) {
            for (int j = 0; j < CASES.size(); j++) {
                Metric one = CASES.get(i).metric().fresh();
                Metric other = CASES.get(j).metric().fresh();
                if (i == j) {
                    one.merge(other);
                } else {
                    assertThrows(ShapeException.class, () -> one.merge(other), one.name() + " with " + other.name());
                }
            }
        }
    }

    @Test
    void whatDoesNotFitIsRefusedAndNotTakenIn() {
        for (Case tested : CASES) {
            Metric metric = tested.metric().fresh();
            Tensor prediction = tested.prediction(Rng.seed(1), 6);
            Tensor target = tested.target(Rng.seed(2), 6);
            assertThrows(ShapeException.class, () -> metric.update(prediction, target.slice(0, 0, 5)), metric.name());
            if (tested.takes() != Takes.NUMBERS) {
                assertThrows(ShapeException.class, () -> metric.update(prediction, target.cast(DType.F32)),
                        metric.name());
            }
            assertTrue(Double.isNaN(metric.value()), metric.name());
        }
    }
}
