package io.adjoint.nn;

import io.adjoint.autodiff.Tensor;
import java.util.function.UnaryOperator;

/** Activations that need no configuration, as layers. Each works on every element by itself; any shape. */
public enum Activation implements Layer {
    /** {@code max(x, 0)}. */
    RELU(Tensor::relu),
    /** The hyperbolic tangent. */
    TANH(Tensor::tanh),
    /** {@code 1 / (1 + e^-x)}. */
    SIGMOID(Tensor::sigmoid),
    /** {@code ln (1 + e^x)}. */
    SOFTPLUS(Tensor::softplus),
    /** {@code x Phi(x) = x (1 + erf(x / sqrt 2)) / 2}, the exact form (Hendrycks, Gimpel 2016). */
    GELU(Tensor::gelu),
    /** {@code x sigmoid(x)}, also known as swish (Elfwing, Uchibe, Doya 2017). */
    SILU(Tensor::silu);

    private final UnaryOperator<Tensor> function;

    Activation(UnaryOperator<Tensor> function) {
        this.function = function;
    }

    @Override
    public Tensor forward(Tensor x) {
        return function.apply(x);
    }
}
