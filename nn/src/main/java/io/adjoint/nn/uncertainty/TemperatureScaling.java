package io.adjoint.nn.uncertainty;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.function.Reduction;
import io.adjoint.nn.Layer;

/**
 * Logits divided by a number, so that the probabilities of a model that is too sure, or not sure enough, become those with
 * which it is right; what it holds most likely stays (Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks",
 * 2017). Any shape.
 *
 * @param temperature a scalar buffer, above 0
 */
public record TemperatureScaling(Variable temperature) implements Layer {
    /** The least and the greatest inverse temperature. */
    private static final double LEAST = 1e-3;

    private static final double MOST = 1e3;

    /** Halvings of an interval of logarithms, down to the rounding of F64. */
    private static final int HALVINGS = 54;

    /**
     * A layer of a given temperature.
     *
     * @throws ShapeException if it is not a float scalar
     */
    public TemperatureScaling {
        if (!temperature.spec().shape().equals(Shape.scalar()) || !temperature.spec().dtype().isFloat()) {
            throw ShapeException.of("temperature_scaling", "not a temperature")
                    .operand("temperature", temperature.spec()).expected("a float scalar");
        }
    }

    /**
     * The temperature, from 0.001 to 1000, at which the labels of held-out examples are most likely. The loss is convex in its
     * inverse b, with the slope {@code mean of sum softmax(b z) z - z[label]}, whose zero is found by halving.
     *
     * @param logits {@code [n, classes]}
     * @param labels I64 {@code [n]}
     * @throws ShapeException if shapes or dtypes do not fit, or there are no examples
     */
    public static TemperatureScaling fit(Tensor logits, Tensor labels) {
        // refuses what does not fit
        Losses.crossEntropy(logits, labels, Reduction.NONE);
        if (logits.rank() != 2 || logits.dim(0) == 0) {
            throw ShapeException.of("temperature_scaling", "no examples").operand("logits", logits.shape())
                    .expected("[n, classes] with an example or more");
        }
        Tensor z = logits.detached().cast(DType.F64);
        Tensor wanted = z.gather(-1, labels.cast(DType.I64).unsqueeze(-1)).mean();
        Tensor low = Tensor.scalar(Math.log(LEAST), DType.F64);
        Tensor high = Tensor.scalar(Math.log(MOST), DType.F64);
        for (int i = 0; i < HALVINGS; i++) {
            Tensor middle = low.add(high).mul(0.5);
            Tensor mean = z.mul(middle.exp()).softmax(-1).mul(z).sum(-1).mean();
            Tensor isTooMuch = mean.gt(wanted);
            high = isTooMuch.where(middle, high);
            low = isTooMuch.where(low, middle);
        }
        Tensor temperature = low.add(high).mul(-0.5).exp();
        return new TemperatureScaling(Variable.buffer(temperature.cast(logits.dtype())));
    }

    @Override
    public Tensor forward(Tensor logits) {
        if (!logits.dtype().isFloat()) {
            throw ShapeException.of("temperature_scaling", "not a float tensor").operand("logits", logits.spec())
                    .expected("F32 or F64");
        }
        return logits.div(temperature.value());
    }
}
