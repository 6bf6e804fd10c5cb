package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.BinaryLosses;
import io.adjoint.autodiff.function.BinaryLosses.Weights;
import io.adjoint.autodiff.function.ClassOptions;
import io.adjoint.autodiff.function.Ctc;
import io.adjoint.autodiff.function.LikelihoodLosses;
import io.adjoint.autodiff.function.LikelihoodLosses.Scale;
import io.adjoint.autodiff.function.LikelihoodLosses.Terms;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.function.MarginLosses;
import io.adjoint.autodiff.function.MarginLosses.Against;
import io.adjoint.autodiff.function.MarginLosses.Triplet;
import io.adjoint.autodiff.function.Reduction;
import java.util.Optional;
import java.util.stream.Stream;

/** Losses. */
final class LossFunctions {
    private LossFunctions() {}

    static void addTo(Functions table) {
        addOfClasses(table);
        addOfNumbers(table);
        addBinary(table);
        addLikelihoods(table);
        addMargins(table);
        table.row("ctc_loss", a -> Ctc.loss(a.tensor("logits").logSoftmax(-1), a.tensor("targets"),
                a.integers("input_lengths"), a.integers("target_lengths"), a.integer("blank", 0),
                a.flag("zero_infinity", false) ? Ctc.Misfit.ZERO : Ctc.Misfit.INFINITE, reduction(a)),
                "logits", "targets", "input_lengths", "target_lengths", "reduction", "zero_infinity", "blank");
    }

    private static void addOfClasses(Functions table) {
        table.row("cross_entropy",
                a -> Losses.crossEntropy(a.tensor("input"), a.tensor("target"), classes(a), reduction(a)),
                "input", "target", "reduction", "weight", "label_smoothing", "ignore_index");
        table.row("nll_loss",
                a -> Losses.negativeLogLikelihood(a.tensor("input"), a.tensor("target"), classes(a), reduction(a)),
                "input", "target", "reduction", "weight", "ignore_index");
    }

    private static ClassOptions classes(Arguments a) {
        return new ClassOptions(a.optional("weight"), a.integer("ignore_index", -100), a.number("label_smoothing", 0));
    }

    private static void addOfNumbers(Functions table) {
        table.row("mse_loss", a -> Losses.meanSquaredError(stretched(a, "input"), stretched(a, "target"), reduction(a)),
                "input", "target", "reduction");
        table.row("l1_loss", a -> Losses.meanAbsoluteError(stretched(a, "input"), stretched(a, "target"), reduction(a)),
                "input", "target", "reduction");
        table.row("huber_loss",
                a -> Losses.huber(stretched(a, "input"), stretched(a, "target"), a.number("delta", 1), reduction(a)),
                "input", "target", "reduction", "delta");
        table.row("smooth_l1_loss",
                a -> Losses.smoothL1(stretched(a, "input"), stretched(a, "target"), a.number("beta", 1), reduction(a)),
                "input", "target", "reduction", "beta");
    }

    private static void addBinary(Functions table) {
        table.row("binary_cross_entropy", a -> BinaryLosses.crossEntropy(input(a), target(a), weights(a), reduction(a)),
                "input", "target", "reduction", "weight");
        table.row("binary_cross_entropy_with_logits",
                a -> BinaryLosses.crossEntropyWithLogits(input(a), target(a), weights(a), reduction(a)),
                "input", "target", "reduction", "weight", "pos_weight");
        table.row("soft_margin_loss",
                a -> BinaryLosses.softMargin(stretched(a, "input"), stretched(a, "target"), reduction(a)),
                "input", "target", "reduction");
        table.row("multilabel_soft_margin_loss",
                a -> BinaryLosses.multiLabelSoftMargin(input(a), target(a), weights(a), reduction(a)),
                "input", "target", "reduction", "weight");
    }

    private static Weights weights(Arguments a) {
        return new Weights(a.optional("weight"), a.optional("pos_weight"));
    }

    private static void addLikelihoods(Functions table) {
        table.row("kl_div", a -> LikelihoodLosses.klDivergence(stretched(a, "input"), stretched(a, "target"),
                a.flag("log_target", false) ? Scale.LOGARITHM : Scale.PLAIN, reduction(a)),
                "input", "target", "reduction", "log_target");
        table.row("poisson_nll_loss", a -> LikelihoodLosses.poisson(stretched(a, "input"), stretched(a, "target"),
                a.flag("log_input", true) ? Scale.LOGARITHM : Scale.PLAIN, terms(a), a.number("eps", 1e-8),
                reduction(a)), "input", "target", "reduction", "log_input", "full", "eps");
        table.row("gaussian_nll_loss", a -> LikelihoodLosses.gaussian(input(a), target(a), a.tensor("var"), terms(a),
                a.number("eps", 1e-6), reduction(a)), "input", "target", "var", "reduction", "full", "eps");
    }

    private static Terms terms(Arguments a) {
        return a.flag("full", false) ? Terms.ALL : Terms.VARYING;
    }

    private static void addMargins(Functions table) {
        table.row("hinge_embedding_loss",
                a -> MarginLosses.hingeEmbedding(stretched(a, "input"), stretched(a, "target"), a.number("margin", 1),
                        reduction(a)),
                "input", "target", "margin", "reduction");
        table.row("margin_ranking_loss",
                a -> MarginLosses.ranking(stretched(a, "input1"), stretched(a, "input2"), stretched(a, "target"),
                        a.number("margin", 0), reduction(a)),
                "input1", "input2", "target", "margin", "reduction");
        table.row("cosine_embedding_loss", a -> MarginLosses.cosineEmbedding(a.tensor("input1"), a.tensor("input2"),
                target(a), a.number("margin", 0), reduction(a)), "input1", "input2", "target", "margin", "reduction");
        table.row("multi_margin_loss", a -> MarginLosses.multiClass(input(a), target(a), a.integer("p", 1),
                a.number("margin", 1), a.optional("weight"), reduction(a)),
                "input", "target", "p", "margin", "weight", "reduction");
        table.row("multilabel_margin_loss", a -> MarginLosses.multiLabel(input(a), target(a), reduction(a)),
                "input", "target", "reduction");
        table.row("triplet_margin_loss", a -> {
            Triplet options = Triplet.DEFAULT.withMargin(a.number("margin", 1)).withNorm(a.number("p", 2))
                    .against(a.flag("swap", false) ? Against.NEARER : Against.ANCHOR);
            return MarginLosses.triplet(a.tensor("anchor"), a.tensor("positive"), a.tensor("negative"), options,
                    reduction(a));
        }, "anchor", "positive", "negative", "margin", "p", "swap", "reduction");
    }

    /** A tensor of the call, stretched to fit all of it: this library wants losses of one shape. */
    private static Tensor stretched(Arguments a, String name) {
        Shape shape = Stream.of("input", "input1", "input2", "target").map(a::optional).flatMap(Optional::stream)
                .map(Tensor::shape).reduce((left, right) -> Shape.broadcast(name, left, right)).orElseThrow();
        return a.tensor(name).expand(shape);
    }

    private static Tensor input(Arguments a) {
        return a.tensor("input");
    }

    private static Tensor target(Arguments a) {
        return a.tensor("target");
    }

    private static Reduction reduction(Arguments a) {
        return switch (a.text("reduction", "mean")) {
            case "none" -> Reduction.NONE;
            case "sum" -> Reduction.SUM;
            case "batchmean" -> Reduction.BATCH_MEAN;
            default -> Reduction.MEAN;
        };
    }
}
