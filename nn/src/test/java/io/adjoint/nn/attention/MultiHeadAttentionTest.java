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
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.SequenceLayout;
import io.adjoint.nn.attention.AttentionConfig.Extra;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Masks, shared heads, extra keys and decoding step by step, each against another way to the same numbers. */
class MultiHeadAttentionTest {
    private static final AttentionConfig CONFIG = AttentionConfig.of(8, 4).withBatchFirst().withDType(DType.F64);
    private static final Tensor UPPER = Tensor.range(5).unsqueeze(1).lt(Tensor.range(5));

    @Provide
    Arbitrary<AttentionConfig> configs() {
        return Arbitraries.of(CONFIG, CONFIG.withKeyHeads(1), CONFIG.withKeyHeads(2).withPositions(Rotary.standard()),
                CONFIG.withPositions(new Alibi()), CONFIG.withExtra(Extra.LEARNED_AND_ZERO).withPositions(new Alibi()),
                CONFIG.withPositions(new Rotary(100, Rotary.Pairing.HALVES)).withExtra(Extra.ZERO));
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void decodingStepByStepIsTheWholeCausalPass(@ForAll("configs") AttentionConfig config,
            @ForAll @LongRange(min = 0, max = 9999) long seed) {
        MultiHeadAttention attention = config.create(Rng.seed(seed));
        Tensor x = Rng.seed(seed + 1).normal(Shape.of(2, 5, 8), DType.F64);
        MultiHeadAttention.Decoded first = attention.decode(x.slice(1, 0, 2), attention.emptyCache(2));
        MultiHeadAttention.Decoded second = attention.decode(x.slice(1, 2, 3), first.cache());
        MultiHeadAttention.Decoded third = attention.decode(x.slice(1, 3, 5), second.cache());
        assertClose(attention.forward(x, Masking.CAUSAL),
                Tensor.concat(1, first.output(), second.output(), third.output()));
        assertEquals(5, third.cache().places());
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void sharedHeadsAreRepeatedWeights(@ForAll @LongRange(min = 0, max = 9999) long seed) {
        MultiHeadAttention shared = CONFIG.withKeyHeads(2).withExtra(Extra.LEARNED).create(Rng.seed(seed));
        Tensor weight = shared.weights().weights().getFirst().value();
        Tensor repeated = Tensor.concat(0, weight.slice(0, 0, 8), twice(weight, 8), twice(weight, 12));
        MultiHeadAttention full = new MultiHeadAttention(
                new HeadWeights(List.of(Variable.parameter(repeated)), Optional.of(Variable.parameter(
                        Tensor.zeros(Shape.of(24), DType.F64)))),
                shared.output(), 4,
                new ExtraKeys(shared.extraKeys().key().map(MultiHeadAttentionTest::twice),
                        shared.extraKeys().value().map(MultiHeadAttentionTest::twice), 0),
                Optional.empty(), Optional.empty(), shared.layout());
        Tensor x = Rng.seed(seed + 1).normal(Shape.of(2, 5, 8), DType.F64);
        MultiHeadAttention.Attended expected = full.attended(x, x, x, Masking.CAUSAL);
        MultiHeadAttention.Attended found = shared.attended(x, x, x, Masking.CAUSAL);
        assertClose(expected.output(), found.output());
        assertClose(expected.weights(), found.weights());
    }

    /** Two heads of two rows, each head two times. */
    private static Tensor twice(Tensor weight, int from) {
        Tensor first = weight.slice(0, from, from + 2);
        Tensor second = weight.slice(0, from + 2, from + 4);
        return Tensor.concat(0, first, first, second, second);
    }

    private static Variable twice(Variable extra) {
        return Variable.parameter(twice(extra.value().reshape(4), 0).reshape(1, 1, 8));
    }

    @Test
    void asManyHeadsOfKeysAsOfQueriesAreTheDefault() {
        MultiHeadAttention plain = CONFIG.create(Rng.seed(1));
        MultiHeadAttention grouped = CONFIG.withKeyHeads(4).create(Rng.seed(1));
        Tensor x = Rng.seed(2).normal(Shape.of(2, 5, 8), DType.F64);
        assertTrue(plain.forward(x).sameBits(grouped.forward(x)));
    }

    @Test
    void masksSayTheSameInEveryForm() {
        MultiHeadAttention attention = CONFIG.create(Rng.seed(3));
        Tensor x = Rng.seed(4).normal(Shape.of(2, 5, 8), DType.F64);
        Tensor causal = attention.forward(x, Masking.CAUSAL);
        Tensor added = UPPER.where(Double.NEGATIVE_INFINITY, Tensor.zeros(Shape.of(5, 5), DType.F64));
        assertClose(causal, attention.forward(x, Masking.NONE.withPairs(UPPER)));
        assertClose(causal, attention.forward(x, Masking.NONE.withPairs(added)));
        assertClose(causal, attention.forward(x, Masking.NONE.withPairs(UPPER.expand(8, 5, 5))));
        assertClose(causal, attention.forward(x, Masking.NONE.withPairs(UPPER.reshape(1, 1, 5, 5))));
        assertFalse(causal.isClose(attention.forward(x)).all().toBooleans()[0], "a mask without effect");
        Tensor padding = Tensor.of(new boolean[] {false, false, false, true, true}, 1, 5).expand(2, 5);
        assertClose(attention.forward(x, Masking.CAUSAL.withPairs(added).withPadding(padding)),
                attention.forward(x, Masking.NONE.withPairs(UPPER).withPadding(
                        padding.where(Double.NEGATIVE_INFINITY, Tensor.zeros(Shape.of(2, 5), DType.F64)))));
    }

    @Test
    void paddedKeysAreAsIfTheyWereNotThere() {
        MultiHeadAttention attention = CONFIG.create(Rng.seed(5));
        Tensor x = Rng.seed(6).normal(Shape.of(2, 5, 8), DType.F64);
        Tensor padding = Tensor.of(new boolean[] {false, false, true, true, true, false, false, false, false, true}, 2,
                5);
        Tensor y = attention.forward(x, Masking.NONE.withPadding(padding));
        assertClose(attention.forward(x.select(0, 0).slice(0, 0, 2)), y.select(0, 0).slice(0, 0, 2));
        assertClose(attention.forward(x.select(0, 1).slice(0, 0, 4)), y.select(0, 1).slice(0, 0, 4));
    }

    @Test
    void aSingleSequenceIsABatchOfOneAndLayoutsAgree() {
        MultiHeadAttention batchFirst = CONFIG.create(Rng.seed(7));
        MultiHeadAttention timeFirst = new MultiHeadAttention(batchFirst.weights(), batchFirst.output(), 4,
                ExtraKeys.NONE, Optional.empty(), Optional.empty(), SequenceLayout.TIME_FIRST);
        Tensor x = Rng.seed(8).normal(Shape.of(1, 5, 8), DType.F64);
        Tensor key = Rng.seed(9).normal(Shape.of(1, 3, 8), DType.F64);
        Tensor padding = Tensor.of(new boolean[] {false, true, false}, 1, 3);
        MultiHeadAttention.Attended batch = batchFirst.attended(x, key, key, Masking.NONE.withPadding(padding));
        MultiHeadAttention.Attended single = batchFirst.attended(x.squeeze(0), key.squeeze(0), key.squeeze(0),
                Masking.NONE.withPadding(padding.squeeze(0)));
        MultiHeadAttention.Attended other = timeFirst.attended(x.transpose(0, 1), key.transpose(0, 1),
                key.transpose(0, 1), Masking.NONE.withPadding(padding));
        assertClose(batch.output().squeeze(0), single.output());
        assertClose(batch.weights().squeeze(0), single.weights());
        assertClose(batch.output(), other.output().transpose(0, 1));
        assertClose(batch.weights(), other.weights());
    }

    @Test
    void extraKeysStandBehindAllOthers() {
        MultiHeadAttention attention = CONFIG.withExtra(Extra.ZERO).create(Rng.seed(10));
        Tensor x = Tensor.zeros(Shape.of(1, 3, 8), DType.F64);
        MultiHeadAttention.Attended y = attention.attended(x, x, x, Masking.CAUSAL);
        double third = 1 / 3.0;
        assertClose(Tensor.of(new double[] {0.5, 0, 0, 0.5, third, third, 0, third, 0.25, 0.25, 0.25, 0.25}, 3, 4),
                y.weights().select(1, 0).squeeze(0));
        MultiHeadAttention learned = CONFIG.withExtra(Extra.LEARNED_AND_ZERO).create(Rng.seed(10));
        assertEquals(List.of("in_proj_weight", "in_proj_bias", "bias_k", "bias_v", "out_proj.weight", "out_proj.bias"),
                List.copyOf(learned.variables().keySet()));
        assertEquals(Shape.of(1, 4, 3, 5), learned.attended(x, x, x, Masking.NONE).weights().shape());
    }

    @Test
    void weightsAreDroppedWhileTraining() {
        MultiHeadAttention attention = CONFIG.withDropout(0.5).create(Rng.seed(11));
        Tensor x = Rng.seed(12).normal(Shape.of(2, 5, 8), DType.F64);
        Tensor kept = attention.attended(x, x, x, Masking.NONE).weights();
        assertClose(Tensor.full(Shape.of(2, 4, 5), DType.F64, 1), kept.sum(-1));
        Tensor dropped = Training.scope(() -> attention.attended(x, x, x, Masking.NONE).weights());
        assertTrue(dropped.eq(0).logicalOr(dropped.isClose(kept.mul(2))).all().toBooleans()[0]);
        double share = dropped.eq(0).cast(DType.F64).mean().item();
        assertTrue(share > 0.35 && share < 0.65, "dropped " + share);
    }

    @Test
    void firstValuesAreThoseOfPyTorch() {
        MultiHeadAttention attention = AttentionConfig.of(32, 4).create(Rng.seed(13));
        double most = attention.weights().weights().getFirst().value().abs().max().item();
        double bound = Math.sqrt(6.0 / (32 + 96));
        assertTrue(most <= bound && most > 0.98 * bound, "in_proj_weight up to " + most);
        assertEquals(0, attention.weights().bias().orElseThrow().value().abs().max().item());
        assertEquals(0, attention.output().bias().orElseThrow().value().abs().max().item());
        double out = attention.output().weight().value().abs().max().item();
        assertTrue(out <= 1 / Math.sqrt(32) && out > 0.95 / Math.sqrt(32), "out_proj.weight up to " + out);
    }

    @Test
    void misfitsAreRefused() {
        MultiHeadAttention attention = CONFIG.create(Rng.seed(14));
        Tensor x = Tensor.zeros(2, 5, 8);
        assertRefusal("attention: keys and values do not fit: query [2, 5, 8], key [2, 4, 8], value [2, 3, 8]; "
                + "expected [2, keys, 8] and [2, keys, 8]",
                () -> attention.forward(x, Tensor.zeros(2, 4, 8), Tensor.zeros(2, 3, 8), Masking.NONE));
        assertRefusal("attention: the mask of pairs does not fit: pairs [5, 4]; "
                + "expected [5, 5], [batch * heads, ...] or [2, 4, 5, 5]",
                () -> attention.forward(x, Masking.NONE.withPairs(Tensor.zeros(5, 4))));
        assertRefusal("attention: the mask of keys does not fit: padding [5, 2]; expected [2, 5]",
                () -> attention.forward(x, Masking.NONE.withPadding(Tensor.zeros(5, 2))));
        assertRefusal("attention: not a mask: mask I64[5, 5]; "
                + "expected BOOL, true where a key is left out, or floats that are added to the scores",
                () -> attention.forward(x, Masking.NONE.withPairs(Tensor.of(new long[25], 5, 5))));
        assertRefusal("attention: the input does not fit the cache: input [3, 1, 8], cache [2, 4, 0, 2]; "
                + "expected [2, places, 8]",
                () -> attention.decode(Tensor.zeros(3, 1, 8), attention.emptyCache(2)));
        assertRefusal("attention: heads do not share the width: width 8, heads 3, keyHeads 3, keyWidth 8, "
                + "valueWidth 8; expected heads that divide the width, keyHeads that divide the heads, "
                + "widths of 1 or more", () -> AttentionConfig.of(8, 3));
    }

    private static void assertRefusal(String message, Runnable call) {
        assertEquals(message, assertThrows(ShapeException.class, call::run).getMessage());
    }
}
