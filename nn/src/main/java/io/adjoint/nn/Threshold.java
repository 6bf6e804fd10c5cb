package io.adjoint.nn;

import io.adjoint.autodiff.Tensor;

/**
 * {@code x} above a threshold, a value elsewhere; any shape.
 *
 * @param threshold the greatest x that is replaced
 * @param value what stands there then
 */
public record Threshold(double threshold, double value) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
        return x.threshold(threshold, value);
    }
}
