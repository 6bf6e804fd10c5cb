package io.adjoint.nn.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.autodiff.function.OverlapLosses.Area;
import io.adjoint.autodiff.function.Reduction;
import java.util.Arrays;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Losses that no other framework gives values for, against their formulas in plain doubles, and their gradients. */
class LossFormulasTest {
    private static Tensor normal(long seed, int... shape) {
        return Rng.seed(seed).normal(Shape.of(shape), DType.F64).mul(2);
    }

    private static Tensor labels(long seed, int classes, int... shape) {
        return Rng.seed(seed).stream(7).uniform(Shape.of(shape), DType.F64).mul(classes).floor().cast(DType.I64);
    }

    private static void assertClose(double[] expected, Tensor found) {
        double[] values = found.toDoubles();
        assertEquals(expected.length, values.length, "number of losses");
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], values[i], 1e-10 * Math.max(1, Math.abs(expected[i])), "loss " + i);
        }
    }

    private static void assertReductions(double[] each, Tensor mean, Tensor sum) {
        double total = 0;
        for (double loss : each) {
            total += loss;
        }
        assertClose(new double[] {total}, sum);
        assertClose(new double[] {total / each.length}, mean);
    }

    private static GradientCheck check(String label, long seed) {
        return GradientCheck.of(label).withSeed(seed);
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void focal(@ForAll @IntRange(min = 1, max = 4) int rows, @ForAll @IntRange(min = 2, max = 4) int classes,
            @ForAll @DoubleRange(min = 0, max = 3) double focus, @ForAll long seed) {
        Tensor logits = normal(seed, rows, classes);
        Tensor labels = labels(seed, classes, rows);
        double[] z = logits.toDoubles();
        double[] expected = new double[rows];
        for (int i = 0; i < rows; i++) {
            double sum = 0;
            for (int j = 0; j < classes; j++) {
                sum += Math.exp(z[i * classes + j]);
            }
            double p = Math.exp(z[i * classes + (int) labels.toLongs()[i]]) / sum;
            expected[i] = -Math.pow(1 - p, focus) * Math.log(p);
        }
        FocalLoss loss = FocalLoss.standard().withFocus(focus);
        assertClose(expected, loss.withReduction(Reduction.NONE).of(logits, labels));
        assertReductions(expected, loss.of(logits, labels), loss.withReduction(Reduction.SUM).of(logits, labels));
        check("focal", seed).check(in -> loss.of(in.getFirst(), labels), logits);
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void focalWithoutFocusIsCrossEntropyWithAllItsOptions(@ForAll @IntRange(min = 1, max = 4) int rows,
            @ForAll long seed) {
        Tensor logits = normal(seed, rows, 3, 2);
        Tensor labels = labels(seed, 3, rows, 2);
        Tensor weights = Tensor.of(new double[] {0.5, 2, 1});
        FocalLoss focal = FocalLoss.standard().withFocus(0).withWeights(weights).withIgnored(labels.toLongs()[0]);
        CrossEntropyLoss plain = CrossEntropyLoss.standard().withWeights(weights).withIgnored(labels.toLongs()[0]);
        for (Reduction reduction : new Reduction[] {Reduction.NONE, Reduction.SUM}) {
            assertClose(plain.withReduction(reduction).of(logits, labels).toDoubles(),
                    focal.withReduction(reduction).of(logits, labels));
        }
        Tensor others = labels.add(1).remainder(3);
        assertClose(plain.of(logits, others).toDoubles(), focal.of(logits, others));
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void binaryFocal(@ForAll @IntRange(min = 1, max = 6) int count, @ForAll @DoubleRange(min = 0, max = 3) double focus,
            @ForAll @DoubleRange(min = 0, max = 1) double balance, @ForAll long seed) {
        Tensor logits = normal(seed, count);
        Tensor target = labels(seed, 2, count).cast(DType.F64);
        double[] expected = new double[count];
        for (int i = 0; i < count; i++) {
            double yes = 1 / (1 + Math.exp(-logits.toDoubles()[i]));
            boolean isYes = target.toDoubles()[i] == 1;
            double p = isYes ? yes : 1 - yes;
            expected[i] = -(isYes ? balance : 1 - balance) * Math.pow(1 - p, focus) * Math.log(p);
        }
        BinaryFocalLoss loss = BinaryFocalLoss.standard().withFocus(focus).withBalance(balance);
        assertClose(expected, loss.withReduction(Reduction.NONE).of(logits, target));
        assertReductions(expected, loss.of(logits, target), loss.withReduction(Reduction.SUM).of(logits, target));
        Tensor soft = Rng.seed(seed).stream(3).uniform(Shape.of(count), DType.F64);
        check("binary focal", seed).check(in -> loss.of(in.getFirst(), in.getLast()), logits, soft);
    }

    @Test
    void focalLossesOfCertaintyHaveAFiniteGradient() {
        Tensor logits = Tensor.of(new float[] {200, -200}, 1, 2).tracked();
        Tensor byLogits = FocalLoss.standard().withFocus(0.5).of(logits, Tensor.of(new long[] {0})).gradients(logits)
                .of(logits);
        assertEquals("[[0., 0.]]  F32[1, 2]", byLogits.abs().toString());
        Tensor logit = Tensor.of(new float[] {200, -200}).tracked();
        Tensor target = Tensor.of(new float[] {1, 0});
        assertEquals("[0., 0.]  F32[2]", BinaryFocalLoss.standard().withFocus(0.5).of(logit, target).gradients(logit)
                .of(logit).abs().toString());
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void dice(@ForAll @IntRange(min = 1, max = 3) int n, @ForAll @IntRange(min = 1, max = 3) int channels,
            @ForAll @IntRange(min = 1, max = 5) int places, @ForAll @DoubleRange(min = 0.1, max = 2) double smoothing,
            @ForAll Area area, @ForAll long seed) {
        Tensor p = Rng.seed(seed).uniform(Shape.of(n, channels, 1, places), DType.F64);
        Tensor t = labels(seed, 2, n, channels, 1, places).cast(DType.F64);
        double[] expected = new double[n * channels];
        for (int i = 0; i < expected.length; i++) {
            double common = 0;
            double sizes = 0;
            for (int j = i * places; j < (i + 1) * places; j++) {
                double x = p.toDoubles()[j];
                double y = t.toDoubles()[j];
                common += x * y;
                sizes += area == Area.SUM ? x + y : x * x + y * y;
            }
            expected[i] = 1 - (2 * common + smoothing) / (sizes + smoothing);
        }
        DiceLoss loss = DiceLoss.standard().withSmoothing(smoothing).withArea(area);
        Tensor each = loss.withReduction(Reduction.NONE).of(p, t);
        assertEquals(Shape.of(n, channels), each.shape());
        assertClose(expected, each);
        assertReductions(expected, loss.of(p, t), loss.withReduction(Reduction.SUM).of(p, t));
        check("dice", seed).check(in -> loss.of(in.getFirst(), in.getLast()), p, t);
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void ntXent(@ForAll @IntRange(min = 1, max = 4) int n, @ForAll @IntRange(min = 1, max = 4) int width,
            @ForAll @DoubleRange(min = 0.2, max = 2) double temperature, @ForAll long seed) {
        Tensor first = normal(seed, n, width);
        Tensor second = normal(seed + 1, n, width);
        double[][] z = rows(Tensor.concat(0, first, second));
        double[] expected = new double[2 * n];
        for (int i = 0; i < 2 * n; i++) {
            double sum = 0;
            for (int k = 0; k < 2 * n; k++) {
                sum += k == i ? 0 : Math.exp(cosine(z[i], z[k]) / temperature);
            }
            expected[i] = Math.log(sum) - cosine(z[i], z[(i + n) % (2 * n)]) / temperature;
        }
        NtXentLoss loss = NtXentLoss.standard().withTemperature(temperature);
        assertClose(expected, loss.withReduction(Reduction.NONE).of(first, second));
        assertReductions(expected, loss.of(first, second), loss.withReduction(Reduction.SUM).of(first, second));
        check("nt-xent", seed).check(in -> loss.of(in.getFirst(), in.getLast()), first, second);
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void infoNce(@ForAll @IntRange(min = 1, max = 4) int n, @ForAll @IntRange(min = 0, max = 3) int m,
            @ForAll @DoubleRange(min = 0.2, max = 2) double temperature, @ForAll long seed) {
        Tensor queries = normal(seed, n, 3);
        Tensor keys = normal(seed + 1, n, 3);
        Tensor negatives = normal(seed + 2, m, 3);
        double[] among = new double[n];
        double[] against = new double[n];
        for (int i = 0; i < n; i++) {
            double[] query = rows(queries)[i];
            double own = cosine(query, rows(keys)[i]) / temperature;
            double ofKeys = 0;
            for (double[] key : rows(keys)) {
                ofKeys += Math.exp(cosine(query, key) / temperature);
            }
            double ofNegatives = Math.exp(own);
            for (double[] negative : rows(negatives)) {
                ofNegatives += Math.exp(cosine(query, negative) / temperature);
            }
            among[i] = Math.log(ofKeys) - own;
            against[i] = Math.log(ofNegatives) - own;
        }
        InfoNceLoss loss = InfoNceLoss.standard().withTemperature(temperature);
        assertClose(among, loss.withReduction(Reduction.NONE).of(queries, keys));
        assertReductions(among, loss.of(queries, keys), loss.withReduction(Reduction.SUM).of(queries, keys));
        assertClose(against, loss.withReduction(Reduction.NONE).of(queries, keys, negatives));
        check("info-nce", seed).check(in -> loss.of(in.getFirst(), in.getLast()), queries, keys);
        check("info-nce", seed).check(in -> loss.of(in.getFirst(), keys, in.getLast()), queries, negatives);
    }

    private static double[][] rows(Tensor matrix) {
        double[][] rows = new double[matrix.dim(0)][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = matrix.select(0, i).toDoubles();
        }
        return rows;
    }

    private static double cosine(double[] x, double[] y) {
        double product = 0;
        double ofX = 0;
        double ofY = 0;
        for (int i = 0; i < x.length; i++) {
            product += x[i] * y[i];
            ofX += x[i] * x[i];
            ofY += y[i] * y[i];
        }
        return product / Math.sqrt(ofX * ofY);
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void logCosh(@ForAll @IntRange(min = 1, max = 6) int count, @ForAll long seed) {
        Tensor x = normal(seed, count);
        Tensor t = normal(seed + 1, count);
        double[] expected = new double[count];
        for (int i = 0; i < count; i++) {
            expected[i] = Math.log(Math.cosh(x.toDoubles()[i] - t.toDoubles()[i]));
        }
        LogCoshLoss loss = LogCoshLoss.standard();
        assertClose(expected, loss.withReduction(Reduction.NONE).of(x, t));
        assertReductions(expected, loss.of(x, t), loss.withReduction(Reduction.SUM).of(x, t));
        check("log-cosh", seed).check(in -> loss.of(in.getFirst(), in.getLast()), x, t);
    }

    @Test
    void logCoshIsExactForErrorsOfAnySize() {
        Tensor x = Tensor.of(new float[] {0, 1e-4f, -1e-4f, 1e30f, -1e30f, 0.5f}).tracked();
        Tensor zeros = Tensor.zeros(6);
        Tensor each = LogCoshLoss.standard().withReduction(Reduction.NONE).of(x, zeros);
        float[] expected = {0, 5e-9f, 5e-9f, 1e30f, 1e30f, 0.12011451f};
        float[] slopes = {0, 1e-4f, -1e-4f, 1, -1, 0.46211716f};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], each.toFloats()[i], 1e-6f * expected[i], "loss " + i);
            assertEquals(slopes[i], each.sum().gradients(x).of(x).toFloats()[i], 1e-6f * Math.abs(slopes[i]),
                    "slope " + i);
        }
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void quantile(@ForAll @IntRange(min = 1, max = 6) int count, @ForAll @DoubleRange(min = 0, max = 1) double level,
            @ForAll long seed) {
        Tensor x = normal(seed, count);
        Tensor t = normal(seed + 1, count);
        double[] expected = new double[count];
        for (int i = 0; i < count; i++) {
            double above = t.toDoubles()[i] - x.toDoubles()[i];
            expected[i] = Math.max(level * above, (level - 1) * above);
        }
        QuantileLoss loss = QuantileLoss.standard().withLevel(level);
        assertClose(expected, loss.withReduction(Reduction.NONE).of(x, t));
        assertReductions(expected, loss.of(x, t), loss.withReduction(Reduction.SUM).of(x, t));
        Tensor apart = x.sub(t).abs().lt(0.05).where(t.add(1), x);
        check("quantile", seed).check(in -> loss.of(in.getFirst(), in.getLast()), apart, t);
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void theQuantileLossIsLeastAtTheQuantile(@ForAll @DoubleRange(min = 0.1, max = 0.9) double level,
            @ForAll long seed) {
        Tensor t = normal(seed, 99);
        double[] sorted = t.toDoubles();
        Arrays.sort(sorted);
        double best = sorted[(int) Math.floor(level * 99)];
        QuantileLoss loss = QuantileLoss.standard().withLevel(level);
        double least = loss.of(Tensor.full(t.shape(), DType.F64, best), t).item();
        for (double other : sorted) {
            assertTrue(least <= loss.of(Tensor.full(t.shape(), DType.F64, other), t).item() + 1e-12,
                    () -> other + " is better than " + best);
        }
    }
}
