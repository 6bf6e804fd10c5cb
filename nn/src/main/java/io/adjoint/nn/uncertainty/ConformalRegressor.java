package io.adjoint.nn.uncertainty;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * Intervals around predictions that contain the truth with a promised probability, whatever the model, as long as the examples
 * that it was calibrated with and the new ones can be exchanged (split conformal prediction: Papadopoulos et al. 2002; Lei et
 * al. 2018).
 *
 * @param radius half the width of the intervals, in units of the scale if there is one
 */
public record ConformalRegressor(double radius) {
    /**
     * An interval for each prediction.
     *
     * @param low the lower ends
     * @param high the upper ends
     */
    public record Interval(Tensor low, Tensor high) {
        /** BOOL: which of these are inside, ends included. */
        public Tensor contains(Tensor y) {
            return y.ge(low).and(y.le(high));
        }
    }

    /**
     * Calibrates with held-out examples, which are read on the host.
     *
     * @param alpha how often the truth may be outside, between 0 and 1
     * @throws ShapeException if shapes differ, or alpha is out of range
     */
    public static ConformalRegressor fit(Tensor predictions, Tensor targets, double alpha) {
        return fit(predictions, predictions.mul(0).add(1), targets, alpha);
    }

    /**
     * Calibrates intervals whose width is in proportion to a scale, such as a predicted deviation.
     *
     * @param scales above 0
     * @param alpha how often the truth may be outside, between 0 and 1
     * @throws ShapeException if shapes differ, or alpha is out of range
     */
    public static ConformalRegressor fit(Tensor predictions, Tensor scales, Tensor targets, double alpha) {
        if (!predictions.dtype().isFloat() || !predictions.shape().equals(targets.shape())
                || !predictions.shape().equals(scales.shape())) {
            throw ShapeException.of("conformal_regressor", "shapes differ").operand("predictions", predictions.spec())
                    .operand("scales", scales.spec()).operand("targets", targets.spec())
                    .expected("floats, all of one shape");
        }
        Tensor errors = targets.sub(predictions).abs().div(scales);
        return new ConformalRegressor(Labels.threshold("conformal_regressor", errors, alpha));
    }

    /** Intervals of one width around predictions. */
    public Interval around(Tensor predictions) {
        return new Interval(predictions.sub(radius), predictions.add(radius));
    }

    /** Intervals in proportion to scales, which broadcast with the predictions. */
    public Interval around(Tensor predictions, Tensor scales) {
        Tensor width = scales.mul(radius);
        return new Interval(predictions.sub(width), predictions.add(width));
    }
}
