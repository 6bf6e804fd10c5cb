package io.adjoint.nn.attention;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Dropout;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Module;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A layer of a transformer that reads one sequence (Vaswani et al. 2017), as {@code torch.nn.TransformerEncoderLayer}: attention to
 * itself, then a feed-forward network, each added to its input. With {@link Masking#CAUSAL} it is a layer of a language model.
 *
 * <p>Shapes: x and y {@code [places, batch, width]}, by layout {@code [batch, places, width]}, or {@code [places, width]}.
 *
 * @param attention of the sequence to itself; PyTorch's name is {@code self_attn}
 * @param feedForward of each place; its parts are named as this layer's own
 * @param norm1 at the attention
 * @param norm2 at the feed-forward network
 * @param placement where is normalised
 * @param dropout of what is added, while training
 */
public record TransformerEncoderLayer(MultiHeadAttention attention, FeedForward feedForward, Layer norm1, Layer norm2,
        NormPlacement placement, Optional<Dropout> dropout) implements Layer {
    public TransformerEncoderLayer {
        Objects.requireNonNull(placement, "placement");
        Objects.requireNonNull(dropout, "dropout");
    }

    /** A layer with the defaults of {@link TransformerConfig#of}. */
    public static TransformerEncoderLayer of(int width, int heads, Rng rng) {
        return of(TransformerConfig.of(width, heads), rng);
    }

    /** Draws the variables. */
    public static TransformerEncoderLayer of(TransformerConfig config, Rng rng) {
        return new TransformerEncoderLayer(config.attention().create(rng.stream(0)), config.feedForward(rng.stream(1)),
                config.norm(), config.norm(), config.placement(), config.dropout(rng.stream(2)));
    }

    @Override
    public SequencedMap<String, Object> parts() {
        SequencedMap<String, Object> parts = new LinkedHashMap<>();
        parts.put("self_attn", attention);
        parts.putAll(feedForward.parts());
        parts.put("norm1", norm1);
        parts.put("norm2", norm2);
        parts.put("dropout1", dropout);
        return parts;
    }

    @Override
    public Tensor forward(Tensor x) {
        return forward(x, Masking.NONE);
    }

    /**
     * With a mask.
     *
     * @throws ShapeException if shapes do not fit
     */
    public Tensor forward(Tensor x, Masking masking) {
        return fed(residual().add("norm1", norm1, x,
                y -> Module.within("self_attn", () -> attention.forward(y, masking))));
    }

    /**
     * The next places of sequences whose places so far are in a cache, as {@link MultiHeadAttention#decode}.
     *
     * @throws ShapeException if shapes do not fit
     */
    public MultiHeadAttention.Decoded decode(Tensor x, KeyValueCache cache) {
        Tensor read = residual().before("norm1", norm1, x);
        MultiHeadAttention.Decoded found = Module.within("self_attn", () -> attention.decode(read, cache));
        return new MultiHeadAttention.Decoded(fed(residual().after("norm1", norm1, x, found.output())), found.cache());
    }

    private Tensor fed(Tensor x) {
        return residual().add("norm2", norm2, x, feedForward::forward);
    }

    private Residual residual() {
        return new Residual(placement, dropout);
    }
}
