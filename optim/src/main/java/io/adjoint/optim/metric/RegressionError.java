package io.adjoint.optim.metric;

import io.adjoint.autodiff.Tensor;

/** Means of errors {@code prediction - target} over all elements; both of one shape. */
public final class RegressionError implements Metric {
    private final Kind kind;
    private final ExactSum sum = new ExactSum();
    private long count;

    private enum Kind {
        MAE, MSE, RMSE
    }

    private RegressionError(Kind kind) {
        this.kind = kind;
    }

    /** The mean absolute error, {@code mean |error|}. */
    public static RegressionError meanAbsolute() {
        return new RegressionError(Kind.MAE);
    }

    /** The mean squared error, {@code mean error^2}. */
    public static RegressionError meanSquared() {
        return new RegressionError(Kind.MSE);
    }

    /** The root of the mean squared error, {@code sqrt(mean error^2)}. */
    public static RegressionError rootMeanSquared() {
        return new RegressionError(Kind.RMSE);
    }

    @Override
    public String name() {
        return kind.name();
    }

    @Override
    public void update(Tensor prediction, Tensor target) {
        Metrics.requireOneShape(name(), prediction, target);
        double[] predicted = Metrics.numbers(prediction);
        double[] expected = Metrics.numbers(target);
        for (int i = 0; i < expected.length; i++) {
            double error = predicted[i] - expected[i];
            if (kind == Kind.MAE) {
                sum.add(Math.abs(error));
            } else {
                sum.addSquare(error);
            }
        }
        count += expected.length;
    }

    @Override
    public double value() {
        double mean = sum.value() / count;
        return kind == Kind.RMSE ? Math.sqrt(mean) : mean;
    }

    @Override
    public void merge(Metric other) {
        if (!(other instanceof RegressionError error && error.kind == kind)) {
            throw Metrics.mixed(this, other);
        }
        sum.add(error.sum);
        count += error.count;
    }

    @Override
    public RegressionError fresh() {
        return new RegressionError(kind);
    }
}
