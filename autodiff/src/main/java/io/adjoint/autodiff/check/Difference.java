package io.adjoint.autodiff.check;

import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What a quantity does along a direction through one tensor of its point, for each unit of the step.
 *
 * @param way how far each element of the tensor really went, after rounding to its dtype
 * @param rise how far each term of the quantity went
 */
record Difference(double[] way, double[] rise) {
    /** The central difference of this step. */
    static Difference of(Quantity quantity, List<Tensor> point, int input, double[] direction, double step) {
        Tensor ahead = Elements.moved(point.get(input), direction, step);
        Tensor behind = Elements.moved(point.get(input), direction, -step);
        return new Difference(Elements.slope(Elements.of(ahead), Elements.of(behind), 2 * step), Elements.slope(
                quantity.terms(with(point, input, ahead)), quantity.terms(with(point, input, behind)), 2 * step));
    }

    /**
     * Free of the error of second order in the step, of which this one, of half the step, has a quarter: (4 d(h / 2) - d(h)) /
     * 3 (Richardson 1911).
     */
    Difference extrapolated(Difference twiceTheStep) {
        return new Difference(extrapolated(way, twiceTheStep.way), extrapolated(rise, twiceTheStep.rise));
    }

    private static double[] extrapolated(double[] half, double[] whole) {
        double[] limit = new double[half.length];
        for (int i = 0; i < limit.length; i++) {
            limit[i] = half[i] + (half[i] - whole[i]) / 3;
        }
        return limit;
    }

    /** The slope of the weighted sum of the terms. */
    double numeric(double[] weights) {
        return Elements.dot(weights, rise);
    }

    /** The slope that the gradient of this sum gives. */
    double analytic(double[] gradient) {
        return Elements.dot(gradient, way);
    }

    private static List<Tensor> with(List<Tensor> point, int input, Tensor replacement) {
        List<Tensor> changed = new ArrayList<>(point);
        changed.set(input, replacement);
        return changed;
    }
}
