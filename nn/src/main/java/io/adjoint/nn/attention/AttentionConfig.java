package io.adjoint.nn.attention;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Dropout;
import io.adjoint.nn.Initialiser;
import io.adjoint.nn.Linear;
import io.adjoint.nn.SequenceLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What {@link MultiHeadAttention} is made from.
 *
 * @param width of queries and of the output
 * @param heads of queries; they divide the width
 * @param keyHeads of keys and values; they divide the heads
 * @param keyWidth of the keys that come in
 * @param valueWidth of the values that come in
 * @param extra keys behind every sequence
 * @param bias draws the biases of the projections; empty for none
 * @param dropout the probability of dropping a weight of a key, while training
 * @param positions how the distance counts, if it does
 * @param layout of inputs and output
 * @param dtype of the variables
 */
public record AttentionConfig(int width, int heads, int keyHeads, int keyWidth, int valueWidth, Extra extra,
        Optional<Initialiser> bias, double dropout, Optional<RelativePositions> positions, SequenceLayout layout,
        DType dtype) {
    /** Keys and values behind those of every sequence. */
    public enum Extra {
        /** None. */
        NONE,
        /** A learned one. */
        LEARNED,
        /** One of zeros. */
        ZERO,
        /** A learned one, then one of zeros. */
        LEARNED_AND_ZERO
    }

    public AttentionConfig {
        Objects.requireNonNull(extra, "extra");
        Objects.requireNonNull(bias, "bias");
        Objects.requireNonNull(positions, "positions");
        Objects.requireNonNull(layout, "layout");
        Objects.requireNonNull(dtype, "dtype");
        if (width < 1 || heads < 1 || width % heads != 0 || keyHeads < 1 || heads % keyHeads != 0 || keyWidth < 1
                || valueWidth < 1) {
            throw ShapeException.of("attention", "heads do not share the width").operand("width", width)
                    .operand("heads", heads).operand("keyHeads", keyHeads).operand("keyWidth", keyWidth)
                    .operand("valueWidth", valueWidth)
                    .expected("heads that divide the width, keyHeads that divide the heads, widths of 1 or more");
        }
        if (!(dropout >= 0 && dropout <= 1)) {
            throw ShapeException.of("attention", "not a probability").operand("dropout", dropout).expected("0 to 1");
        }
    }

    /**
     * The defaults, those of PyTorch: F32, time first, as many heads of keys as of queries, one width, biases of zeros, no
     * dropout. Weights are Xavier uniform, those of the output uniform in {@code +-1/sqrt(width)}, a learned key Xavier normal.
     */
    public static AttentionConfig of(int width, int heads) {
        return new AttentionConfig(width, heads, heads, width, width, Extra.NONE, Optional.of(Initialiser.zeros()), 0,
                Optional.empty(), SequenceLayout.TIME_FIRST, DType.F32);
    }

    /** The same with fewer heads of keys and values, each of which serves as many heads of queries. */
    public AttentionConfig withKeyHeads(int keyHeads) {
        return new AttentionConfig(width, heads, keyHeads, keyWidth, valueWidth, extra, bias, dropout, positions,
                layout,
                dtype);
    }

    /** The same for keys and values of other widths; if one differs from that of queries, there are three weights. */
    public AttentionConfig withInputs(int keyWidth, int valueWidth) {
        return new AttentionConfig(width, heads, keyHeads, keyWidth, valueWidth, extra, bias, dropout, positions,
                layout,
                dtype);
    }

    /** The same with extra keys. */
    public AttentionConfig withExtra(Extra extra) {
        return new AttentionConfig(width, heads, keyHeads, keyWidth, valueWidth, extra, bias, dropout, positions,
                layout,
                dtype);
    }

    /** The same without biases. */
    public AttentionConfig withoutBias() {
        return new AttentionConfig(width, heads, keyHeads, keyWidth, valueWidth, extra, Optional.empty(), dropout,
                positions, layout, dtype);
    }

    /** The same with dropout of weights. */
    public AttentionConfig withDropout(double dropout) {
        return new AttentionConfig(width, heads, keyHeads, keyWidth, valueWidth, extra, bias, dropout, positions,
                layout,
                dtype);
    }

    /** The same in which the distance counts. */
    public AttentionConfig withPositions(RelativePositions positions) {
        return new AttentionConfig(width, heads, keyHeads, keyWidth, valueWidth, extra, bias, dropout,
                Optional.of(positions), layout, dtype);
    }

    /** The same in which the distance does not count. */
    public AttentionConfig withoutPositions() {
        return new AttentionConfig(width, heads, keyHeads, keyWidth, valueWidth, extra, bias, dropout, Optional.empty(),
                layout, dtype);
    }

    /** The same for inputs {@code [batch, places, width]}. */
    public AttentionConfig withBatchFirst() {
        return new AttentionConfig(width, heads, keyHeads, keyWidth, valueWidth, extra, bias, dropout, positions,
                SequenceLayout.BATCH_FIRST, dtype);
    }

    /** The same with variables of another dtype. */
    public AttentionConfig withDType(DType dtype) {
        return new AttentionConfig(width, heads, keyHeads, keyWidth, valueWidth, extra, bias, dropout, positions,
                layout,
                dtype);
    }

    /** Draws the variables. */
    public MultiHeadAttention create(Rng rng) {
        int keys = width / heads * keyHeads;
        Initialiser xavier = Initialiser.xavierUniform();
        List<Variable> weights = new ArrayList<>();
        if (keyWidth == width && valueWidth == width) {
            weights.add(draw(xavier, rng.stream(0), width + 2 * keys, width));
        } else {
            weights.add(draw(xavier, rng.stream(0), width, width));
            weights.add(draw(xavier, rng.stream(1), keys, keyWidth));
            weights.add(draw(xavier, rng.stream(2), keys, valueWidth));
        }
        Linear.Config linear = Linear.Config.of(width, width).withDType(dtype);
        return new MultiHeadAttention(
                new HeadWeights(weights, bias.map(b -> draw(b, rng.stream(3), width + 2 * keys))),
                bias.map(linear::withBias).orElseGet(linear::withoutBias).create(rng.stream(4)), heads,
                extra(keys, rng),
                dropout > 0 ? Optional.of(Dropout.of(dropout, rng.stream(5))) : Optional.empty(), positions, layout);
    }

    private ExtraKeys extra(int keys, Rng rng) {
        boolean learned = extra == Extra.LEARNED || extra == Extra.LEARNED_AND_ZERO;
        boolean zero = extra == Extra.ZERO || extra == Extra.LEARNED_AND_ZERO;
        Initialiser xavier = Initialiser.xavierNormal();
        return new ExtraKeys(learned ? Optional.of(draw(xavier, rng.stream(6), 1, 1, keys)) : Optional.empty(),
                learned ? Optional.of(draw(xavier, rng.stream(7), 1, 1, keys)) : Optional.empty(), zero ? 1 : 0);
    }

    private Variable draw(Initialiser initialiser, Rng rng, int... shape) {
        return Variable.parameter(initialiser.draw(Shape.of(shape), dtype, rng));
    }
}
