package io.adjoint.nn.attention;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.nn.Activation;
import io.adjoint.nn.Dropout;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Linear;
import io.adjoint.nn.norm.LayerNorm;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What the layers of a transformer are made from.
 *
 * @param attention of a sequence to itself; that to another one is the same without positions
 * @param hidden features between the two linear layers
 * @param activation between the two linear layers
 * @param placement where is normalised
 * @param epsilon added to variances
 * @param dropout the probability of dropping an element of what a block adds, while training
 */
public record TransformerConfig(AttentionConfig attention, int hidden, Layer activation, NormPlacement placement,
        double epsilon, double dropout) {
    public TransformerConfig {
        Objects.requireNonNull(attention, "attention");
        Objects.requireNonNull(activation, "activation");
        Objects.requireNonNull(placement, "placement");
        if (hidden < 1 || !(epsilon >= 0)) {
            throw ShapeException.of("transformer", "not a configuration").operand("hidden", hidden)
                    .operand("epsilon", epsilon).expected("hidden of 1 or more, epsilon of 0 or more");
        }
        if (!(dropout >= 0 && dropout <= 1)) {
            throw ShapeException.of("transformer", "not a probability").operand("dropout", dropout).expected("0 to 1");
        }
    }

    /** The defaults, those of PyTorch: F32, time first, hidden 2048, ReLU, normalising after, epsilon 1e-5, dropout 0.1. */
    public static TransformerConfig of(int width, int heads) {
        return new TransformerConfig(AttentionConfig.of(width, heads), 2048, Activation.RELU, NormPlacement.AFTER, 1e-5,
                0).withDropout(0.1);
    }

    /** The same with another attention. */
    public TransformerConfig withAttention(UnaryOperator<AttentionConfig> change) {
        return new TransformerConfig(change.apply(attention), hidden, activation, placement, epsilon, dropout);
    }

    /** The same for inputs {@code [batch, places, width]}. */
    public TransformerConfig withBatchFirst() {
        return withAttention(AttentionConfig::withBatchFirst);
    }

    /** The same with variables of another dtype. */
    public TransformerConfig withDType(DType dtype) {
        return withAttention(a -> a.withDType(dtype));
    }

    /** The same with so many features between the linear layers. */
    public TransformerConfig withHidden(int hidden) {
        return new TransformerConfig(attention, hidden, activation, placement, epsilon, dropout);
    }

    /** The same with another activation; layers share it. */
    public TransformerConfig withActivation(Layer activation) {
        return new TransformerConfig(attention, hidden, activation, placement, epsilon, dropout);
    }

    /** The same normalising elsewhere. */
    public TransformerConfig withPlacement(NormPlacement placement) {
        return new TransformerConfig(attention, hidden, activation, placement, epsilon, dropout);
    }

    /** The same with another epsilon. */
    public TransformerConfig withEpsilon(double epsilon) {
        return new TransformerConfig(attention, hidden, activation, placement, epsilon, dropout);
    }

    /** The same with another dropout, of attention's weights too. */
    public TransformerConfig withDropout(double dropout) {
        return new TransformerConfig(attention.withDropout(dropout), hidden, activation, placement, epsilon, dropout);
    }

    /** Makes a layer that normalises. */
    LayerNorm norm() {
        return LayerNorm.Config.of(attention.width()).withEpsilon(epsilon).withDType(attention.dtype()).create();
    }

    Optional<Dropout> dropout(Rng rng) {
        return dropout > 0 ? Optional.of(Dropout.of(dropout, rng)) : Optional.empty();
    }

    FeedForward feedForward(Rng rng) {
        int width = attention.width();
        return new FeedForward(Linear.Config.of(width, hidden).withDType(attention.dtype()).create(rng.stream(0)),
                activation, dropout(rng.stream(1)),
                Linear.Config.of(hidden, width).withDType(attention.dtype()).create(rng.stream(2)));
    }
}
