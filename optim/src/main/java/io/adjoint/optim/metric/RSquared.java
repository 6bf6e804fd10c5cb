package io.adjoint.optim.metric;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * The coefficient of determination, {@code R^2 = 1 - sum (prediction - target)^2 / sum (target - mean)^2}: 1 for what is exact, 0
 * for what is as good as the mean. Of several outputs the mean of their values. Where the targets do not vary it is 1 if the
 * predictions are exact, else 0, as in scikit-learn.
 */
public final class RSquared implements Metric {
    private final Output[] outputs;
    private long count;

    /** The sums of one output. */
    private record Output(ExactSum errors, ExactSum targets, ExactSum squares) {
        Output() {
            this(new ExactSum(), new ExactSum(), new ExactSum());
        }

        void add(double predicted, double target) {
            errors.addSquare(predicted - target);
            targets.add(target);
            squares.addSquare(target);
        }

        void add(Output other) {
            errors.add(other.errors);
            targets.add(other.targets);
            squares.add(other.squares);
        }

        double value(long count) {
            if (Stream.of(errors, targets, squares).anyMatch(sum -> !sum.isFinite())) {
                return Double.NaN;
            }
            // without rounding, so a mean far from 0 costs no digits
            BigDecimal n = BigDecimal.valueOf(count);
            BigDecimal spread = squares.exact().multiply(n).subtract(targets.exact().pow(2));
            double error = errors.exact().multiply(n).doubleValue();
            if (spread.signum() == 0) {
                return error == 0 ? 1 : 0;
            }
            return 1 - error / spread.doubleValue();
        }
    }

    private RSquared(int outputs) {
        if (outputs < 1) {
            throw ShapeException.of("R2", "no outputs").operand("outputs", outputs).expected("1 or more");
        }
        this.outputs = Stream.generate(Output::new).limit(outputs).toArray(Output[]::new);
    }

    /** Of one output: both {@code [n]} or {@code [n, 1]}. */
    public static RSquared of() {
        return of(1);
    }

    /** Of several outputs: both {@code [n, outputs]}. */
    public static RSquared of(int outputs) {
        return new RSquared(outputs);
    }

    @Override
    public String name() {
        return "R2";
    }

    @Override
    public void update(Tensor prediction, Tensor target) {
        Metrics.requireOneShape(name(), prediction, target);
        int columns = target.rank() == 1 ? 1 : target.rank() == 2 ? target.dim(1) : 0;
        if (columns != outputs.length) {
            throw ShapeException.of(name(), "another number of outputs").operand("target", target.shape())
                    .expected("[n, " + outputs.length + "]");
        }
        double[] predicted = Metrics.numbers(prediction);
        double[] expected = Metrics.numbers(target);
        for (int i = 0; i < expected.length; i++) {
            outputs[i % columns].add(predicted[i], expected[i]);
        }
        count += expected.length / columns;
    }

    @Override
    public double value() {
        return count == 0 ? Double.NaN
                : Arrays.stream(outputs).mapToDouble(output -> output.value(count)).sum() / outputs.length;
    }

    @Override
    public void merge(Metric other) {
        if (!(other instanceof RSquared squared && squared.outputs.length == outputs.length)) {
            throw Metrics.mixed(this, other);
        }
        for (int i = 0; i < outputs.length; i++) {
            outputs[i].add(squared.outputs[i]);
        }
        count += squared.count;
    }

    @Override
    public RSquared fresh() {
        return new RSquared(outputs.length);
    }
}
