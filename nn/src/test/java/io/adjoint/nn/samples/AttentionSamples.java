package io.adjoint.nn.samples;

import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Activation;
import io.adjoint.nn.SequenceLayout;
import io.adjoint.nn.attention.Alibi;
import io.adjoint.nn.attention.AttentionConfig;
import io.adjoint.nn.attention.AttentionConfig.Extra;
import io.adjoint.nn.attention.FeedForward;
import io.adjoint.nn.attention.LearnedPositions;
import io.adjoint.nn.attention.Masking;
import io.adjoint.nn.attention.MultiHeadAttention;
import io.adjoint.nn.attention.NormPlacement;
import io.adjoint.nn.attention.Rotary;
import io.adjoint.nn.attention.Rotary.Pairing;
import io.adjoint.nn.attention.SinusoidalPositions;
import io.adjoint.nn.attention.Transformer;
import io.adjoint.nn.attention.TransformerConfig;
import io.adjoint.nn.attention.TransformerDecoder;
import io.adjoint.nn.attention.TransformerDecoderLayer;
import io.adjoint.nn.attention.TransformerEncoder;
import io.adjoint.nn.attention.TransformerEncoderLayer;
import java.util.List;

/** Attention and transformers; with GELU, which has no kink. */
final class AttentionSamples {
    private static final int WIDTH = 4;
    private static final int BATCH = 2;

    private AttentionSamples() {}

    static List<ModuleSampler> all() {
        return List.of(new ModuleSampler(MultiHeadAttention.class, AttentionSamples::attention),
                new ModuleSampler(FeedForward.class, AttentionSamples::feedForward),
                new ModuleSampler(TransformerEncoderLayer.class, AttentionSamples::encoderLayer),
                new ModuleSampler(TransformerDecoderLayer.class, AttentionSamples::decoderLayer),
                new ModuleSampler(TransformerEncoder.class, AttentionSamples::encoder),
                new ModuleSampler(TransformerDecoder.class, AttentionSamples::decoder),
                new ModuleSampler(Transformer.class, AttentionSamples::transformer),
                new ModuleSampler(Rotary.class, AttentionSamples::rotary),
                new ModuleSampler(SinusoidalPositions.class, AttentionSamples::sinusoidal),
                new ModuleSampler(LearnedPositions.class, AttentionSamples::learned));
    }

    private static ModuleSample attention(Draw draw) {
        int heads = draw.oneOf(1, 2);
        AttentionConfig config = AttentionConfig.of(WIDTH, heads).withDType(draw.dtype())
                .withKeyHeads(draw.between(1, heads)).withExtra(draw.oneOf(Extra.values()));
        config = draw.chance() ? config.withoutBias() : config;
        config = draw.chance() ? config.withInputs(3, draw.oneOf(3, 5)) : config;
        config = draw.oneOf(config, config.withPositions(new Alibi()), config.withPositions(Rotary.standard()));
        config = draw.chance() ? config.withBatchFirst() : config;
        MultiHeadAttention layer = config.create(draw.rng());
        Masking masking = draw.oneOf(Masking.NONE, Masking.CAUSAL, Masking.NONE.withPairs(draw.normal(2, 3)),
                Masking.CAUSAL.withPadding(Tensor.of(new boolean[] {false, false, true, false, true, true}, BATCH, 3)));
        Tensor query = sequences(draw, config, 2, WIDTH);
        Tensor key = sequences(draw, config, 3, config.keyWidth());
        Tensor value = sequences(draw, config, 3, config.valueWidth());
        return new ModuleSample(layer, in -> {
            MultiHeadAttention.Attended y = layer.attended(in.getFirst(), in.get(1), in.getLast(), masking);
            return Tensor.concat(0, y.output().flatten(0), y.weights().flatten(0));
        }, List.of(query, key, value),
                List.of(List.of(sequences(draw, config, 2, WIDTH + 1), key, value),
                        List.of(query, key, sequences(draw, config, 2, config.valueWidth())),
                        List.of(query, key.select(0, 0), value), List.of(draw.normal(), key, value)));
    }

    private static ModuleSample feedForward(Draw draw) {
        FeedForward layer = TransformerEncoderLayer.of(config(draw), draw.rng()).feedForward();
        return ModuleSample.of(layer, draw.normal(2, WIDTH), draw.normal(2, WIDTH + 1));
    }

