package io.adjoint.autodiff.check;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

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
                Difference near = Difference.of(quantity, point, input, directions.get(d), precision.step());
                int[] doubtful = disagreeing(IntStream.range(0, weights.size()), weights, gradients, input, near, size);
                if (doubtful.length == 0) {
                    continue;
                }
                // the step may be too long for this function: without the error of second order it is not
                Difference finer = Difference
                        .of(quantity, point, input, directions.get(d), precision.step() / 2).extrapolated(near);
                int[] wrong = disagreeing(Arrays.stream(doubtful), weights, gradients, input, finer, size);
                if (wrong.length > 0) {
                    int w = wrong[0];
                    double[] gradient = gradients.get(w).get(input);
                    throw new GradientMismatch(check, order, names.get(input) + where(d, w) + " of " + specs,
                            finer.analytic(gradient), finer.numeric(weights.get(w)),
                            allowed(weights.get(w), gradient, finer, size), precision.step());
                }
            }
        }
    }

    /** The weights, of these numbers, whose gradient is not that of the difference. */
    private int[] disagreeing(IntStream numbers, List<double[]> weights, List<List<double[]>> gradients, int input,
            Difference difference, double size) {
        return numbers.filter(w -> !agree(weights.get(w), gradients.get(w).get(input), difference, size)).toArray();
    }

    private boolean agree(double[] weights, double[] gradient, Difference difference, double size) {
        double analytic = difference.analytic(gradient);
        double numeric = difference.numeric(weights);
        return Math.abs(analytic - numeric) <= allowed(weights, gradient, difference, size)
                && Double.isFinite(analytic) && Double.isFinite(numeric);
    }

    private double allowed(double[] weights, double[] gradient, Difference difference, double size) {
        double rounding = ROUNDINGS * epsilon * size * Arrays.stream(weights).map(Math::abs).sum() / precision.step();
        return precision.tolerance()
                * (Elements.absoluteDot(gradient, difference.way()) + Math.abs(difference.numeric(weights))) + rounding;
    }

    private String where(int direction, int weight) {
        return switch (check.mode()) {
            case DIRECTION -> "";
            case JACOBIAN ->
                " element " + direction + ", " + (order == 1 ? "result" : "gradient") + " element " + weight;
        };
    }
}
