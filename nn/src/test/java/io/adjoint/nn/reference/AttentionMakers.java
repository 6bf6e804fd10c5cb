package io.adjoint.nn.reference;

import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Activation;
import io.adjoint.nn.Layer;
import io.adjoint.nn.attention.AttentionConfig;
import io.adjoint.nn.attention.AttentionConfig.Extra;
import io.adjoint.nn.attention.Masking;
import io.adjoint.nn.attention.MultiHeadAttention;
import io.adjoint.nn.attention.NormPlacement;
import io.adjoint.nn.attention.Transformer;
import io.adjoint.nn.attention.TransformerConfig;
import io.adjoint.nn.attention.TransformerDecoder;
import io.adjoint.nn.attention.TransformerDecoderLayer;
import io.adjoint.nn.attention.TransformerEncoder;
import io.adjoint.nn.attention.TransformerEncoderLayer;
import io.adjoint.nn.norm.LayerNorm;
import io.adjoint.nn.reference.ReferenceModule.Maker;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Attention and transformers. */
final class AttentionMakers {
    private AttentionMakers() {}

    static Map<String, Maker> all() {
        return Map.of("MultiheadAttention", AttentionMakers::attention,
                "TransformerEncoderLayer", AttentionMakers::encoderLayer,
                "TransformerDecoderLayer", AttentionMakers::decoderLayer,
                "TransformerEncoder", AttentionMakers::encoder, "TransformerDecoder", AttentionMakers::decoder,
                "Transformer", AttentionMakers::transformer);
    }

    private static ReferenceModule attention(Arguments config) {
        int width = config.integer("embed_dim");
        boolean learned = config.flag("add_bias_kv", false);
        boolean zero = config.flag("add_zero_attn", false);
        AttentionConfig attention = AttentionConfig.of(width, config.integer("num_heads"))
                .withInputs(config.integer("kdim", width), config.integer("vdim", width))
                .withExtra(learned ? zero ? Extra.LEARNED_AND_ZERO : Extra.LEARNED : zero ? Extra.ZERO : Extra.NONE)
                .withDropout(config.number("dropout", 0)).withDType(config.dtype());
        AttentionConfig biased = config.flag("bias", true) ? attention : attention.withoutBias();
        MultiHeadAttention layer = (config.flag("batch_first", false) ? biased.withBatchFirst() : biased)
                .create(config.rng());
        return new ReferenceModule(layer, in -> {
            MultiHeadAttention.Attended y = layer.attended(in.tensor("query"), in.tensor("key"), in.tensor("value"),
                    masking(in, "attn_mask", "key_padding_mask"));
            boolean averaged = in.flag("average_attn_weights", true);
            return in.flag("need_weights", true)
                    ? List.of(y.output(), averaged ? y.weights().mean(-3) : y.weights())
                    : List.of(y.output());
        });
    }

    private static ReferenceModule encoderLayer(Arguments config) {
        TransformerEncoderLayer layer = TransformerEncoderLayer.of(layers(config), config.rng());
        return new ReferenceModule(layer, in -> List.of(
                layer.forward(in.tensor("src"), masking(in, "src_mask", "src_key_padding_mask"))));
    }

    private static ReferenceModule decoderLayer(Arguments config) {
        TransformerDecoderLayer layer = TransformerDecoderLayer.of(layers(config), config.rng());
        return new ReferenceModule(layer, in -> List.of(layer.forward(in.tensor("tgt"), in.tensor("memory"),
                masking(in, "tgt_mask", "tgt_key_padding_mask"),
                masking(in, "memory_mask", "memory_key_padding_mask"))));
    }

    private static ReferenceModule encoder(Arguments config) {
        TransformerConfig each = layers(config.nested("layer"));
        TransformerEncoder encoder = new TransformerEncoder(IntStream.range(0, config.integer("num_layers"))
                .mapToObj(_ -> TransformerEncoderLayer.of(each, config.rng())).toList(), norm(config, each));
        return new ReferenceModule(encoder, in -> List.of(
                encoder.forward(in.tensor("src"), masking(in, in.has("src_mask") ? "src_mask" : "mask",
                        "src_key_padding_mask"))));
    }

    private static ReferenceModule decoder(Arguments config) {
        TransformerConfig each = layers(config.nested("layer"));
        TransformerDecoder decoder = new TransformerDecoder(IntStream.range(0, config.integer("num_layers"))
                .mapToObj(_ -> TransformerDecoderLayer.of(each, config.rng())).toList(), norm(config, each));
        return new ReferenceModule(decoder, in -> List.of(decoder.forward(in.tensor("tgt"), in.tensor("memory"),
                masking(in, "tgt_mask", "tgt_key_padding_mask"),
                masking(in, "memory_mask", "memory_key_padding_mask"))));
    }

    private static Optional<Layer> norm(Arguments config, TransformerConfig each) {
        boolean wanted = config.has("norm")
                && (!config.get("norm").isJsonPrimitive() || config.get("norm").getAsBoolean());
        return wanted ? Optional.of(LayerNorm.Config.of(each.attention().width()).withDType(config.dtype()).create())
                : Optional.empty();
    }

    private static ReferenceModule transformer(Arguments config) {
        Transformer model = Transformer.of(layers(config), config.integer("num_encoder_layers", 6),
                config.integer("num_decoder_layers", 6), config.rng());
        return new ReferenceModule(model, in -> List.of(model.forward(in.tensor("src"), in.tensor("tgt"),
                masking(in, "src_mask", "src_key_padding_mask"), masking(in, "tgt_mask", "tgt_key_padding_mask"),
                masking(in, "memory_mask", "memory_key_padding_mask"))));
    }

    private static TransformerConfig layers(Arguments config) {
        TransformerConfig layer = TransformerConfig.of(config.integer("d_model", 512), config.integer("nhead", 8))
                .withHidden(config.integer("dim_feedforward", 2048))
                .withActivation(Activation.valueOf(config.text("activation", "relu").toUpperCase(Locale.ROOT)))
                .withPlacement(config.flag("norm_first", false) ? NormPlacement.BEFORE : NormPlacement.AFTER)
                .withEpsilon(config.number("layer_norm_eps", 1e-5)).withDropout(config.number("dropout", 0.1))
                .withDType(config.dtype());
        return config.flag("batch_first", false) ? layer.withBatchFirst() : layer;
    }

    private static Masking masking(Arguments in, String pairs, String padding) {
        Optional<Tensor> ofPairs = in.optional(pairs);
        Optional<Tensor> ofKeys = in.optional(padding);
        Masking masking = ofPairs.map(Masking.NONE::withPairs).orElse(Masking.NONE);
        return ofKeys.map(masking::withPadding).orElse(masking);
    }
}
