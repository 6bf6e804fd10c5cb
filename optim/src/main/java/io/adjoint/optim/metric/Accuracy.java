package io.adjoint.optim.metric;

import io.adjoint.autodiff.Tensor;

/** The share of examples whose class was predicted, {@code right / n}. */
public final class Accuracy implements Metric {
    private final Decision decision;
    private long right;
    private long count;

    private Accuracy(Decision decision) {
        this.decision = decision;
    }

    /** Of the class with the greatest score: predictions {@code [..., classes]} or labels {@code [...]}, targets {@code [...]}. */
    public static Accuracy of() {
        return of(Decision.greatest());
    }

    /** Of classes that are named in this way. */
    public static Accuracy of(Decision decision) {
        return new Accuracy(decision);
    }

    /**
     * The share of examples whose class is among the k with the greatest scores; of equal scores the first counts as greater.
     *
     * @param k 1 or more
     */
    public static Metric top(int k) {
        return new TopAccuracy(k);
    }

    @Override
    public String name() {
        return "accuracy";
    }

    /** Predictions as the decision takes them, labels {@code [...]}. */
    @Override
    public void update(Tensor prediction, Tensor target) {
        Tensor predicted = decision.labels(prediction);
        Metrics.requireOneShape(name(), predicted, target);
        long[] guesses = predicted.toLongs();
        long[] labels = Metrics.labels(name(), target);
        for (int i = 0; i < labels.length; i++) {
            right += guesses[i] == labels[i] ? 1 : 0;
        }
        count += labels.length;
    }

    @Override
    public double value() {
        return (double) right / count;
    }

    @Override
    public void merge(Metric other) {
        if (!(other instanceof Accuracy accuracy && accuracy.decision.equals(decision))) {
            throw Metrics.mixed(this, other);
        }
        right += accuracy.right;
        count += accuracy.count;
    }

    @Override
    public Accuracy fresh() {
        return new Accuracy(decision);
    }
}
