package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.util.function.BinaryOperator;

/** Losses. */
final class LossFunctions {
    private LossFunctions() {}

    static void addTo(Functions table) {
        pairwise(table, "mse_loss", (input, target) -> input.sub(target).square());
        pairwise(table, "l1_loss", (input, target) -> input.sub(target).abs());
        byClass(table, "cross_entropy", Tensor::crossEntropy);
        byClass(table, "nll_loss", (input, target) -> input.gather(1, target.unsqueeze(1)).squeeze(1).neg());
    }

    private static void pairwise(Functions table, String name, BinaryOperator<Tensor> body) {
        table.row(name, a -> reduced(a, body.apply(a.tensor("input"), a.tensor("target"))),
                "input", "target", "reduction");
    }

    /** A loss of rows of numbers by class and the row's class: axis 1 counts the classes, or the only axis does. */
    private static void byClass(Functions table, String name, BinaryOperator<Tensor> body) {
        table.row(name, a -> {
            Tensor x = a.tensor("input");
            Tensor target = a.tensor("target");
            Tensor classesLast = x;
            for (int axis = 1; axis < x.rank() - 1; axis++) {
                classesLast = classesLast.transpose(axis, axis + 1);
            }
            Tensor rows = classesLast.reshape(Shape.of(target.size(), classesLast.dim(-1)));
            Tensor losses = body.apply(rows, target.reshape(Shape.of(target.size())));
            return reduced(a, losses.reshape(target.shape()));
        }, "input", "target", "reduction");
        // a negative class is one to ignore
        table.onlyIf(name, a -> a.tensor("target").dtype() == DType.I64
                && a.tensor("target").ge(0).all().toBooleans()[0]);
    }

    private static Tensor reduced(Arguments a, Tensor losses) {
        return switch (a.text("reduction", "mean")) {
            case "none" -> losses;
            case "sum" -> losses.sum();
            default -> losses.mean();
        };
    }
}
