package io.adjoint.optim;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.schedule.ExponentialDecay;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Looks for a learning rate (Smith 2017): trains for some steps while the rate grows from a low to a high one by a constant
 * factor, and watches the loss. Then the model is as it was before.
 *
 * {@snippet :
 * RangeTest.Result result = new RangeTest(1e-6, 1, 100).run(model, Sgd::of, () -> loss(nextBatch()));
 * Optimizer optimizer = Sgd.of(result.suggestion()).over(model);
 * }
 *
 * @param low the first rate, above 0
 * @param high the last rate, above the first
 * @param steps 3 or more
 */
public record RangeTest(double low, double high, int steps) {
    /** A loss this many times the lowest ends the test. */
    private static final double DIVERGED = 4;
    /** Decay of the average that smooths losses. */
    private static final double SMOOTHING = 0.9;

    /** A slope is that between the losses before and after. */
    private static final int LEAST = 3;

    public RangeTest {
        Hyper.positive("range_test", "low", low);
        if (!(high > low && Double.isFinite(high))) {
            throw Hyper.refusal("range_test", "high", high, "a finite number above " + low);
        }
        Hyper.count("range_test", "steps", steps, LEAST);
    }

    /**
     * Runs the test. It ends early once the loss has diverged.
     *
     * @param recipe makes the optimizer of a rate, such as {@code Sgd::of}
     * @param loss of the next batch
     */
    public Result run(Module model, Function<Schedule, ? extends Transformation> recipe, Supplier<Tensor> loss) {
        Schedule growing = new ExponentialDecay(low, Math.pow(high / low, 1.0 / (steps - 1)));
        List<Variable> variables = List.copyOf(model.variables().values());
        List<Tensor> before = Values.of(variables);
        try {
            return measure(recipe.apply(growing).over(model), loss);
        } finally {
            Values.set(variables, before);
        }
    }

    private Result measure(Optimizer optimizer, Supplier<Tensor> loss) {
        List<Double> rates = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        double average = 0;
        double lowest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < steps; i++) {
            double value = optimizer.minimize(loss).item();
            average = SMOOTHING * average + (1 - SMOOTHING) * value;
            double smooth = average / (1 - Math.pow(SMOOTHING, i + 1));
            if (!Double.isFinite(smooth) || smooth > DIVERGED * lowest && i > 0) {
                break;
            }
            lowest = Math.min(lowest, smooth);
            rates.add(low * Math.pow(high / low, i / (steps - 1.0)));
            losses.add(smooth);
        }
        return new Result(rates, losses);
    }

    /**
     * What the test saw before the loss diverged.
     *
     * @param rates ascending
     * @param losses the smoothed loss at each
     */
    public record Result(List<Double> rates, List<Double> losses) {
        public Result {
            rates = List.copyOf(rates);
            losses = List.copyOf(losses);
        }

        /**
         * The rate at which the loss falls fastest, as a function of the logarithm of the rate.
         *
         * @throws ShapeException if the loss diverged before the third step, or was not finite
         */
        public double suggestion() {
            if (losses.size() < LEAST) {
                throw ShapeException.of("range_test", "too few losses before one diverged or was not finite")
                        .operand("losses", losses).expected(LEAST + " losses or more, by a lower first rate; if the"
                                + " first loss is not finite, look at the model and the data");
            }
            int best = 0;
            double steepest = Double.POSITIVE_INFINITY;
            for (int i = 1; i < losses.size() - 1; i++) {
                double slope = losses.get(i + 1) - losses.get(i - 1);
                if (slope < steepest) {
                    steepest = slope;
                    best = i;
                }
            }
            return rates.get(best);
        }
    }
}
