package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * A probability distribution, or a batch of them, whose parameters are tensors. Shapes are those of {@code
 * torch.distributions}: one draw has the {@link #eventShape()}, the {@link #batchShape()} counts independent draws from
 * distributions of different parameters, and a shape of samples goes in front: {@code [sample..., batch..., event...]}.
 * Parameters broadcast to the batch's shape. Their values are never looked at, so that a recorded computation stays right for
 * others: one out of range gives NaN.
 */
public interface Distribution {
    /** How many distributions there are: the shape of {@link #entropy}, and of {@link #logProb} of one event each. */
    Shape batchShape();

    /** The shape of one draw, {@code []} for a number. */
    default Shape eventShape() {
        return Shape.scalar();
    }

    /** The float dtype of the parameters and of probabilities. */
    DType dtype();

    /**
     * The logarithm of the density, or of the probability where draws are discrete; {@code -Infinity} outside of the support.
     *
     * @param value {@code [sample..., batch..., event...]}, or what broadcasts with that
     * @return {@code [sample..., batch...]}
     * @throws ShapeException if the value does not broadcast
     */
    Tensor logProb(Tensor value);

    /**
     * Draws that are a function of the key and the parameters. Where {@link #isReparameterised}, gradients by the parameters flow
     * through them, as in {@code rsample}; elsewhere they are constants.
     *
     * @return {@code [sample..., batch..., event...]}
     */
    Tensor sample(Rng rng, Shape sampleShape);

    /** One draw from each distribution of the batch. */
    default Tensor sample(Rng rng) {
        return sample(rng, Shape.scalar());
    }

    /** Whether gradients flow through {@link #sample}. */
    default boolean isReparameterised() {
        return false;
    }

    /**
     * The expectation of {@code -logProb}, of the batch's shape.
     *
     * @throws ShapeException if it is not known in closed form
     */
    default Tensor entropy() {
        throw Parameters.unknown("entropy", this);
    }

    /**
     * The mean, {@code [batch..., event...]}; NaN where it does not exist.
     *
     * @throws ShapeException if it is not known in closed form
     */
    default Tensor mean() {
        throw Parameters.unknown("mean", this);
    }

    /**
     * The variance of each element, {@code [batch..., event...]}; infinite or NaN where it does not exist.
     *
     * @throws ShapeException if it is not known in closed form
     */
    default Tensor variance() {
        throw Parameters.unknown("variance", this);
    }

    /**
     * A place of greatest probability, {@code [batch..., event...]}.
     *
     * @throws ShapeException if it is not known in closed form
     */
    default Tensor mode() {
        throw Parameters.unknown("mode", this);
    }

    /**
     * The probability of values up to this one; numbers only.
     *
     * @param value {@code [sample..., batch...]}, or what broadcasts with that
     * @throws ShapeException if it is not known in closed form
     */
    default Tensor cdf(Tensor value) {
        throw Parameters.unknown("cdf", this);
    }

    /**
     * The inverse of {@link #cdf}: the value up to which the probability is this one; NaN outside of [0, 1].
     *
     * @param probability {@code [sample..., batch...]}, or what broadcasts with that
     * @throws ShapeException if it is not known in closed form
     */
    default Tensor icdf(Tensor probability) {
        throw Parameters.unknown("icdf", this);
    }

    /**
     * The divergence of Kullback and Leibler from this to another, the expectation of {@code logProb - other.logProb} under
     * this one; of the shape to which the batches broadcast.
     *
     * @throws ShapeException if it is not known in closed form for these two
     */
    default Tensor kl(Distribution other) {
        return KullbackLeibler.between(this, other);
    }
}
