package io.adjoint.nn.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.BinaryLosses;
import io.adjoint.autodiff.function.BinaryLosses.Weights;
import io.adjoint.autodiff.function.ClassOptions;
import io.adjoint.autodiff.function.Ctc;
import io.adjoint.autodiff.function.Ctc.Misfit;
import io.adjoint.autodiff.function.LikelihoodLosses;
import io.adjoint.autodiff.function.LikelihoodLosses.Scale;
import io.adjoint.autodiff.function.LikelihoodLosses.Terms;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.function.MarginLosses;
import io.adjoint.autodiff.function.MarginLosses.Against;
import io.adjoint.autodiff.function.MarginLosses.Triplet;
import io.adjoint.autodiff.function.Reduction;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The records hand each of their options on to the function that they name, whose values are tested elsewhere. */
class LossRecordsTest {
    private static final Reduction SUM = Reduction.SUM;

    private final Tensor x = Rng.seed(1).normal(Shape.of(4, 3), DType.F64);
    private final Tensor y = Rng.seed(2).normal(Shape.of(4, 3), DType.F64);
    private final Tensor z = Rng.seed(3).normal(Shape.of(4, 3), DType.F64);
    private final Tensor p = x.sigmoid();
    private final Tensor q = y.sigmoid();
    private final Tensor signs = Tensor.of(new double[] {1, -1, -1, 1});
    private final Tensor labels = Tensor.of(new long[] {0, 2, 1, 2});
    private final Tensor weights = Tensor.of(new double[] {0.5, 2, 1});

    private static void assertSame(Tensor expected, Tensor found) {
        assertTrue(expected.sameBits(found), () -> expected + " and " + found);
    }

    /** That all are different shows that each option matters. */
    private static void assertDifferent(Tensor... losses) {
        for (int i = 0; i < losses.length; i++) {
            for (int j = 0; j < i; j++) {
                assertTrue(!losses[i].sameBits(losses[j]), "losses " + j + " and " + i + " are the same");
            }
        }
    }

    @Test
    void errors() {
        assertSame(Losses.meanAbsoluteError(x, y), L1Loss.standard().of(x, y));
        assertSame(Losses.meanSquaredError(x, y), MseLoss.standard().of(x, y));
        assertSame(Losses.meanSquaredError(x, y, SUM), MseLoss.standard().withReduction(SUM).of(x, y));
        assertSame(Losses.huber(x, y), HuberLoss.standard().of(x, y));
        assertSame(Losses.huber(x, y, 0.3, SUM), HuberLoss.standard().withDelta(0.3).withReduction(SUM).of(x, y));
        assertSame(Losses.smoothL1(x, y), SmoothL1Loss.standard().of(x, y));
        assertSame(Losses.smoothL1(x, y, 0.3, SUM), SmoothL1Loss.standard().withBeta(0.3).withReduction(SUM).of(x, y));
    }

    @Test
    void classes() {
        ClassOptions options = ClassOptions.DEFAULT.withWeights(weights).withIgnored(1).withSmoothing(0.1);
        CrossEntropyLoss entropy = CrossEntropyLoss.standard();
        assertSame(Losses.crossEntropy(x, labels), entropy.of(x, labels));
        assertSame(Losses.crossEntropy(x, labels, options, SUM),
                entropy.withWeights(weights).withIgnored(1).withSmoothing(0.1).withReduction(SUM).of(x, labels));
        assertSame(Losses.crossEntropy(x, p, ClassOptions.DEFAULT, Reduction.MEAN), entropy.of(x, p));
        assertDifferent(entropy.of(x, labels), entropy.withWeights(weights).of(x, labels),
                entropy.withIgnored(1).of(x, labels), entropy.withSmoothing(0.1).of(x, labels));
        NllLoss likelihood = NllLoss.standard();
        assertSame(Losses.negativeLogLikelihood(x, labels), likelihood.of(x, labels));
        assertSame(Losses.negativeLogLikelihood(x, labels, options.withSmoothing(0), SUM),
                likelihood.withWeights(weights).withIgnored(1).withReduction(SUM).of(x, labels));
    }

