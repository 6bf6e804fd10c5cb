package io.adjoint.nn.uncertainty;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How often a classifier is right where it is so sure: its greatest probabilities in bins of equal width (DeGroot and Fienberg
 * 1983). It prints as a table with bars.
 *
 * @param bins from 0 to 1
 */
public record ReliabilityDiagram(List<Bin> bins) {
    /** Characters of the longest bar. */
    private static final int BAR = 40;

    /**
     * The predictions whose confidence is above one number and up to another.
     *
     * @param low beyond which the confidence is
     * @param high up to which it is
     * @param count of the predictions
     * @param confidence their mean confidence, NaN if there is none
     * @param accuracy how many of them are right, as a share, NaN if there is none
     */
    public record Bin(double low, double high, long count, double confidence, double accuracy) {
        /**
         * Bin i of some.
         *
         * @param count of the predictions in it
         * @param confidences their sum
         * @param right how many of them are right
         */
        public static Bin of(int i, int bins, long count, double confidences, long right) {
            return new Bin((double) i / bins, (i + 1.0) / bins, count, confidences / count, (double) right / count);
        }

        /** {@code |accuracy - confidence|}, 0 if the bin is empty. */
        public double gap() {
            return count == 0 ? 0 : Math.abs(accuracy - confidence);
        }
    }

    /** A diagram of given bins. */
    public ReliabilityDiagram {
        bins = List.copyOf(bins);
    }

    /** The bin of a confidence: number i is above {@code i / bins}, up to {@code (i + 1) / bins}, and the first one has 0 too. */
    public static int bin(double confidence, int bins) {
        return Math.clamp((long) Math.ceil(confidence * bins) - 1, 0, bins - 1);
    }

    /**
     * The diagram of predictions, which are read on the host.
     *
     * @param probabilities {@code [n, classes]}
     * @param labels I64 {@code [n]}
     * @throws ShapeException if shapes or dtypes do not fit, or there is no bin
     */
    public static ReliabilityDiagram of(Tensor probabilities, Tensor labels, int bins) {
        Labels.require("reliability_diagram", probabilities, labels);
        if (bins < 1) {
            throw ShapeException.of("reliability_diagram", "no bins").operand("bins", bins).expected("1 or more");
        }
        double[] confidences = probabilities.detached().max(-1).cast(DType.F64).toDoubles();
        boolean[] isRight = probabilities.detached().argmax(-1).eq(labels).toBooleans();
        int[] count = new int[bins];
        double[] confidence = new double[bins];
        int[] right = new int[bins];
        for (int i = 0; i < isRight.length; i++) {
            int bin = bin(confidences[i], bins);
            count[bin]++;
            confidence[bin] += confidences[i];
            right[bin] += isRight[i] ? 1 : 0;
        }
        List<Bin> list = new ArrayList<>();
        for (int i = 0; i < bins; i++) {
            list.add(Bin.of(i, bins, count[i], confidence[i], right[i]));
        }
        return new ReliabilityDiagram(list);
    }

    private long count() {
        return bins.stream().mapToLong(Bin::count).sum();
    }

    /** The mean of the gaps, weighted by the counts (Naeini, Cooper, Hauskrecht 2015); NaN without predictions. */
    public double expectedCalibrationError() {
        return bins.stream().mapToDouble(bin -> bin.count * bin.gap()).sum() / count();
    }

    /** The greatest gap of a bin. */
    public double maximumCalibrationError() {
        return bins.stream().mapToDouble(Bin::gap).max().orElse(0);
    }

    /** A line for each bin: its ends, count, confidence, accuracy, and the accuracy as a bar with the confidence marked. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("confidence     count   mean   right\n");
        for (Bin bin : bins) {
            text.append(bin.count == 0 ? String.format(Locale.ROOT, "%.2f - %.2f %8d%n", bin.low, bin.high, 0)
                    : String.format(Locale.ROOT, "%.2f - %.2f %8d  %.3f  %.3f  %s%n", bin.low, bin.high, bin.count,
                            bin.confidence, bin.accuracy, bar(bin)));
        }
        return text.append(String.format(Locale.ROOT, "expected calibration error %.4f", expectedCalibrationError()))
                .toString();
    }

    private static String bar(Bin bin) {
        int length = (int) Math.round(bin.accuracy * BAR);
        int mark = (int) Math.round(bin.confidence * BAR);
        StringBuilder bar = new StringBuilder("#".repeat(length)).append(" ".repeat(BAR + 1 - length));
        bar.setCharAt(mark, '|');
        return bar.toString().stripTrailing();
    }
}