    private static ModuleSample encoderLayer(Draw draw) {
        TransformerConfig config = config(draw);
        TransformerEncoderLayer layer = TransformerEncoderLayer.of(config, draw.rng());
        Masking masking = draw.oneOf(Masking.NONE, Masking.CAUSAL);
        return new ModuleSample(layer, in -> layer.forward(in.getFirst(), masking),
                List.of(sequences(draw, config.attention(), 3, WIDTH)),
                List.of(List.of(draw.normal(BATCH, 3, WIDTH + 1)), List.of(draw.normal(WIDTH))), 1);
    }

    private static ModuleSample decoderLayer(Draw draw) {
        TransformerConfig config = config(draw);
        TransformerDecoderLayer layer = TransformerDecoderLayer.of(config, draw.rng());
        return new ModuleSample(layer, in -> layer.forward(in.getFirst(), in.getLast()), pair(draw, config),
                List.of(List.of(draw.normal(2, WIDTH), draw.normal(3, WIDTH + 1))), 1);
    }

    private static ModuleSample encoder(Draw draw) {
        TransformerConfig config = config(draw);
        TransformerEncoder layers = TransformerEncoder.of(config, draw.between(1, 2), draw.rng());
        return new ModuleSample(layers, in -> layers.forward(in.getFirst()),
                List.of(sequences(draw, config.attention(), 3, WIDTH)),
                List.of(List.of(draw.normal(BATCH, 3, WIDTH + 1))), 1);
    }

    private static ModuleSample decoder(Draw draw) {
        TransformerConfig config = config(draw);
        TransformerDecoder layers = TransformerDecoder.of(config, draw.between(1, 2), draw.rng());
        return new ModuleSample(layers, in -> layers.forward(in.getFirst(), in.getLast()), pair(draw, config),
                List.of(List.of(draw.normal(2, WIDTH), draw.normal(3, WIDTH + 1))), 1);
    }

    private static ModuleSample transformer(Draw draw) {
        TransformerConfig config = config(draw);
        Transformer model = Transformer.of(config, 1, 1, draw.rng());
        return new ModuleSample(model, in -> model.forward(in.getFirst(), in.getLast(), Masking.NONE, Masking.CAUSAL,
                Masking.NONE), pair(draw, config), List.of(List.of(draw.normal(2, WIDTH), draw.normal(3, WIDTH + 1))),
                1);
    }

    private static ModuleSample rotary(Draw draw) {
        return ModuleSample.of(new Rotary(draw.between(2, 100), draw.oneOf(Pairing.values())),
                draw.normal(BATCH, 3, WIDTH), draw.normal(BATCH, 3, WIDTH + 1), draw.normal(WIDTH));
    }

    private static ModuleSample sinusoidal(Draw draw) {
        return ModuleSample.of(new SinusoidalPositions(draw.oneOf(SequenceLayout.values())),
                draw.oneOf(draw.normal(3, BATCH, 5), draw.normal(3, 4)), draw.normal(4));
    }

    private static ModuleSample learned(Draw draw) {
        LearnedPositions layer = LearnedPositions.of(5, WIDTH, draw.oneOf(SequenceLayout.values()), draw.dtype(),
                draw.rng());
        return ModuleSample.of(layer, draw.oneOf(draw.normal(3, BATCH, WIDTH), draw.normal(3, WIDTH)),
                draw.normal(6, WIDTH), draw.normal(3, WIDTH + 1));
    }

    private static TransformerConfig config(Draw draw) {
        TransformerConfig config =
                TransformerConfig.of(WIDTH, 2).withHidden(3).withActivation(Activation.GELU).withDropout(0)
                        .withPlacement(draw.oneOf(NormPlacement.values())).withDType(draw.dtype());
        return draw.chance() ? config.withBatchFirst() : config;
    }

    private static List<Tensor> pair(Draw draw, TransformerConfig config) {
        return List.of(sequences(draw, config.attention(), 2, WIDTH), sequences(draw, config.attention(), 3, WIDTH));
    }

    private static Tensor sequences(Draw draw, AttentionConfig config, int places, int width) {
        return config.layout().batchFirst(draw.normal(BATCH, places, width));
    }
}
