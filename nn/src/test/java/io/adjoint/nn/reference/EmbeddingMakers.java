package io.adjoint.nn.reference;

import io.adjoint.autodiff.function.Embeddings.Frequency;
import io.adjoint.autodiff.function.Embeddings.LastOffset;
import io.adjoint.autodiff.function.Embeddings.Mode;
import io.adjoint.nn.Layer;
import io.adjoint.nn.embedding.Embedding;
import io.adjoint.nn.embedding.EmbeddingBag;
import io.adjoint.nn.embedding.MaxNorm;
import io.adjoint.nn.reference.ReferenceModule.Maker;
import java.util.List;
import java.util.Map;

/** Tables of vectors. */
final class EmbeddingMakers {
    private EmbeddingMakers() {}

    static Map<String, Maker> all() {
        return Map.of("Embedding", Maker.of(EmbeddingMakers::embedding), "EmbeddingBag", EmbeddingMakers::bag);
    }

    private static Layer embedding(Arguments config) {
        Embedding.Config embedding =
                Embedding.Config.of(config.integer("num_embeddings"), config.integer("embedding_dim"))
                        .withDType(config.dtype()).withFrequency(frequency(config));
        if (config.has("padding_idx")) {
            embedding = embedding.withPadding(config.integer("padding_idx"));
        }
        MaxNorm bound = bound(config);
        return (config.has("max_norm") ? embedding.withMaxNorm(bound) : embedding).create(config.rng());
    }

    private static ReferenceModule bag(Arguments config) {
        EmbeddingBag.Config bags =
                EmbeddingBag.Config.of(config.integer("num_embeddings"), config.integer("embedding_dim"))
                        .withDType(config.dtype()).withFrequency(frequency(config))
                        .withMode(switch (config.text("mode", "mean")) {
                            case "sum" -> Mode.SUM;
                            case "max" -> Mode.MAX;
                            default -> Mode.MEAN;
                        })
                        .withLast(config.flag("include_last_offset", false) ? LastOffset.ENDS : LastOffset.BEGINS);
        if (config.has("padding_idx")) {
            bags = bags.withPadding(config.integer("padding_idx"));
        }
        MaxNorm bound = bound(config);
        EmbeddingBag layer = (config.has("max_norm") ? bags.withMaxNorm(bound) : bags).create(config.rng());
        return new ReferenceModule(layer, in -> List.of(
                layer.forward(in.tensor("input"), in.optional("offsets"), in.optional("per_sample_weights"))));
    }

    private static Frequency frequency(Arguments config) {
        config.flag("sparse", false); // about how PyTorch stores gradients
        return config.flag("scale_grad_by_freq", false) ? Frequency.MEAN : Frequency.SUM;
    }

    private static MaxNorm bound(Arguments config) {
        return new MaxNorm(config.number("max_norm", 0), config.number("norm_type", 2));
    }
}
