package io.adjoint.autodiff;

import io.adjoint.autodiff.op.CrossEntropy;
import io.adjoint.autodiff.op.LogSoftmax;
import io.adjoint.autodiff.op.Softmax;
import io.adjoint.autodiff.op.Unary;

/**
 * Activation functions: the methods of a {@link Tensor} that stand between the layers of a network.
 */
public sealed interface ActivationMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code 1 / (1 + e^-x)}; derivative {@code s (1 - s)}. */
    default Tensor sigmoid() {
        return Unary.SIGMOID.of(self());
    }

    /** {@code ln (1 + e^x)}; derivative sigmoid(x). */
    default Tensor softplus() {
        return Unary.SOFTPLUS.of(self());
    }

    /** {@code max(x, 0)}; derivative 1 above 0, else 0. */
    default Tensor relu() {
        return Unary.RELU.of(self());
    }

    /** The elements along an axis as probabilities: {@code e^x / sum e^x}, stable for any size; derivative {@code y (g - sum(g y))}. */
    default Tensor softmax(int axis) {
        return new Softmax(shape().axis("softmax", axis)).apply(self().floating());
    }

    /** The logarithm of {@link #softmax}, exact where that underflows; derivative {@code g - e^y sum(g)}. */
    default Tensor logSoftmax(int axis) {
        return new LogSoftmax(shape().axis("log_softmax", axis)).apply(self().floating());
    }

    /**
     * For each row of these logits {@code [n, classes]} the loss {@code -ln softmax(row)[label]}, as {@code [n]}; stable for
     * logits of any size; derivative {@code softmax(row) - onehot(label)}.
     *
     * @param labels I64 {@code [n]} with values in {@code [0, classes)}
     */
    default Tensor crossEntropy(Tensor labels) {
        return new CrossEntropy().apply(self().floating(), labels);
    }
}