    @Test
    void likelihoods() {
        assertSame(LikelihoodLosses.poisson(x, q), PoissonNllLoss.standard().of(x, q));
        assertSame(LikelihoodLosses.poisson(p, q.mul(5), Scale.PLAIN, Terms.ALL, 0.1, SUM),
                PoissonNllLoss.standard().withScale(Scale.PLAIN).withTerms(Terms.ALL).withEpsilon(0.1)
                        .withReduction(SUM).of(p, q.mul(5)));
        assertSame(LikelihoodLosses.gaussian(x, y, p), GaussianNllLoss.standard().of(x, y, p));
        assertSame(LikelihoodLosses.gaussian(x, y, p, Terms.ALL, 0.5, SUM), GaussianNllLoss.standard()
                .withTerms(Terms.ALL).withEpsilon(0.5).withReduction(SUM).of(x, y, p));
        assertSame(LikelihoodLosses.klDivergence(x, q, Scale.PLAIN, Reduction.MEAN), KlDivLoss.standard().of(x, q));
        assertSame(LikelihoodLosses.klDivergence(x, y, Scale.LOGARITHM, SUM),
                KlDivLoss.standard().withScale(Scale.LOGARITHM).withReduction(SUM).of(x, y));
    }

    @Test
    void binary() {
        assertSame(BinaryLosses.crossEntropy(p, q), BceLoss.standard().of(p, q));
        assertSame(BinaryLosses.crossEntropy(p, q, Weights.NONE.withWeight(weights), SUM),
                BceLoss.standard().withWeight(weights).withReduction(SUM).of(p, q));
        assertSame(BinaryLosses.crossEntropyWithLogits(x, q), BceWithLogitsLoss.standard().of(x, q));
        assertSame(BinaryLosses.crossEntropyWithLogits(x, q,
                Weights.NONE.withWeight(weights).withPositiveWeight(weights.add(1)), SUM),
                BceWithLogitsLoss.standard().withWeight(weights).withPositiveWeight(weights.add(1)).withReduction(SUM)
                        .of(x, q));
        assertSame(BinaryLosses.softMargin(x, y.sign()), SoftMarginLoss.standard().of(x, y.sign()));
        assertSame(BinaryLosses.multiLabelSoftMargin(x, q), MultiLabelSoftMarginLoss.standard().of(x, q));
        assertSame(BinaryLosses.multiLabelSoftMargin(x, q, Weights.NONE.withWeight(weights), SUM),
                MultiLabelSoftMarginLoss.standard().withWeight(weights).withReduction(SUM).of(x, q));
    }

    @Test
    void margins() {
        assertSame(MarginLosses.ranking(x, y, z.sign()), MarginRankingLoss.standard().of(x, y, z.sign()));
        assertSame(MarginLosses.ranking(x, y, z.sign(), 0.3, SUM),
                MarginRankingLoss.standard().withMargin(0.3).withReduction(SUM).of(x, y, z.sign()));
        assertSame(MarginLosses.hingeEmbedding(p, z.sign()), HingeEmbeddingLoss.standard().of(p, z.sign()));
        assertSame(MarginLosses.hingeEmbedding(p, z.sign(), 0.3, SUM),
                HingeEmbeddingLoss.standard().withMargin(0.3).withReduction(SUM).of(p, z.sign()));
        assertSame(MarginLosses.cosineEmbedding(x, y, signs), CosineEmbeddingLoss.standard().of(x, y, signs));
        assertSame(MarginLosses.cosineEmbedding(x, y, signs, 0.3, SUM),
                CosineEmbeddingLoss.standard().withMargin(0.3).withReduction(SUM).of(x, y, signs));
        Tensor several = Tensor.of(new long[] {0, -1, 0, 2, 1, -1, -1, 0, 0, 1, 0, 2}, 4, 3);
        assertSame(MarginLosses.multiLabel(x, several), MultiLabelMarginLoss.standard().of(x, several));
        assertSame(MarginLosses.multiClass(x, labels), MultiMarginLoss.standard().of(x, labels));
        assertSame(MarginLosses.multiClass(x, labels, 2, 0.3, Optional.of(weights), SUM), MultiMarginLoss.standard()
                .withPower(2).withMargin(0.3).withWeights(weights).withReduction(SUM).of(x, labels));
    }

