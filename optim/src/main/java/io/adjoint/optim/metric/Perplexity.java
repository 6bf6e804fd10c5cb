package io.adjoint.optim.metric;

import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * How many tokens a language model hesitates between: {@code exp(mean of -ln p(target))}, computed in F64. 1 for a model that is sure
 * and right, the size of the vocabulary for one that knows nothing.
 */
public final class Perplexity implements Metric {
    private final OptionalLong padding;
    private final ExactSum losses = new ExactSum();
    private long count;

    private Perplexity(OptionalLong padding) {
        this.padding = padding;
    }

    /** Of all targets. */
    public static Perplexity of() {
        return new Perplexity(OptionalLong.empty());
    }

    /** Of all targets but those with this number, which may be out of range. */
    public static Perplexity withoutPadding(long padding) {
        return new Perplexity(OptionalLong.of(padding));
    }

    @Override
    public String name() {
        return "perplexity";
    }

    /** Logits {@code [..., tokens]}, targets {@code [...]}. */
    @Override
    public void update(Tensor prediction, Tensor target) {
        Metrics.Rows rows = Metrics.Rows.of(name(), prediction, target);
        Metrics.requireRange(name(), "label", Arrays.stream(rows.labels()).filter(this::counts).toArray(),
                rows.classes());
        for (int row = 0; row < rows.labels().length; row++) {
            long label = rows.labels()[row];
            if (counts(label)) {
                losses.add(rows.logSumExp(row) - rows.score(row, (int) label));
                count++;
            }
        }
    }

    private boolean counts(long label) {
        return padding.isEmpty() || padding.getAsLong() != label;
    }

    @Override
    public double value() {
        return StrictMath.exp(losses.value() / count);
    }

    @Override
    public void merge(Metric other) {
        if (!(other instanceof Perplexity perplexity && perplexity.padding.equals(padding))) {
            throw Metrics.mixed(this, other);
        }
        losses.add(perplexity.losses);
        count += perplexity.count;
    }

    @Override
    public Perplexity fresh() {
        return new Perplexity(padding);
    }
}
