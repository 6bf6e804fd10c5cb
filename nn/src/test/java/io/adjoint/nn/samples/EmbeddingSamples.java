package io.adjoint.nn.samples;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Embeddings.LastOffset;
import io.adjoint.autodiff.function.Embeddings.Mode;
import io.adjoint.nn.embedding.Embedding;
import io.adjoint.nn.embedding.EmbeddingBag;
import io.adjoint.nn.embedding.MaxNorm;
import java.util.List;
import java.util.Optional;

/** Tables of vectors. */
final class EmbeddingSamples {
    private static final int ROWS = 5;

    private EmbeddingSamples() {}

    static List<ModuleSampler> all() {
        return List.of(new ModuleSampler(Embedding.class, EmbeddingSamples::embedding),
                new ModuleSampler(EmbeddingBag.class, EmbeddingSamples::bag));
    }

    /** A bound that no row comes near to: what holds rows back changes the table, and the gradient knows nothing of it. */
    private static ModuleSample embedding(Draw draw) {
        Embedding.Config config = Embedding.Config.of(ROWS, draw.between(1, 3)).withDType(draw.dtype());
        Embedding layer = (draw.chance() ? config : config.withMaxNorm(MaxNorm.of(100))).create(draw.rng());
        return ModuleSample.of(layer, draw.oneOf(draw.indices(ROWS), draw.indices(ROWS, 2, 3)),
                Tensor.of(new long[] {ROWS}), Tensor.of(new long[] {-1}), draw.normal(2));
    }

    private static ModuleSample bag(Draw draw) {
        Mode mode = draw.oneOf(Mode.values());
        EmbeddingBag.Config config = EmbeddingBag.Config.of(ROWS, 2).withMode(mode).withDType(draw.dtype())
                .withLast(draw.oneOf(LastOffset.values()));
        EmbeddingBag layer = (draw.chance() ? config : config.withPadding(1)).create(draw.rng());
        if (draw.chance()) {
            return ModuleSample.of(layer, draw.indices(ROWS, 2, 3), draw.indices(ROWS, 2), draw.normal(2, 2));
        }
        Tensor offsets = Tensor.of(new long[] {0, 2, 2});
        Tensor places = draw.indices(ROWS, 5);
        if (mode != Mode.SUM) {
            return new ModuleSample(layer, in -> layer.forward(in.getFirst(), offsets), List.of(places),
                    List.of(List.of(draw.indices(ROWS, 1))));
        }
        return new ModuleSample(layer,
                in -> layer.forward(in.getFirst(), Optional.of(offsets), Optional.of(in.get(1))),
                List.of(places, draw.normal(5)), List.of(List.of(places, draw.normal(4))));
    }
}