    @Test
    void triplets() {
        assertSame(MarginLosses.triplet(x, y, z), TripletMarginLoss.standard().of(x, y, z));
        assertSame(MarginLosses.triplet(x, y, z, new Triplet(2, 1, 1e-6, Against.NEARER), SUM), TripletMarginLoss
                .standard().withMargin(2).withNorm(1).against(Against.NEARER).withReduction(SUM).of(x, y, z));
        TripletMarginWithDistanceLoss own = TripletMarginWithDistanceLoss.standard();
        assertSame(MarginLosses.triplet(x, y, z), own.of(x, y, z));
        assertSame(MarginLosses.triplet(x, y, z, new Triplet(2, 2, 1e-6, Against.NEARER), SUM),
                own.withMargin(2).against(Against.NEARER).withReduction(SUM).of(x, y, z));
        Tensor squares = own.withDistance((a, b) -> a.sub(b).square().sum(-1)).withReduction(Reduction.NONE)
                .of(x, y, z);
        Tensor near = x.sub(y).square().sum(-1);
        assertSame(near.sub(x.sub(z).square().sum(-1)).add(1).relu(), squares);
    }

    @Test
    void alignments() {
        Tensor emissions = Rng.seed(5).normal(Shape.of(5, 2, 3), DType.F64).logSoftmax(-1);
        Tensor targets = Tensor.of(new long[] {1, 0, 2, 2}, 2, 2);
        int[] steps = {5, 2};
        int[] lengths = {1, 2};
        assertSame(Ctc.loss(emissions, targets, steps, lengths),
                CtcLoss.standard().of(emissions, targets, steps, lengths));
        Tensor other = Tensor.of(new long[] {1, 0, 1, 1}, 2, 2);
        assertSame(Ctc.loss(emissions, other, steps, lengths, 2, Misfit.ZERO, SUM), CtcLoss.standard().withBlank(2)
                .withMisfit(Misfit.ZERO).withReduction(SUM).of(emissions, other, steps, lengths));
        assertEquals(Double.POSITIVE_INFINITY,
                CtcLoss.standard().withBlank(2).of(emissions, other, steps, lengths).item());
    }

    @Test
    void refusals() {
        assertRefused("focal: a negative focus: focus -1.0; expected 0 or more",
                () -> FocalLoss.standard().withFocus(-1).of(x, labels));
        assertRefused("focal: labels do not fit the input: input [4, 3], labels [3]; expected labels [4]",
                () -> FocalLoss.standard().of(x, labels.slice(0, 0, 3)));
        assertRefused("focal: no class axis: logits []; expected [classes], [n, classes] or [n, classes, ...]",
                () -> FocalLoss.standard().of(Tensor.zeros(), labels));
        assertRefused("binary_focal: shapes differ: logits [4, 3], target [4]; expected target [4, 3]",
                () -> BinaryFocalLoss.standard().of(x, signs));
        assertRefused("binary_focal: not a share: balance 2.0; expected 0 to 1",
                () -> BinaryFocalLoss.standard().withBalance(2).of(x, q));
        assertRefused(
                "dice: no places: probabilities [4, 3]; expected [n, channels, ...] with one more axis or several",
                () -> DiceLoss.standard().of(p, q));
        assertRefused("dice: not a smoothing: smoothing 0.0; expected a number above 0",
                () -> DiceLoss.standard().withSmoothing(0).of(p.unsqueeze(0), q.unsqueeze(0)));
        assertRefused("dice: shapes differ: probabilities [4, 3], target [4]; expected target [4, 3]",
                () -> DiceLoss.standard().of(p, signs));
        assertRefused("nt_xent: no pairs of vectors: first [4, 3], second [4]; expected [n, width] twice",
                () -> NtXentLoss.standard().of(x, signs));
        assertRefused("nt_xent: not a temperature: temperature 0.0; expected a number above 0",
                () -> NtXentLoss.standard().withTemperature(0).of(x, y));
        assertRefused("info_nce: no pairs of vectors: queries [4], keys [4]; expected [n, width] twice",
                () -> InfoNceLoss.standard().of(signs, signs));
        assertRefused("info_nce: negatives do not fit: negatives [4], queries [4, 3]; expected negatives [m, 3]",
                () -> InfoNceLoss.standard().of(x, y, signs));
        assertRefused("log_cosh: shapes differ: prediction [4, 3], target [4]; expected target [4, 3]",
                () -> LogCoshLoss.standard().of(x, signs));
        assertRefused("quantile_loss: no such level: level 1.5; expected 0 to 1",
                () -> QuantileLoss.standard().withLevel(1.5).of(x, y));
        assertRefused("quantile_loss: shapes differ: prediction [4, 3], target [4]; expected target [4, 3]",
                () -> QuantileLoss.standard().of(x, signs));
        assertRefused("triplet: shapes differ: near [4], far [4, 3]; expected far [4]",
                () -> MarginLosses.tripletOfDistances(signs, x, 1, SUM));
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(ShapeException.class, call).getMessage());
    }
}
