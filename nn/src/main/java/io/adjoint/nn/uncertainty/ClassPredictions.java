package io.adjoint.nn.uncertainty;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * What several models, or passes of one, say about classes. The entropy of the average is the whole uncertainty; the average
 * of the entropies is what each of them admits, which more data would not take away; the difference is what they disagree
 * about (Depeweg et al. 2018; "BALD", Houlsby et al. 2011).
 *
 * @param probabilities {@code [members, ..., classes]}
 */
public record ClassPredictions(Tensor probabilities) {
    /**
     * Predictions of given probabilities.
     *
     * @throws ShapeException if they are no floats, or there are no members or classes
     */
    public ClassPredictions {
        if (!probabilities.dtype().isFloat() || probabilities.rank() < 2 || probabilities.dim(0) == 0) {
            throw ShapeException.of("class_predictions", "no predictions of several members")
                    .operand("probabilities", probabilities.spec()).expected("floats [members, ..., classes]");
        }
    }

    /** Predictions of these logits, {@code [members, ..., classes]}. */
    public static ClassPredictions ofLogits(Tensor logits) {
        return new ClassPredictions(logits.softmax(-1));
    }

    /** The average over the members, {@code [..., classes]}. */
    public Tensor mean() {
        return probabilities.mean(0);
    }

    /** The variance among the members, {@code [..., classes]}. */
    public Tensor variance() {
        return probabilities.sub(mean()).square().mean(0);
    }

    /** The entropy of the average in nats, {@code [...]}. */
    public Tensor predictiveEntropy() {
        return mean().entr().sum(-1);
    }

    /** The average of the entropies in nats, {@code [...]}. */
    public Tensor expectedEntropy() {
        return probabilities.entr().sum(-1).mean(0);
    }

    /** {@code predictiveEntropy - expectedEntropy}, between the class and the member, {@code [...]}; 0 where all agree. */
    public Tensor mutualInformation() {
        return predictiveEntropy().sub(expectedEntropy());
    }
}
