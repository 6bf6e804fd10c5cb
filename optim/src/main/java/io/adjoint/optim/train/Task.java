package io.adjoint.optim.train;

import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Module;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * What is to be learned: a model, what it predicts, and how far predictions are from the targets. Both functions consist of tensor
 * operations, as everything that is compiled.
 *
 * @param model holds all variables that the functions use
 * @param forward from the features of a batch {@code [n, ...]} to predictions {@code [n, ...]}
 * @param loss from predictions and targets to the mean loss of the batch, a float scalar
 */
public record Task(Module model, UnaryOperator<Tensor> forward, BinaryOperator<Tensor> loss) {
    public Task {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(forward, "forward");
        Objects.requireNonNull(loss, "loss");
    }

    /** The task of a layer that predicts from one tensor. */
    public static Task of(Layer model, BinaryOperator<Tensor> loss) {
        return new Task(model, model::forward, loss);
    }

    Tensor loss(Tensor features, Tensor targets) {
        return loss.apply(forward.apply(features), targets);
    }
}
