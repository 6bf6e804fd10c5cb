package io.adjoint.optim.metric;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The area under the receiver operating characteristic: the probability that an example of a class has a greater score for it than
 * one of the others, ties counting half (the statistic of Mann and Whitney, 1947). Exact, so it keeps all scores: 8 bytes for each
 * example and class.
 *
 * <p>Any increasing function of the scores gives the same value, so logits do as well as probabilities. NaN where there is no
 * class with examples in it and outside.
 */
public final class RocAuc implements Metric {
    private final int classes;
    private final Average average;
    private double[] scores = new double[64];
    private long[] labels = new long[64];
    private int count;

    private RocAuc(int classes, Average average) {
        this.classes = classes;
        this.average = average;
    }

    /** Of two classes: scores {@code [...]} of class 1, targets {@code [...]} of 0 and 1, or BOOL. */
    public static RocAuc binary() {
        return new RocAuc(1, Average.MICRO);
    }

    /**
     * Each class against all others: scores {@code [..., classes]}, targets {@code [...]}. Classes without an example, or
     * without one outside, are left out.
     *
     * @param average {@code MACRO} or {@code WEIGHTED}
     */
    public static RocAuc oneVersusRest(int classes, Average average) {
        if (classes < 2 || average == Average.MICRO) {
            throw ShapeException.of("ROC AUC", "not a mean of classes").operand("classes", classes)
                    .operand("average", average).expected("2 classes or more, MACRO or WEIGHTED");
        }
        return new RocAuc(classes, average);
    }

    @Override
    public String name() {
        return "ROC AUC";
    }

    /**
     * {@inheritDoc}
     *
     * @throws ShapeException also if a score is NaN, which has no order
     */
    @Override
    public void update(Tensor prediction, Tensor target) {
        if (classes == 1) {
            Metrics.requireOneShape(name(), prediction, target);
        } else if (prediction.rank() == 0 || prediction.dim(-1) != classes) {
            throw ShapeException.of(name(), "another number of classes").operand("prediction", prediction.shape())
                    .expected("[..., " + classes + "]");
        }
        Metrics.Rows rows = Metrics.Rows.of(name(), classes == 1 ? prediction.unsqueeze(-1) : prediction, target);
        Metrics.requireRange(name(), "label", rows.labels(), Math.max(2, classes));
        if (Arrays.stream(rows.scores()).anyMatch(Double::isNaN)) {
            throw ShapeException.of(name(), "a score is NaN").operand("prediction", prediction.spec())
                    .expected("numbers that have an order");
        }
        take(rows.scores(), rows.labels(), rows.labels().length);
    }

    private void take(double[] moreScores, long[] moreLabels, int more) {
        int needed = Math.addExact(count, more);
        if (needed > labels.length) {
            labels = Arrays.copyOf(labels, Math.max(needed, 2 * count));
        }
        int values = Math.multiplyExact(needed, classes);
        if (values > scores.length) {
            scores = Arrays.copyOf(scores, Math.max(values, 2 * count * classes));
        }
        System.arraycopy(moreLabels, 0, labels, count, more);
        System.arraycopy(moreScores, 0, scores, count * classes, more * classes);
        count = needed;
    }

    @Override
    public double value() {
        if (classes == 1) {
            return area(0, 1);
        }
        double sum = 0;
        double weights = 0;
        for (int label = 0; label < classes; label++) {
            double area = area(label, label);
            if (!Double.isNaN(area)) {
                int of = label;
                double weight = average == Average.MACRO ? 1
                        : IntStream.range(0, count).filter(i -> labels[i] == of).count();
                sum += weight * area;
                weights += weight;
            }
        }
        return sum / weights;
    }

    /** NaN if all examples, or none, are of the class. */
    private double area(int column, int label) {
        double[] inside = scores(column, label, true);
        double[] outside = scores(column, label, false);
        long twice = 0; // a pair in order counts 2, a tie 1
        int below = 0;
        int upTo = 0;
        for (double score : inside) {
            while (below < outside.length && outside[below] < score) {
                below++;
            }
            while (upTo < outside.length && outside[upTo] <= score) {
                upTo++;
            }
            twice += below + upTo;
        }
        return twice / (2.0 * inside.length * outside.length);
    }

    /** Ascending; adding 0 makes -0 equal 0. */
    private double[] scores(int column, int label, boolean inside) {
        return IntStream.range(0, count).filter(i -> labels[i] == label == inside)
                .mapToDouble(i -> scores[i * classes + column] + 0.0).sorted().toArray();
    }

    @Override
    public void merge(Metric other) {
        if (!(other instanceof RocAuc auc && auc.classes == classes && auc.average == average)) {
            throw Metrics.mixed(this, other);
        }
        take(auc.scores, auc.labels, auc.count);
    }

    @Override
    public RocAuc fresh() {
        return new RocAuc(classes, average);
    }
}
