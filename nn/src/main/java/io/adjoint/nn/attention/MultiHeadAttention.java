package io.adjoint.nn.attention;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Attention;
import io.adjoint.nn.Dropout;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Linear;
import io.adjoint.nn.SequenceLayout;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Attention by several heads (Vaswani et al., "Attention is all you need", 2017), as {@code torch.nn.MultiheadAttention}. Each head
 * compares its part of the projected queries and keys, {@code softmax(q k^T / sqrt(width of a head))}, and mixes values; what the
 * heads find stands side by side and is projected once more. Heads of queries may share heads of keys and values (Ainslie et
 * al., "GQA", 2023).
 *
 * <p>Shapes, time first: queries and output {@code [queries, batch, width]}, keys {@code [keys, batch, width of keys]}, values {@code
 * [keys, batch, width of values]}; batch first with the first two axes exchanged; a single sequence without the axis of the batch.
 *
 * @param weights by which queries, keys and values are made
 * @param output the last projection, from width to width; PyTorch's name is {@code out_proj}
 * @param heads of queries
 * @param extraKeys behind those of every sequence
 * @param dropout of weights of keys, while training
 * @param positions how the distance counts
 * @param layout of inputs and output
 */
public record MultiHeadAttention(HeadWeights weights, Linear output, int heads, ExtraKeys extraKeys,
        Optional<Dropout> dropout, Optional<RelativePositions> positions, SequenceLayout layout) implements Layer {
    /**
     * What comes out where the weights are shown.
     *
     * @param output {@code [queries, batch, width]} or as the layout has it
     * @param weights that each head gives each key, {@code [batch, heads, queries, keys]}, for a single sequence without the
     *     batch; extra keys stand last. PyTorch's averaged weights are {@code weights.mean(-3)}
     */
    public record Attended(Tensor output, Tensor weights) {}

    /**
     * A step of decoding.
     *
     * @param output for the new places, as the layout has it
     * @param cache for the next step
     */
    public record Decoded(Tensor output, KeyValueCache cache) {}

    /**
     * A layer of given variables.
     *
     * @throws ShapeException if they do not fit each other
     */
    public MultiHeadAttention {
        Objects.requireNonNull(dropout, "dropout");
        Objects.requireNonNull(positions, "positions");
        Objects.requireNonNull(layout, "layout");
        int width = weights.width();
        boolean divided = heads >= 1 && width % heads == 0 && weights.keyRows() % (width / heads) == 0
                && heads % (weights.keyRows() / (width / heads)) == 0;
        if (!divided || output.weight().spec().shape().dim(1) != width) {
            throw ShapeException.of("attention", "heads do not share the weights").operand("heads", heads)
                    .operand("width", width).operand("keys", weights.keyRows())
                    .operand("out_proj", output.weight().spec().shape())
                    .expected("heads that divide the width, keys of heads that divide those, out_proj [*, " + width
                            + "]");
        }
        extraKeys.require(weights.keyRows());
    }

    /** A layer with the defaults of {@link AttentionConfig#of}. */
    public static MultiHeadAttention of(int width, int heads, Rng rng) {
        return AttentionConfig.of(width, heads).create(rng);
    }

    @Override
    public SequencedMap<String, Object> parts() {
        SequencedMap<String, Object> parts = weights.parts();
        parts.put("bias_k", extraKeys.key());
        parts.put("bias_v", extraKeys.value());
        parts.put("out_proj", output);
        parts.put("dropout", dropout);
        return parts;
    }

    /** Attention of a sequence to itself, each place seeing all. */
    @Override
    public Tensor forward(Tensor x) {
        return forward(x, Masking.NONE);
    }

    /** Attention of a sequence to itself. */
    public Tensor forward(Tensor x, Masking masking) {
        return forward(x, x, x, masking);
    }

    /**
     * Attention of queries to keys, with the values that belong to these.
     *
     * @throws ShapeException if shapes do not fit
     */
    public Tensor forward(Tensor query, Tensor key, Tensor value, Masking masking) {
        return attended(query, key, value, masking).output;
    }

    /**
     * As {@link #forward(Tensor, Tensor, Tensor, Masking)}, with the weights; those that dropout changed.
     *
     * @throws ShapeException if shapes do not fit
     */
    public Attended attended(Tensor query, Tensor key, Tensor value, Masking masking) {
        Sequences in = Sequences.of(layout, weights, query, key, value);
        List<Tensor> projected = weights.project(in.query(), in.key(), in.value());
        Tensor q = placed(split(projected.getFirst()), 0);
        Tensor k = placed(split(projected.get(1)), 0);
        Attended found = attend(q, k, split(projected.getLast()), in.isSingle() ? batched(masking) : masking, 0);
        return in.isSingle()
                ? new Attended(found.output.squeeze(0), found.weights.squeeze(0))
                : new Attended(layout.batchFirst(found.output), found.weights);
    }

    private static Masking batched(Masking masking) {
        return new Masking(masking.pairs(), masking.padding().map(mask -> mask.unsqueeze(0)), masking.sight());
    }

    /** Nothing seen yet, of so many sequences. */
    public KeyValueCache emptyCache(int batch) {
        Tensor none = Tensor.zeros(Shape.of(batch, weights.keyRows() / headWidth(), 0, headWidth()),
                output.weight().spec().dtype());
        return new KeyValueCache(none, none);
    }

    /**
     * The next places of sequences whose places so far are in a cache: what {@link Masking#CAUSAL} over all of them gives for
     * these, without computing the others again.
     *
     * @param x the new places, a batch as the layout has it
     * @throws ShapeException if shapes do not fit
     */
    public Decoded decode(Tensor x, KeyValueCache cache) {
        Sequences in = Sequences.of(layout, weights, x, x, x);
        if (in.isSingle() || in.query().dim(0) != cache.keys().dim(0)) {
            throw ShapeException.of("attention", "the input does not fit the cache").operand("input", x.shape())
                    .operand("cache", cache.keys().shape())
                    .expected(layout.describe("places", "" + cache.keys().dim(0), weights.width()));
        }
        int from = cache.places();
        List<Tensor> projected = weights.project(in.query(), in.key(), in.value());
        Tensor q = placed(split(projected.getFirst()), from);
        KeyValueCache grown = cache.with(placed(split(projected.get(1)), from), split(projected.getLast()));
        Attended found = attend(q, grown.keys(), grown.values(), Masking.CAUSAL, from);
        return new Decoded(layout.batchFirst(found.output), grown);
    }

    /** Heads {@code [batch, heads, places, width]} to an output {@code [batch, queries, width]}. */
    private Attended attend(Tensor q, Tensor k, Tensor v, Masking masking, int from) {
        Shape scores = Shape.of(heads, q.dim(2), k.dim(2));
        ScoreMask mask = ScoreMask.of(masking, positions.flatMap(p -> p.bias(scores, from, q.dtype())),
                new ScoreMask.Sizes(q.dim(0), heads, from, q.dim(2), k.dim(2))).withKeys(extraKeys.count());
        Attention.Options options = mask.tensor().map(Attention.Options.DEFAULT::withMask)
                .orElse(Attention.Options.DEFAULT);
        Tensor shares = Attention.weights(q, extraKeys.behindKeys(k), options);
        Tensor kept = dropout.map(d -> d.forward("dropout", shares)).orElse(shares);
        Tensor mixed = Attention.mixed(kept, extraKeys.behindValues(v));
        Tensor joined = mixed.transpose(1, 2).reshape(q.dim(0), q.dim(2), weights.width());
        return new Attended(output.forward("out_proj", joined), kept);
    }

    private Tensor placed(Tensor headed, int from) {
        return positions.map(p -> p.placed(headed, from)).orElse(headed);
    }

    private int headWidth() {
        return weights.width() / heads;
    }

    /** {@code [batch, places, heads * width]} as {@code [batch, heads, places, width]}. */
    private Tensor split(Tensor x) {
        return x.reshape(x.dim(0), x.dim(1), x.dim(2) / headWidth(), headWidth()).transpose(1, 2);
    }
}
