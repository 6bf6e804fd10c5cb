package io.adjoint.optim.metric;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How often each class was taken for each: a row for each class in truth, a column for each that was predicted. It prints as a
 * table; its value is the accuracy.
 */
public final class ConfusionMatrix implements Metric {
    private static final int MOST_CLASSES = 1 << 15;

    private final List<String> classes;
    private final Decision decision;
    private final long[] counts;

    private ConfusionMatrix(List<String> classes, Decision decision) {
        if (classes.isEmpty() || classes.size() > MOST_CLASSES) {
            throw ShapeException.of("confusion matrix", "no table of so many classes")
                    .operand("classes", classes.size()).expected("1 to " + MOST_CLASSES);
        }
        this.classes = List.copyOf(classes);
        this.decision = decision;
        this.counts = new long[classes.size() * classes.size()];
    }

    /** Of classes 0 to one less, each the one with the greatest score. */
    public static ConfusionMatrix of(int classes) {
        return of(IntStream.range(0, classes).mapToObj(Integer::toString).toList(), Decision.greatest());
    }

    /** Of classes with these names, in the order of their labels. */
    public static ConfusionMatrix of(List<String> classes, Decision decision) {
        return new ConfusionMatrix(classes, decision);
    }

    @Override
    public String name() {
        return "confusion matrix";
    }

    /** Number of classes. */
    public int classes() {
        return classes.size();
    }

    /** How many examples of a class were taken for another, or for what they are. */
    public long count(int truth, int predicted) {
        return counts[truth * classes() + predicted];
    }

    /** The counts, I64 {@code [truth, predicted]}. */
    public Tensor counts() {
        return Tensor.of(counts, classes(), classes());
    }

    /** Predictions as the decision takes them, labels {@code [...]}. */
    @Override
    public void update(Tensor prediction, Tensor target) {
        Tensor predicted = decision.labels(prediction);
        Metrics.requireOneShape(name(), predicted, target);
        long[] guesses = predicted.toLongs();
        long[] labels = Metrics.labels(name(), target);
        Metrics.requireRange(name(), "predicted", guesses, classes());
        Metrics.requireRange(name(), "label", labels, classes());
        for (int i = 0; i < labels.length; i++) {
            counts[(int) (labels[i] * classes() + guesses[i])]++;
        }
    }

    /** The accuracy. */
    @Override
    public double value() {
        long right = IntStream.range(0, classes()).mapToLong(i -> count(i, i)).sum();
        return (double) right / total();
    }

    long total() {
        return IntStream.range(0, classes()).mapToLong(this::inTruth).sum();
    }

    long inTruth(int label) {
        return IntStream.range(0, classes()).mapToLong(predicted -> count(label, predicted)).sum();
    }

    long predicted(int label) {
        return IntStream.range(0, classes()).mapToLong(truth -> count(truth, label)).sum();
    }

    @Override
    public void merge(Metric other) {
        if (!(other instanceof ConfusionMatrix matrix && matrix.classes.equals(classes)
                && matrix.decision.equals(decision))) {
            throw Metrics.mixed(this, other);
        }
        for (int i = 0; i < counts.length; i++) {
            counts[i] += matrix.counts[i];
        }
    }

    @Override
    public ConfusionMatrix fresh() {
        return new ConfusionMatrix(classes, decision);
    }

    /** A table: a line for each class in truth, a column for each that was predicted. */
    @Override
    public String toString() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(line("truth", classes.stream()));
        for (int truth = 0; truth < classes(); truth++) {
            int row = truth;
            lines.add(line(classes.get(truth),
                    IntStream.range(0, classes()).mapToObj(predicted -> Long.toString(count(row, predicted)))));
        }
        int[] widths = IntStream.rangeClosed(0, classes())
                .map(column -> lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0)).toArray();
        return lines.stream().map(line -> IntStream.range(0, line.size())
                .mapToObj(column -> " ".repeat(widths[column] - line.get(column).length()) + line.get(column))
                .collect(Collectors.joining("  "))).collect(Collectors.joining("\n"));
    }

    private static List<String> line(String first, Stream<String> rest) {
        return Stream.concat(Stream.of(first), rest).toList();
    }
}
