package io.adjoint.nn;

import io.adjoint.autodiff.Tensor;
import java.util.function.UnaryOperator;

/** Activations that need no configuration, as layers. Each works on every element by itself; any shape. */
public enum Activation implements Layer {
    /** {@code max(x, 0)}. */
    RELU(Tensor::relu),
    /** {@code min(max(x, 0), 6)} (Howard et al., "MobileNets", 2017). */
    RELU6(Tensor::relu6),
    /** The hyperbolic tangent. */
    TANH(Tensor::tanh),
    /** {@code x - tanh(x)}. */
    TANHSHRINK(Tensor::tanhshrink),
    /** {@code 1 / (1 + e^-x)}. */
    SIGMOID(Tensor::sigmoid),
    /** {@code ln (1 / (1 + e^-x))}. */
    LOG_SIGMOID(Tensor::logSigmoid),
    /** {@code min(max(x + 3, 0), 6) / 6}, a sigmoid of straight lines. */
    HARDSIGMOID(Tensor::hardsigmoid),
    /** {@code x min(max(x + 3, 0), 6) / 6} (Howard et al., "Searching for MobileNetV3", 2019). */
    HARDSWISH(Tensor::hardswish),
    /** {@code ln (1 + e^x)}. */
    SOFTPLUS(Tensor::softplus),
    /** {@code x / (1 + |x|)}. */
    SOFTSIGN(Tensor::softsign),
    /** {@code x Phi(x) = x (1 + erf(x / sqrt 2)) / 2}, the exact form (Hendrycks, Gimpel 2016). */
    GELU(Tensor::gelu),
    /** {@code x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2}, which comes near to {@link #GELU}. */
    GELU_TANH(Tensor::geluTanh),
    /** {@code x sigmoid(x)}, also known as swish (Elfwing, Uchibe, Doya 2017). */
    SILU(Tensor::silu),
    /** {@code x tanh(ln (1 + e^x))} (Misra 2019). */
    MISH(Tensor::mish),
    /** {@code 1.0507... x} above 0, {@code 1.7580... (e^x - 1)} elsewhere (Klambauer, Unterthiner, Mayr, Hochreiter 2017). */
    SELU(Tensor::selu);

    private final UnaryOperator<Tensor> function;

    Activation(UnaryOperator<Tensor> function) {
        this.function = function;
    }

    @Override
    public Tensor forward(Tensor x) {
        return function.apply(x);
    }
}
