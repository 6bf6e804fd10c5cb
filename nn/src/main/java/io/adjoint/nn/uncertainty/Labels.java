package io.adjoint.nn.uncertainty;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;

/** What evaluations on held-out examples ask for. */
final class Labels {
    private Labels() {}

    static void requireProbabilities(String operation, Tensor probabilities) {
        if (probabilities.rank() != 2 || probabilities.dim(1) == 0 || !probabilities.dtype().isFloat()) {
            throw ShapeException.of(operation, "no probabilities").operand("probabilities", probabilities.spec())
                    .expected("floats [n, classes]");
        }
    }

    static void require(String operation, Tensor probabilities, Tensor labels) {
        requireProbabilities(operation, probabilities);
        if (labels.dtype() != DType.I64 || !labels.shape().equals(Shape.of(probabilities.dim(0)))) {
            throw ShapeException.of(operation, "the labels do not fit").operand("probabilities", probabilities.spec())
                    .operand("labels", labels.spec()).expected("I64[" + probabilities.dim(0) + "]");
        }
    }

    /**
     * The score that a new example's exceeds with probability alpha at most: the {@code ceil((n + 1) (1 - alpha))}-th smallest
     * of n; infinite where there are too few.
     */
    static double threshold(String operation, Tensor scores, double alpha) {
        if (!(alpha > 0 && alpha < 1)) {
            throw ShapeException.of(operation, "not a rate of errors").operand("alpha", alpha)
                    .expected("a number between 0 and 1");
        }
        double[] sorted = scores.detached().cast(DType.F64).toDoubles();
        Arrays.sort(sorted);
        // what rounding adds to a whole number must not count as one more
        int rank = (int) Math.ceil((sorted.length + 1) * (1 - alpha) * (1 - 0x1p-50));
        return rank > sorted.length ? Double.POSITIVE_INFINITY : sorted[rank - 1];
    }
}
