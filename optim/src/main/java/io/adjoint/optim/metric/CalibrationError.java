package io.adjoint.optim.metric;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.uncertainty.ReliabilityDiagram;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The expected calibration error: predictions are put into bins of equal width by their confidence, the probability of the class
 * that is predicted; the error is the mean over examples of {@code |accuracy - confidence|} of their bin (Guo et al., "On
 * calibration of modern neural networks", ICML 2017).
 */
public final class CalibrationError implements Metric {
    private final Scores scores;
    private final Gathered[] bins;

    /** What the predictions are. */
    public enum Scores {
        /** Numbers of which softmax makes probabilities. */
        LOGITS,
        /** Probabilities of the classes. */
        PROBABILITIES
    }

    private static final class Gathered {
        private final ExactSum confidence = new ExactSum();
        private long right;
        private long count;
    }

    private CalibrationError(int bins, Scores scores) {
        if (bins < 1) {
            throw ShapeException.of("calibration", "no bins").operand("bins", bins).expected("1 or more");
        }
        this.scores = scores;
        this.bins = Stream.generate(Gathered::new).limit(bins).toArray(Gathered[]::new);
    }

    /** With so many bins over {@code [0, 1]}; 15 is usual; they are those of {@link ReliabilityDiagram}. */
    public static CalibrationError of(int bins, Scores scores) {
        return new CalibrationError(bins, scores);
    }

    @Override
    public String name() {
        return "calibration error";
    }

    /** Logits or probabilities {@code [..., classes]}, targets {@code [...]}. */
    @Override
    public void update(Tensor prediction, Tensor target) {
        Metrics.Rows rows = Metrics.Rows.of(name(), prediction, target).requireLabels(name());
        int[] predicted = IntStream.range(0, rows.labels().length).map(row -> greatest(rows, row)).toArray();
        double[] confidences = new double[predicted.length];
        Arrays.setAll(confidences, row -> confidence(rows, row, predicted[row]));
        for (int row = 0; row < predicted.length; row++) {
            Gathered bin = bins[ReliabilityDiagram.bin(confidences[row], bins.length)];
            bin.confidence.add(confidences[row]);
            bin.right += predicted[row] == rows.labels()[row] ? 1 : 0;
            bin.count++;
        }
    }

    private static int greatest(Metrics.Rows rows, int row) {
        int greatest = 0;
        for (int label = 1; label < rows.classes(); label++) {
            greatest = rows.score(row, label) > rows.score(row, greatest) ? label : greatest;
        }
        return greatest;
    }

    private double confidence(Metrics.Rows rows, int row, int predicted) {
        double score = rows.score(row, predicted);
        double confidence = switch (scores) {
            case LOGITS -> Math.min(1, StrictMath.exp(score - rows.logSumExp(row)));
            case PROBABILITIES -> score;
        };
        if (!(confidence >= 0 && confidence <= 1)) {
            throw ShapeException.of(name(), "not a probability").operand("confidence", confidence).operand("at", row)
                    .expected("0 to 1");
        }
        return confidence;
    }

    /** The bins, which print as a table. */
    public ReliabilityDiagram diagram() {
        return new ReliabilityDiagram(IntStream.range(0, bins.length).mapToObj(i -> ReliabilityDiagram.Bin.of(i,
                bins.length, bins[i].count, bins[i].confidence.value(), bins[i].right)).toList());
    }

    @Override
    public double value() {
        return diagram().expectedCalibrationError();
    }

    @Override
    public void merge(Metric other) {
        if (!(other instanceof CalibrationError error && error.scores == scores && error.bins.length == bins.length)) {
            throw Metrics.mixed(this, other);
        }
        for (int i = 0; i < bins.length; i++) {
            bins[i].confidence.add(error.bins[i].confidence);
            bins[i].right += error.bins[i].right;
            bins[i].count += error.bins[i].count;
        }
    }

    @Override
    public CalibrationError fresh() {
        return new CalibrationError(bins.length, scores);
    }
}
