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
 * A layer of a transformer that writes a sequence while it looks at another, the memory (Vaswani et al. 2017), as {@code
 * torch.nn.TransformerDecoderLayer}: attention to itself, attention to the memory, then a feed-forward network, each added to
 * its input.
 *
 * <p>Shapes: x and y {@code [places, batch, width]}, memory {@code [keys, batch, width]}; by layout with the first two axes exchanged,
 * for a single sequence without the axis of the batch.
 *
 * @param attention of the sequence to itself; PyTorch's name is {@code self_attn}
 * @param memoryAttention of the sequence to the memory; PyTorch's name is {@code multihead_attn}
 * @param feedForward of each place; its parts are named as this layer's own
 * @param norm1 at the attention to itself
 * @param norm2 at the attention to the memory
 * @param norm3 at the feed-forward network
 * @param placement where is normalised
 * @param dropout of what is added, while training
 */
public record TransformerDecoderLayer(MultiHeadAttention attention, MultiHeadAttention memoryAttention,
        FeedForward feedForward, Layer norm1, Layer norm2, Layer norm3, NormPlacement placement,
        Optional<Dropout> dropout) implements Module {
    public TransformerDecoderLayer {
        Objects.requireNonNull(placement, "placement");
        Objects.requireNonNull(dropout, "dropout");
    }

    /** A layer with the defaults of {@link TransformerConfig#of}. */
    public static TransformerDecoderLayer of(int width, int heads, Rng rng) {
        return of(TransformerConfig.of(width, heads), rng);
    }

    /** Draws the variables. */
    public static TransformerDecoderLayer of(TransformerConfig config, Rng rng) {
        return new TransformerDecoderLayer(config.attention().create(rng.stream(0)),
                config.attention().withoutPositions().create(rng.stream(1)), config.feedForward(rng.stream(2)),
                config.norm(), config.norm(), config.norm(), config.placement(), config.dropout(rng.stream(3)));
    }

    @Override
    public SequencedMap<String, Object> parts() {
        SequencedMap<String, Object> parts = new LinkedHashMap<>();
        parts.put("self_attn", attention);
        parts.put("multihead_attn", memoryAttention);
        parts.putAll(feedForward.parts());
        parts.put("norm1", norm1);
        parts.put("norm2", norm2);
        parts.put("norm3", norm3);
        parts.put("dropout1", dropout);
        return parts;
    }

    /** Without masks. */
    public Tensor forward(Tensor x, Tensor memory) {
        return forward(x, memory, Masking.NONE, Masking.NONE);
    }

    /**
     * With masks.
     *
     * @param own which places of the sequence itself are seen, mostly {@link Masking#CAUSAL}
     * @param ofMemory which places of the memory are seen
     * @throws ShapeException if shapes do not fit
     */
    public Tensor forward(Tensor x, Tensor memory, Masking own, Masking ofMemory) {
        return rest(residual().add("norm1", norm1, x,
                y -> Module.within("self_attn", () -> attention.forward(y, own))), memory, ofMemory);
    }

    /**
     * The next places of sequences whose places so far are in a cache, as {@link MultiHeadAttention#decode}.
     *
     * @throws ShapeException if shapes do not fit
     */
    public MultiHeadAttention.Decoded decode(Tensor x, Tensor memory, Masking ofMemory, KeyValueCache cache) {
        Tensor read = residual().before("norm1", norm1, x);
        MultiHeadAttention.Decoded found = Module.within("self_attn", () -> attention.decode(read, cache));
        Tensor added = residual().after("norm1", norm1, x, found.output());
        return new MultiHeadAttention.Decoded(rest(added, memory, ofMemory), found.cache());
    }

    private Tensor rest(Tensor x, Tensor memory, Masking ofMemory) {
        Tensor seen = residual().add("norm2", norm2, x, y -> Module.within("multihead_attn",
                () -> memoryAttention.forward(y, memory, memory, ofMemory)));
        return residual().add("norm3", norm3, seen, feedForward::forward);
    }

    private Residual residual() {
        return new Residual(placement, dropout);
    }
}
