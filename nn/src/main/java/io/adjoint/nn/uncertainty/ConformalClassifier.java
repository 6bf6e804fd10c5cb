package io.adjoint.nn.uncertainty;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * Sets of classes that contain the true one with a promised probability, whatever the model, as long as the examples that it
 * was calibrated with and the new ones can be exchanged (split conformal prediction: Vovk, Gammerman, Shafer 2005; Papadopoulos
 * et al. 2002). On average over all examples, that is; among those of one class it may be less.
 *
 * @param score what orders the classes of an example
 * @param threshold classes of a greater score are left out
 */
public record ConformalClassifier(Score score, double threshold) {
    /** How unlikely a class is. */
    public enum Score {
        /** {@code 1 - p}: the smallest sets on average, some of them empty (Sadinle, Lei, Wasserman 2019). */
        LAC {
            @Override
            Tensor of(Tensor probabilities) {
                return probabilities.rsub(1);
            }
        },
        /**
         * The sum of all probabilities that are as great or greater: sets grow where the model is unsure (Romano, Sesia, Candes
         * 2020, without their randomisation). The most likely class is always in.
         */
        APS {
            @Override
            Tensor of(Tensor probabilities) {
                Tensor isMore = probabilities.unsqueeze(1).ge(probabilities.unsqueeze(2));
                return isMore.where(probabilities.unsqueeze(1), 0).sum(-1);
            }
        };

        /** Of {@code [n, classes]}, of the same shape. */
        abstract Tensor of(Tensor probabilities);
    }

    /**
     * Calibrates with held-out examples, which are read on the host.
     *
     * @param probabilities {@code [n, classes]}
     * @param labels I64 {@code [n]}
     * @param alpha how often the true class may be missing, between 0 and 1
     * @throws ShapeException if shapes or dtypes do not fit, or alpha is out of range
     */
    public static ConformalClassifier fit(Tensor probabilities, Tensor labels, double alpha, Score score) {
        Labels.require("conformal_classifier", probabilities, labels);
        Tensor scores = score.of(probabilities.detached().cast(DType.F64));
        return new ConformalClassifier(score,
                Labels.threshold("conformal_classifier", scores.gather(-1, labels.unsqueeze(-1)), alpha));
    }

    /**
     * Which classes are in the set of each example.
     *
     * @param probabilities {@code [n, classes]}
     * @return BOOL {@code [n, classes]}
     * @throws ShapeException if they are no floats of rank 2
     */
    public Tensor sets(Tensor probabilities) {
        Labels.requireProbabilities("conformal_classifier", probabilities);
        Tensor isIn = score.of(probabilities.cast(DType.F64)).le(threshold);
        return switch (score) {
            case LAC -> isIn;
            case APS -> isIn.or(probabilities.argmax(-1).oneHot(probabilities.dim(1)).eq(1));
        };
    }
}
