package io.adjoint.optim.metric;

import io.adjoint.autodiff.Tensor;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Precision, recall and F1 of classes, from the counts of a class that are right (tp), wrongly predicted (fp) and missed (fn). A
 * quotient by 0 is 0, as in scikit-learn.
 *
 * <p>For two classes of which only one matters, {@link #value(int)} is the figure of that class.
 */
public final class ClassMeasure implements Metric {
    private final Kind kind;
    private final Average average;
    private final ConfusionMatrix matrix;

    private enum Kind {
        PRECISION("precision"),
        RECALL("recall"),
        F1("F1");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        double of(long right, long predicted, long inTruth) {
            return switch (this) {
                case PRECISION -> quotient(right, predicted);
                case RECALL -> quotient(right, inTruth);
                case F1 -> quotient(2 * right, predicted + inTruth);
            };
        }

        private static double quotient(long part, long whole) {
            return whole == 0 ? 0 : (double) part / whole;
        }
    }

    private ClassMeasure(Kind kind, Average average, ConfusionMatrix matrix) {
        this.kind = kind;
        this.average = average;
        this.matrix = matrix;
    }

    /** {@code tp / (tp + fp)}: how many of the predictions of a class are right. */
    public static ClassMeasure precision(int classes, Average average) {
        return of(Kind.PRECISION, classes, average);
    }

    /** {@code tp / (tp + fn)}: how many of a class were found. */
    public static ClassMeasure recall(int classes, Average average) {
        return of(Kind.RECALL, classes, average);
    }

    /** {@code 2 tp / (2 tp + fp + fn)}, the harmonic mean of precision and recall. */
    public static ClassMeasure f1(int classes, Average average) {
        return of(Kind.F1, classes, average);
    }

    private static ClassMeasure of(Kind kind, int classes, Average average) {
        return new ClassMeasure(kind, average, ConfusionMatrix.of(classes));
    }

    /** The same of classes named in another way. */
    public ClassMeasure withDecision(Decision decision) {
        return new ClassMeasure(kind, average, ConfusionMatrix.of(
                IntStream.range(0, matrix.classes()).mapToObj(Integer::toString).toList(), decision));
    }

    /** {@code macro F1}: figures that are averaged in different ways are different. */
    @Override
    public String name() {
        return average.name().toLowerCase(Locale.ROOT) + " " + kind.text;
    }

    /** Predictions {@code [..., classes]} or labels {@code [...]}, targets {@code [...]}. */
    @Override
    public void update(Tensor prediction, Tensor target) {
        matrix.update(prediction, target);
    }

    /** The figure of one class, 0 where it divides by 0. */
    public double value(int label) {
        return kind.of(matrix.count(label, label), matrix.predicted(label), matrix.inTruth(label));
    }

    @Override
    public double value() {
        long total = matrix.total();
        if (total == 0) {
            return Double.NaN;
        }
        IntStream labels = IntStream.range(0, matrix.classes());
        return switch (average) {
            case MICRO -> kind.of(labels.mapToLong(i -> matrix.count(i, i)).sum(), total, total);
            case MACRO -> {
                int[] named = labels.filter(i -> matrix.inTruth(i) + matrix.predicted(i) > 0).toArray();
                yield IntStream.of(named).mapToDouble(this::value).sum() / named.length;
            }
            case WEIGHTED -> labels.mapToDouble(i -> value(i) * matrix.inTruth(i)).sum() / total;
        };
    }

    @Override
    public void merge(Metric other) {
        if (!(other instanceof ClassMeasure measure && measure.kind == kind && measure.average == average)) {
            throw Metrics.mixed(this, other);
        }
        matrix.merge(measure.matrix);
    }

    @Override
    public ClassMeasure fresh() {
        return new ClassMeasure(kind, average, matrix.fresh());
    }
}
