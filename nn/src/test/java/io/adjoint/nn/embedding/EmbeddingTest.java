package io.adjoint.nn.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.function.Embeddings.Frequency;
import io.adjoint.nn.Sequential;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class EmbeddingTest {
    private static final Tensor WORDS = Tensor.of(new long[] {1, 3, 1, 1}, 2, 2);
    private static final Embedding.Config CONFIG = Embedding.Config.of(4, 2).withDType(DType.F64);

    /** The gradient by the table, of the sum of what is looked up. */
    private static double[] gradient(Embedding layer) {
        return Training.scope(() -> layer.forward(WORDS).sum().gradients(layer.parameters()))
                .of(layer.weight()).toDoubles();
    }

    @Test
    void firstValuesAreStandardNormal() {
        Tensor table = Embedding.of(1000, 50, Rng.seed(1)).weight().value();
        assertEquals(0, table.mean().item(), 5 / Math.sqrt(50_000));
        assertEquals(1, table.var().item(), 5 * Math.sqrt(2 / 50_000.0));
        assertEquals(List.of("weight"), List.copyOf(Embedding.of(2, 3, Rng.seed(1)).variables().keySet()));
    }

    @Test
    void thePaddingIsZeroAndIsNotTrained() {
        for (int row : new int[] {3, -1}) {
            Embedding layer = CONFIG.withPadding(row).create(Rng.seed(1));
            double[] table = layer.weight().value().toDoubles();
            assertArrayEquals(new double[] {0, 0}, Arrays.copyOfRange(table, 6, 8));
            assertEquals(0, Arrays.stream(table).limit(6).filter(x -> x == 0).count());
            assertArrayEquals(new double[] {0, 0, 3, 3, 0, 0, 0, 0}, gradient(layer));
        }
    }

    @Test
    void gradientsMayBeMeansOverThePlaces() {
        assertArrayEquals(new double[] {0, 0, 3, 3, 0, 0, 1, 1}, gradient(CONFIG.create(Rng.seed(1))));
        assertArrayEquals(new double[] {0, 0, 1, 1, 0, 0, 1, 1},
                gradient(CONFIG.withFrequency(Frequency.MEAN).create(Rng.seed(1))), 1e-15);
    }

    /** Rows that nobody looks up keep their length, and inference changes no row at all. */
    @Test
    void rowsThatAreLookedUpAreHeldToANorm() {
        Embedding layer = CONFIG.withMaxNorm(MaxNorm.of(2)).create(Rng.seed(1));
        Tensor table = Tensor.of(new double[] {30, 40, 30, 40, 0.3, 0.4, 0.3, 0.4}, 4, 2);
        layer.weight().set(table);
        double[] held = {1.2, 1.6, 0.3, 0.4, 1.2, 1.6, 1.2, 1.6};
        assertArrayEquals(held, layer.forward(WORDS).toDoubles(), 1e-7);
        assertTrue(table.sameBits(layer.weight().value()), "inference changed the table");
        assertArrayEquals(held, Training.scope(() -> layer.forward(WORDS)).toDoubles(), 1e-7);
        assertArrayEquals(new double[] {30, 40, 1.2, 1.6, 0.3, 0.4, 0.3, 0.4}, layer.weight().value().toDoubles(),
                1e-7);
        assertArrayEquals(new double[] {0, 0, 3, 3, 0, 0, 1, 1}, gradient(layer));
    }

    @Test
    void otherNormsMayBeHeld() {
        Embedding layer = CONFIG.withMaxNorm(new MaxNorm(7, 1)).create(Rng.seed(1));
        layer.weight().set(Tensor.of(new double[] {0, 0, 30, 40, 0, 0, 3, 4}, 4, 2));
        assertArrayEquals(new double[] {3, 4, 3, 4, 3, 4, 3, 4}, layer.forward(WORDS).toDoubles(), 1e-7);
    }

    @Test
    void aGivenTableIsTrainedFurtherOrFrozen() {
        Tensor table = Rng.seed(1).normal(Shape.of(4, 2), DType.F64);
        assertEquals(1, Embedding.pretrained(table).parameters().size());
        Embedding frozen = Embedding.frozen(table);
        assertEquals(List.of(), frozen.parameters());
        assertEquals(List.of("weight"), List.copyOf(frozen.variables().keySet()));
        assertTrue(frozen.forward(WORDS).sameBits(Embedding.pretrained(table).forward(WORDS)));
    }

    @Test
    void refusals() {
        assertRefused("embedding: the padding is no row: padding 4, table [4, 2]; expected a row of the table",
                () -> CONFIG.withPadding(4));
        assertRefused(
                "max_norm: no norm to hold: most -1.0, order 2.0; expected a norm of 0 or more and an order above 0",
                () -> MaxNorm.of(-1));
        for (Embedding layer : List.of(Embedding.of(4, 2, Rng.seed(1)),
                CONFIG.withMaxNorm(MaxNorm.of(1)).create(Rng.seed(1)))) {
            ShapeException refusal = assertThrows(ShapeException.class,
                    () -> Sequential.of(layer).forward(Tensor.of(new long[] {0, 4})));
            assertTrue(refusal.getMessage().startsWith("0: embedding: "), refusal.getMessage());
            assertEquals("embedding", assertThrows(ShapeException.class,
                    () -> layer.forward(Tensor.zeros(2))).operation());
        }
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(ShapeException.class, call).getMessage());
    }
}
