package io.adjoint.nn;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;

/**
 * A layer whose function is one of its input and a weight, so that the weight can be made from other variables: {@code
 * WeightNorm} and {@code SpectralNorm} wrap it.
 */
public interface Weighted extends Layer {
    /** The weight of the layer itself, with the outputs along one axis. */
    Variable weight();

    /** The axis of the weight along which the outputs lie, 0 = outermost. */
    default int outputAxis() {
        return 0;
    }

    /**
     * The layer's function with another weight in the place of its own.
     *
     * @param weight of the shape of the layer's own
     */
    Tensor forward(Tensor x, Tensor weight);

    @Override
    default Tensor forward(Tensor x) {
        return forward(x, weight().value());
    }
}
