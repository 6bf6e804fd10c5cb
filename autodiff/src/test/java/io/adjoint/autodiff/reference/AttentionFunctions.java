package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Attention;
import io.adjoint.autodiff.function.Attention.Options;
import io.adjoint.autodiff.function.Attention.Sight;
import io.adjoint.autodiff.function.Embeddings;
import io.adjoint.autodiff.function.Embeddings.Frequency;
import io.adjoint.autodiff.function.Embeddings.LastOffset;
import io.adjoint.autodiff.function.Embeddings.Mode;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Attention and embeddings. */
final class AttentionFunctions {
    private AttentionFunctions() {}

    static void addTo(Functions table) {
        table.row("scaled_dot_product_attention", a -> Attention.scaledDotProduct(a.tensor("query"), a.tensor("key"),
                a.tensor("value"),
                new Options(a.optional("attn_mask"), a.flag("is_causal", false) ? Sight.CAUSAL : Sight.ALL,
                        a.has("scale") ? OptionalDouble.of(a.number("scale", 0)) : OptionalDouble.empty())),
                "query", "key", "value", "attn_mask", "is_causal", "scale");
        table.row("embedding", a -> Embeddings.lookup(a.tensor("weight"), a.tensor("input"), padding(a),
                a.flag("scale_grad_by_freq", false) ? Frequency.MEAN : Frequency.SUM),
                "input", "weight", "padding_idx", "scale_grad_by_freq");
        table.row("embedding_bag", AttentionFunctions::bags, "input", "weight", "offsets", "mode",
                "per_sample_weights", "padding_idx", "include_last_offset");
    }

    private static OptionalInt padding(Arguments a) {
        return a.has("padding_idx") ? OptionalInt.of(a.integer("padding_idx")) : OptionalInt.empty();
    }

    private static Tensor bags(Arguments a) {
        Mode mode = Mode.valueOf(a.text("mode", "mean").toUpperCase(Locale.ROOT));
        if (!a.has("offsets")) {
            return Embeddings.bags(a.tensor("weight"), a.tensor("input"), mode, a.optional("per_sample_weights"),
                    padding(a));
        }
        return Embeddings.bags(a.tensor("weight"), a.tensor("input"), a.tensor("offsets"),
                a.flag("include_last_offset", false) ? LastOffset.ENDS : LastOffset.BEGINS, mode,
                a.optional("per_sample_weights"), padding(a));
    }
}
