package io.adjoint.optim.metric;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;

/** What metrics ask of predictions and targets, and how they refuse others. */
final class Metrics {
    private Metrics() {}

    static ShapeException mixed(Metric metric, Metric other) {
        return ShapeException.of(metric.name(), "merged with another metric").operand("other", other.name())
                .expected("one of the same kind and configuration");
    }

    /** Labels as numbers; BOOL counts as 0 and 1. */
    static long[] labels(String name, Tensor target) {
        if (target.dtype().isFloat()) {
            throw ShapeException.of(name, "not labels").operand("target", target.spec())
                    .expected("I64, I32 or BOOL");
        }
        return target.cast(DType.I64).toLongs();
    }

    static void requireRange(String name, String what, long[] labels, int classes) {
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw ShapeException.of(name, "label out of range").operand(what, labels[i]).operand("at", i)
                        .expected("0 to " + (classes - 1));
            }
        }
    }

    static double[] numbers(Tensor values) {
        return values.detached().cast(DType.F64).toDoubles();
    }

    static void requireOneShape(String name, Tensor prediction, Tensor target) {
        if (!prediction.shape().equals(target.shape())) {
            throw ShapeException.of(name, "the shapes differ").operand("prediction", prediction.shape())
                    .operand("target", target.shape()).expected("one shape");
        }
    }

    /** Scores {@code [..., classes]} with labels {@code [...]}: as many rows as labels. */
    record Rows(double[] scores, int classes, long[] labels) {
        static Rows of(String name, Tensor prediction, Tensor target) {
            Shape shape = prediction.shape();
            int rank = shape.rank();
            if (!prediction.dtype().isFloat() || rank == 0 || shape.dim(-1) == 0
                    || !target.shape().equals(Shape.of(Arrays.copyOf(shape.dims(), rank - 1)))) {
                throw ShapeException.of(name, "scores and labels do not fit").operand("prediction", prediction.spec())
                        .operand("target", target.spec()).expected("floats [..., classes] and labels [...]");
            }
            return new Rows(numbers(prediction), shape.dim(-1), Metrics.labels(name, target));
        }

        Rows requireLabels(String name) {
            requireRange(name, "label", labels, classes);
            return this;
        }

        double score(int row, int label) {
            return scores[row * classes + label];
        }

        /** How many classes come before this one if the greatest score is first; of equals, the first is. NaN is the greatest. */
        int rank(int row, int label) {
            double own = score(row, label);
            int before = 0;
            for (int other = 0; other < classes; other++) {
                double score = score(row, other);
                boolean equal = score == own || Double.isNaN(score) && Double.isNaN(own);
                boolean greater = Double.isNaN(score) ? !Double.isNaN(own) : score > own;
                before += greater || equal && other < label ? 1 : 0;
            }
            return before;
        }

        /** {@code ln sum e^score} of a row, in F64 and in the order of the classes. */
        double logSumExp(int row) {
            double greatest = Double.NEGATIVE_INFINITY;
            for (int label = 0; label < classes; label++) {
                greatest = Math.max(greatest, score(row, label));
            }
            double sum = 0;
            for (int label = 0; label < classes; label++) {
                sum += StrictMath.exp(score(row, label) - greatest);
            }
            return greatest + StrictMath.log(sum);
        }
    }
}
