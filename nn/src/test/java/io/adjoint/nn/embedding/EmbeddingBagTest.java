package io.adjoint.nn.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.function.Embeddings.Frequency;
import io.adjoint.autodiff.function.Embeddings.LastOffset;
import io.adjoint.autodiff.function.Embeddings.Mode;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EmbeddingBagTest {
    private static final EmbeddingBag.Config CONFIG = EmbeddingBag.Config.of(4, 1).withDType(DType.F64);
    private static final Tensor TABLE = Tensor.of(new double[] {1, 10, 100, -5}, 4, 1);
    private static final Tensor LIST = Tensor.of(new long[] {0, 1, 3, 3, 2, 1});

    private static EmbeddingBag bags(EmbeddingBag.Config config) {
        EmbeddingBag layer = config.create(Rng.seed(1));
        layer.weight().set(TABLE);
        return layer;
    }

    @Test
    void bagsBecomeMeansSumsOrMaxima() {
        Tensor offsets = Tensor.of(new long[] {0, 3, 3});
        assertArrayEquals(new double[] {2, 0, 35}, bags(CONFIG).forward(LIST, offsets).toDoubles(), 1e-13);
        assertArrayEquals(new double[] {6, 0, 105},
                bags(CONFIG.withMode(Mode.SUM)).forward(LIST, offsets).toDoubles());
        assertArrayEquals(new double[] {10, 0, 100},
                bags(CONFIG.withMode(Mode.MAX)).forward(LIST, offsets).toDoubles());
        assertArrayEquals(new double[] {11, -10, 110},
                bags(CONFIG.withMode(Mode.SUM)).forward(LIST.reshape(3, 2)).toDoubles());
    }

    @Test
    void theLastOffsetMayEndTheLastBag() {
        EmbeddingBag layer = bags(CONFIG.withMode(Mode.SUM).withLast(LastOffset.ENDS));
        assertArrayEquals(new double[] {6, 95}, layer.forward(LIST, Tensor.of(new long[] {0, 3, 5})).toDoubles());
    }

    @Test
    void placesMayHaveWeightsAndPaddingDoesNotCount() {
        Tensor weights = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2);
        Tensor sums = bags(CONFIG.withMode(Mode.SUM)).forward(LIST.reshape(3, 2), Optional.empty(),
                Optional.of(weights));
        assertArrayEquals(new double[] {21, -35, 560}, sums.toDoubles());
        assertArrayEquals(new double[] {5.5, 0, 55},
                bags(CONFIG.withPadding(3)).forward(LIST.reshape(3, 2)).toDoubles());
        assertEquals(0, CONFIG.withPadding(-1).create(Rng.seed(2)).weight().value().select(0, 3).item());
    }

    /** Row 1 is looked up twice, row 3 as well. */
    @Test
    void gradientsMayBeDividedByTheFrequency() {
        Tensor cotangent = Tensor.of(new double[] {2, 20, 200}, 3, 1);
        double[][] expected = {{2, 202, 200, 40}, {2, 101, 200, 20}};
        for (Frequency frequency : Frequency.values()) {
            EmbeddingBag layer = bags(CONFIG.withMode(Mode.SUM).withFrequency(frequency));
            Tensor gradient = Training.scope(() -> layer.forward(LIST.reshape(3, 2)).mul(cotangent).sum()
                    .gradients(layer.parameters()).of(layer.weight()));
            assertArrayEquals(expected[frequency.ordinal()], gradient.toDoubles(), 1e-12);
            assertArrayEquals(new double[] {11, -10, 110}, layer.forward(LIST.reshape(3, 2)).toDoubles());
        }
    }

    @Test
    void rowsMayBeHeldToANorm() {
        EmbeddingBag layer = bags(CONFIG.withMode(Mode.SUM).withMaxNorm(MaxNorm.of(8)));
        Tensor bag = Tensor.of(new long[] {1, 3}, 1, 2);
        assertEquals(3, layer.forward(bag).item(), 1e-6);
        assertTrue(TABLE.sameBits(layer.weight().value()), "inference changed the table");
        Training.scope(() -> layer.forward(bag));
        assertArrayEquals(new double[] {1, 8, 100, -5}, layer.weight().value().toDoubles(), 1e-6);
    }

    @Test
    void refusals() {
        assertEquals("embedding_bag: maxima have no frequency: mode MAX, frequency MEAN; expected the frequency SUM",
                assertThrows(ShapeException.class, () -> bags(CONFIG.withMode(Mode.MAX)
                        .withFrequency(Frequency.MEAN))).getMessage());
        for (EmbeddingBag layer : new EmbeddingBag[] {bags(CONFIG), bags(CONFIG.withMaxNorm(MaxNorm.of(1))),
            bags(CONFIG.withFrequency(Frequency.MEAN))}) {
            assertEquals("embedding_bag", assertThrows(ShapeException.class,
                    () -> layer.forward(Tensor.of(new long[] {4}, 1, 1))).operation());
            assertEquals("embedding_bag", assertThrows(ShapeException.class,
                    () -> layer.forward(Tensor.zeros(1, 1))).operation());
        }
    }
}
