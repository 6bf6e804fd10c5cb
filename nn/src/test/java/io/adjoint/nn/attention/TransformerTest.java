package io.adjoint.nn.attention;

import static io.adjoint.nn.attention.Close.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Transformers: decoding, causality, names, dropout, and paths in refusals. */
class TransformerTest {
    private static final TransformerConfig CONFIG = TransformerConfig.of(8, 2).withHidden(12).withBatchFirst()
            .withDType(DType.F64).withActivation(Activation.GELU);

    @Property(tries = 12, edgeCases = EdgeCasesMode.NONE)
    void anEncoderDecodesStepByStepWhatItReadsCausally(@ForAll NormPlacement placement,
            @ForAll @LongRange(min = 0, max = 9999) long seed) {
        TransformerConfig config = CONFIG.withPlacement(placement)
                .withAttention(a -> a.withKeyHeads(1).withPositions(Rotary.standard()));
        TransformerEncoder encoder = TransformerEncoder.of(config, 2, Rng.seed(seed));
        Tensor x = Rng.seed(seed + 1).normal(Shape.of(2, 4, 8), DType.F64);
        List<KeyValueCache> caches = encoder.emptyCaches(2);
        List<Tensor> steps = new ArrayList<>();
        for (int place = 0; place < 4; place++) {
            TransformerEncoder.Decoded step = encoder.decode(x.slice(1, place, place + 1), caches);
            steps.add(step.output());
            caches = step.caches();
        }
        assertClose(encoder.forward(x, Masking.CAUSAL), Tensor.concat(1, steps.toArray(Tensor[]::new)));
    }

    @Property(tries = 12, edgeCases = EdgeCasesMode.NONE)
    void aDecoderLayerDecodesStepByStepWhatItWritesCausally(@ForAll NormPlacement placement,
            @ForAll @LongRange(min = 0, max = 9999) long seed) {
        TransformerDecoderLayer layer = TransformerDecoderLayer.of(CONFIG.withPlacement(placement), Rng.seed(seed));
        Tensor x = Rng.seed(seed + 1).normal(Shape.of(2, 3, 8), DType.F64);
        Tensor memory = Rng.seed(seed + 2).normal(Shape.of(2, 5, 8), DType.F64);
        MultiHeadAttention.Decoded first = layer.decode(x.slice(1, 0, 1), memory, Masking.NONE,
                layer.attention().emptyCache(2));
        MultiHeadAttention.Decoded second = layer.decode(x.slice(1, 1, 3), memory, Masking.NONE, first.cache());
        assertClose(layer.forward(x, memory, Masking.CAUSAL, Masking.NONE),
                Tensor.concat(1, first.output(), second.output()));
    }

    @Test
    void theFutureOfATargetChangesNothing() {
        Transformer model = Transformer.of(CONFIG, 1, 2, Rng.seed(1));
        Tensor source = Rng.seed(2).normal(Shape.of(2, 5, 8), DType.F64);
        Tensor target = Rng.seed(3).normal(Shape.of(2, 4, 8), DType.F64);
        Tensor other = Tensor.concat(1, target.slice(1, 0, 3), Rng.seed(4).normal(Shape.of(2, 1, 8), DType.F64));
        Tensor y = model.forward(source, target, Masking.NONE, Masking.CAUSAL, Masking.NONE);
        Tensor z = model.forward(source, other, Masking.NONE, Masking.CAUSAL, Masking.NONE);
        assertTrue(y.slice(1, 0, 3).sameBits(z.slice(1, 0, 3)));
        assertFalse(y.slice(1, 3, 4).isClose(z.slice(1, 3, 4)).any().toBooleans()[0]);
        Tensor padding = Tensor.of(new boolean[] {false, false, false, true, true}, 1, 5).expand(2, 5);
        assertClose(model.forward(source.slice(1, 0, 3), target), model.forward(source, target,
                Masking.NONE.withPadding(padding), Masking.NONE, Masking.NONE.withPadding(padding)));
    }

    @Test
    void variablesHaveTheNamesOfPyTorch() {
        Transformer model = Transformer.of(CONFIG.withDropout(0), 1, 1, Rng.seed(5));
        assertEquals(List.of("encoder.layers.0.self_attn.in_proj_weight", "encoder.layers.0.self_attn.in_proj_bias",
                "encoder.layers.0.self_attn.out_proj.weight", "encoder.layers.0.self_attn.out_proj.bias",
                "encoder.layers.0.linear1.weight", "encoder.layers.0.linear1.bias", "encoder.layers.0.linear2.weight",
                "encoder.layers.0.linear2.bias", "encoder.layers.0.norm1.weight", "encoder.layers.0.norm1.bias",
                "encoder.layers.0.norm2.weight", "encoder.layers.0.norm2.bias", "encoder.norm.weight",
                "encoder.norm.bias"), List.copyOf(model.variables().keySet()).subList(0, 14));
        assertTrue(model.variables().keySet().containsAll(List.of("decoder.layers.0.multihead_attn.in_proj_weight",
                "decoder.layers.0.norm3.bias", "decoder.norm.weight")));
        double bound = Math.sqrt(6.0 / (8 + 12));
        double most = model.variables().get("decoder.layers.0.linear1.weight").value().abs().max().item();
        assertTrue(most <= bound && most > 0.9 * bound, "Xavier: " + most);
    }

    @Test
    void layersOfAStackHaveFirstValuesOfTheirOwn() {
        TransformerEncoder encoder = TransformerEncoder.of(CONFIG, 2, Rng.seed(6));
        assertFalse(encoder.layers().getFirst().feedForward().linear1().weight().value()
                .sameBits(encoder.layers().getLast().feedForward().linear1().weight().value()));
    }

    @Test
    void everythingABlockAddsIsDroppedWhileTraining() {
        for (NormPlacement placement : NormPlacement.values()) {
            TransformerEncoderLayer layer = TransformerEncoderLayer.of(
                    CONFIG.withDropout(1).withPlacement(placement), Rng.seed(7));
            Tensor x = Rng.seed(8).normal(Shape.of(2, 3, 8), DType.F64);
            Tensor kept = placement == NormPlacement.BEFORE ? x : layer.norm2().forward(layer.norm1().forward(x));
            assertClose(kept, Training.scope(() -> layer.forward(x)).detached());
            assertFalse(kept.isClose(layer.forward(x)).all().toBooleans()[0], "dropped in inference");
        }
    }

    @Test
    void refusalsNameThePath() {
        Transformer model = Transformer.of(CONFIG, 2, 1, Rng.seed(9));
        Tensor target = Tensor.zeros(2, 3, 8);
        assertEquals("decoder.layers.0.multihead_attn: attention: keys and values do not fit: query [2, 3, 8], "
                + "key [3, 5, 8], value [3, 5, 8]; expected [2, keys, 8] and [2, keys, 8]",
                assertThrows(ShapeException.class, () -> model.forward(Tensor.zeros(3, 5, 8), target)).getMessage());
        assertEquals("decode: not a cache for each layer: caches 0; expected 2, as emptyCaches makes them",
                assertThrows(ShapeException.class, () -> model.encoder().decode(target, List.of())).getMessage());
    }
}
