package io.adjoint.autodiff.check;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * One order of a check: each gradient against its difference.
 *
 * @param epsilon unit of rounding of the dtype that the function computes in
 * @param scale size of the function's values: what a gradient may cancel, and round, from
 * @param names of the tensors of the point
 * @param specs of all that the function was applied to, for the message
 */
record Comparison(GradientCheck check, int order, Precision precision, double epsilon, double scale,
        List<String> names, String specs) {
    /** How many units of rounding the terms may carry before they are divided by the step. */
    private static final int ROUNDINGS = 16;

    void run(Quantity quantity, List<Tensor> point, Random random) {
        double[] terms = quantity.terms(point);
        if (!Arrays.equals(terms, quantity.terms(point))) {
            throw ShapeException.of("gradient check", "two evaluations at one point differ")
                    .operand("function", check.label())
                    .expected("a function of its inputs alone: fixed random keys, fixed data");
        }
        double size = Math.max(scale, Elements.greatest(terms));
        List<double[]> weights = Directions.of(check.mode(), terms.length, random);
        List<List<double[]>> gradients = weights.stream().map(w -> quantity.gradient(point, w)).toList();
        for (int input = 0; input < point.size(); input++) {
            List<double[]> directions = Directions.of(check.mode(), point.get(input).size(), random);
            for (int d = 0; d < directions.size(); d++) {
                Tensor ahead = Elements.moved(point.get(input), directions.get(d), precision.step());
                Tensor behind = Elements.moved(point.get(input), directions.get(d), -precision.step());
                double width = 2 * precision.step();
                // the way really gone, after rounding to the dtype
                double[] way = Elements.slope(Elements.of(ahead), Elements.of(behind), width);
                double[] rise = Elements.slope(
                        quantity.terms(with(point, input, ahead)), quantity.terms(with(point, input, behind)), width);
                for (int w = 0; w < weights.size(); w++) {
                    compare(weights.get(w), rise, gradients.get(w).get(input), way, size,
                            names.get(input) + where(d, w));
                }
            }
        }
    }

    private void compare(double[] weights, double[] rise, double[] gradient, double[] way, double size, String place) {
        double numeric = Elements.dot(weights, rise);
        double analytic = Elements.dot(gradient, way);
        double rounding = ROUNDINGS * epsilon * size * Arrays.stream(weights).map(Math::abs).sum() / precision.step();
        double allowed =
                precision.tolerance() * (Elements.absoluteDot(gradient, way) + Math.abs(numeric)) + rounding;
        boolean agree =
                Math.abs(analytic - numeric) <= allowed && Double.isFinite(analytic) && Double.isFinite(numeric);
        if (!agree) {
            throw new GradientMismatch(check, order, place + " of " + specs, analytic, numeric, allowed,
                    precision.step());
        }
    }

    private String where(int direction, int weight) {
        return switch (check.mode()) {
            case DIRECTION -> "";
            case JACOBIAN ->
                " element " + direction + ", " + (order == 1 ? "result" : "gradient") + " element " + weight;
        };
    }

    private static List<Tensor> with(List<Tensor> point, int input, Tensor replacement) {
        List<Tensor> changed = new ArrayList<>(point);
        changed.set(input, replacement);
        return changed;
    }
}
