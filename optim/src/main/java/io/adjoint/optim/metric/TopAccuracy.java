package io.adjoint.optim.metric;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/** {@link Accuracy#top}. */
final class TopAccuracy implements Metric {
    private final int k;
    private long right;
    private long count;

    TopAccuracy(int k) {
        if (k < 1) {
            throw ShapeException.of("top accuracy", "no class").operand("k", k).expected("1 or more");
        }
        this.k = k;
    }

    @Override
    public String name() {
        return "top-" + k + " accuracy";
    }

    @Override
    public void update(Tensor prediction, Tensor target) {
        Metrics.Rows rows = Metrics.Rows.of(name(), prediction, target).requireLabels(name());
        for (int row = 0; row < rows.labels().length; row++) {
            right += rows.rank(row, (int) rows.labels()[row]) < k ? 1 : 0;
        }
        count += rows.labels().length;
    }

    @Override
    public double value() {
        return (double) right / count;
    }

    @Override
    public void merge(Metric other) {
        if (!(other instanceof TopAccuracy top && top.k == k)) {
            throw Metrics.mixed(this, other);
        }
        right += top.right;
        count += top.count;
    }

    @Override
    public TopAccuracy fresh() {
        return new TopAccuracy(k);
    }
}
