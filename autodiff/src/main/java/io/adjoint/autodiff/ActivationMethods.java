package io.adjoint.autodiff;

import io.adjoint.autodiff.op.CrossEntropy;
import io.adjoint.autodiff.op.LogSoftmax;
import io.adjoint.autodiff.op.RowOp;
import io.adjoint.autodiff.op.Softmax;
import io.adjoint.autodiff.op.Unary;
import java.util.function.IntFunction;

/**
 * Activation functions: the methods of a {@link Tensor} that stand between the layers of a network. Integers are
 * taken as F32.
 */
public sealed interface ActivationMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code 1 / (1 + e^-x)}; derivative {@code s (1 - s)}. */
    default Tensor sigmoid() {
        return Unary.SIGMOID.of(self());
    }

    /** {@code ln (1 / (1 + e^-x))}, which does not underflow; derivative sigmoid(-x). */
    default Tensor logSigmoid() {
        return Unary.LOG_SIGMOID.of(self());
    }

    /** {@code ln (1 + e^x)}; derivative sigmoid(x). */
    default Tensor softplus() {
        return Unary.SOFTPLUS.of(self());
    }

    /**
     * {@code beta x > threshold ? x : ln(1 + e^(beta x)) / beta}; derivative sigmoid(beta x), 1 above the threshold. PyTorch's
     * softplus has beta 1 and threshold 20. With another beta it is computed in F64, since the exponential makes much of a
     * rounding of {@code beta x}.
     *
     * @throws ShapeException if beta is 0
     */
    default Tensor softplus(double beta, double threshold) {
        if (beta == 0) {
            throw ShapeException.of("softplus", "nothing to divide by").operand("beta", beta)
                    .expected("another than 0");
        }
        Tensor x = self().floating();
        Tensor scaled = beta == 1 ? x : x.cast(DType.F64).mul(beta);
        return scaled.gt(threshold).where(x, scaled.softplus().div(beta).cast(x.dtype()));
    }

    /** {@code x sigmoid(x)}, also known as swish, NaN at minus infinity; derivative {@code s (1 + x (1 - s))} with s = sigmoid(x). */
    default Tensor silu() {
        return Unary.SILU.of(self());
    }

    /** {@code x ndtr(x)}, precise in its tail, NaN at minus infinity; derivative {@code ndtr(x) + x e^(-x^2 / 2) / sqrt(2 pi)}. */
    default Tensor gelu() {
        return Unary.GELU.of(self());
    }

    /** {@code x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))}, which comes near to {@link #gelu}; derivative that of this formula. */
    default Tensor geluTanh() {
        return Unary.GELU_TANH.of(self());
    }

    /** {@code x tanh(softplus(x))}, NaN at minus infinity; derivative {@code t + x sigmoid(x) (1 - t^2)} with t = tanh(softplus(x)). */
    default Tensor mish() {
        return Unary.MISH.of(self());
    }

    /** {@code x / (1 + |x|)}, NaN at infinity; derivative {@code 1 / (1 + |x|)^2}. */
    default Tensor softsign() {
        return Unary.SOFTSIGN.of(self());
    }

    /** {@code x - tanh(x)}, precise near 0; derivative {@code tanh(x)^2}. */
    default Tensor tanhshrink() {
        return Unary.TANHSHRINK.of(self());
    }

    /**
     * {@code a sigmoid(b)} of the two halves a and b of an axis; derivatives sigmoid(b), {@code a s (1 - s)}.
     *
     * @throws ShapeException if the extent of the axis is odd
     */
    default Tensor glu(int axis) {
        int half = dim(shape().axis("glu", axis)) / 2;
        if (2 * half != dim(axis)) {
            throw ShapeException.of("glu", "the axis cannot be halved").operand("input", spec()).operand("axis", axis)
                    .expected("an even extent");
        }
        return self().slice(axis, 0, half).mul(self().slice(axis, half, 2 * half).sigmoid());
    }

    /** {@code e^x / sum e^x} along an axis, the elements as probabilities, stable for any size; derivative {@code y (g - sum(g y))}. */
    default Tensor softmax(int axis) {
        return alongOne("softmax", axis, Softmax::new);
    }

    /** {@code e^-x / sum e^-x} along an axis: {@link #softmax} of {@code -x}, the least element being the most probable. */
    default Tensor softmin(int axis) {
        return self().neg().softmax(axis);
    }

    /** {@code ln softmax(x)} along an axis, exact where that underflows; derivative {@code g - e^y sum(g)}. */
    default Tensor logSoftmax(int axis) {
        return alongOne("log_softmax", axis, LogSoftmax::new);
    }

    /** Applies an operation along an axis; a scalar passes for one of extent 1. */
    private Tensor alongOne(String name, int axis, IntFunction<RowOp> operation) {
        Tensor x = self().floating();
        int at = Axes.axisOf(name, shape(), axis);
        return operation.apply(at).apply(rank() == 0 ? x.reshape(1) : x).reshape(shape());
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
