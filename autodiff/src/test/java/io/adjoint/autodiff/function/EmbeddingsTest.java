package io.adjoint.autodiff.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Gradients;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Embeddings.Frequency;
import io.adjoint.autodiff.function.Embeddings.LastOffset;
import io.adjoint.autodiff.function.Embeddings.Mode;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Gradients of lookups that are not those of the values, on purpose, and bags. */
class EmbeddingsTest {
    private static final int MANY = 60_000;

    private final Tensor table = Rng.seed(1).normal(Shape.of(3, 1), DType.F64).tracked();
    private final Tensor index = Tensor.of(new long[] {0, 2, 0, 1, 0, 2});
    private final Tensor cotangent = Tensor.of(new double[] {1, 2, 4, 8, 16, 32}, 6, 1);

    private double[] gradient(OptionalInt padding, Frequency frequency) {
        Tensor rows = Embeddings.lookup(table, index, padding, frequency);
        assertArrayEquals(table.detached().indexSelect(0, index).toDoubles(), rows.detached().toDoubles());
        return rows.vjp(cotangent, table).of(table).toDoubles();
    }

    @Test
    void thePaddingHasNoGradient() {
        assertArrayEquals(new double[] {21, 8, 34}, gradient(OptionalInt.empty(), Frequency.SUM));
        assertArrayEquals(new double[] {0, 8, 34}, gradient(OptionalInt.of(0), Frequency.SUM));
        assertArrayEquals(new double[] {21, 8, 0}, gradient(OptionalInt.of(-1), Frequency.SUM));
    }

    @Test
    void theGradientOfARowIsDividedByItsFrequency() {
        assertArrayEquals(new double[] {7, 8, 17}, gradient(OptionalInt.empty(), Frequency.MEAN), 1e-14);
    }

    /** So many bags that bags times the longest of them would be no tensor. */
    @Test
    void bagsCostWhatTheyHold() {
        Tensor offsets = Tensor.full(Shape.of(MANY), DType.I64, MANY);
        offsets = Tensor.range(MANY).eq(0).where(Tensor.scalar(0, DType.I64), offsets);
        Tensor places = Tensor.range(MANY).remainder(3);
        for (Mode mode : Mode.values()) {
            Tensor bags = Embeddings.bags(table, places, offsets, LastOffset.BEGINS, mode, Optional.empty(),
                    OptionalInt.of(1));
            double first = table.detached().toDoubles()[0];
            double last = table.detached().toDoubles()[2];
            double expected = switch (mode) {
                case SUM -> MANY / 3 * (first + last);
                case MEAN -> (first + last) / 2;
                case MAX -> Math.max(first, last);
            };
            assertEquals(expected, bags.detached().toDoubles()[0], 1e-9 * MANY);
            assertEquals(0, bags.detached().slice(0, 1, MANY).abs().sum().item());
        }
    }

    /** Values and gradients of bags against loops. */
    @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void bagsAreWhatLoopsMake(@ForAll long seed, @ForAll Mode mode, @ForAll LastOffset last, @ForAll boolean isWeighed,
            @ForAll boolean isPadded) {
        Random random = new Random(seed);
        int rows = 4;
        int places = random.nextInt(9);
        long[] index = random.longs(places, 0, rows).toArray();
        long[] bounds = LongStream.concat(LongStream.of(0), random.longs(random.nextInt(5), 0, places + 1).sorted())
                .toArray();
        int bags = last == LastOffset.ENDS ? bounds.length - 1 : bounds.length;
        // small whole numbers: sums are exact, and there are equals
        double[] values = random.ints(rows, -1, 2).asDoubleStream().toArray();
        double[] weights = random.ints(places, -2, 3).asDoubleStream().toArray();
        double[] cotangent = random.ints(bags, 1, 9).mapToDouble(i -> 12 * i).toArray();
        boolean weighs = isWeighed && mode == Mode.SUM;

        double[] expected = new double[bags];
        double[] gradient = new double[rows];
        double[] weightGradient = new double[places];
        for (int bag = 0; bag < bags; bag++) {
            int end = bag + 1 < bounds.length ? (int) bounds[bag + 1] : places;
            int[] counted = IntStream.range((int) bounds[bag], end).filter(i -> !isPadded || index[i] != rows - 1)
                    .toArray();
            int best = -1;
            for (int i : counted) {
                int row = (int) index[i];
                double factor = mode == Mode.MEAN ? 1.0 / counted.length : weighs ? weights[i] : 1;
                if (mode != Mode.MAX) {
                    expected[bag] += factor * values[row];
                    gradient[row] += factor * cotangent[bag];
                    weightGradient[i] += values[row] * cotangent[bag];
                }
                best = best < 0 || values[row] > values[best] ? row : best;
            }
            if (mode == Mode.MAX && best >= 0) {
                expected[bag] = values[best];
                gradient[best] += cotangent[bag];
            }
        }
        Tensor t = Tensor.of(values, rows, 1).tracked();
        Tensor w = Tensor.of(weights).tracked();
        Tensor found = Embeddings.bags(t, Tensor.of(index), Tensor.of(bounds), last, mode,
                weighs ? Optional.of(w) : Optional.empty(), isPadded ? OptionalInt.of(-1) : OptionalInt.empty());
        assertArrayEquals(expected, found.detached().toDoubles(), 1e-12);
        Gradients gradients = found.vjp(Tensor.of(cotangent, bags, 1), t, w);
        assertArrayEquals(gradient, gradients.of(t).toDoubles(), 1e-9);
        if (weighs) {
            assertArrayEquals(weightGradient, gradients.of(w).toDoubles(), 1e-9);
        }
    }

    /** A rectangle is a list with offsets, NaN is greatest, and a bag of padding alone is empty. */
    @Test
    void bagsInRows() {
        Tensor values = Tensor.of(new double[] {1, Double.NaN, 3, 5}, 4, 1);
        Tensor places = Tensor.of(new long[] {0, 2, 2, 1, 3, 3}, 3, 2);
        for (Mode mode : Mode.values()) {
            Tensor bags = Embeddings.bags(values, places, mode, Optional.empty(), OptionalInt.of(3));
            double[] expected = switch (mode) {
                case SUM -> new double[] {4, Double.NaN, 0};
                case MEAN -> new double[] {2, Double.NaN, 0};
                case MAX -> new double[] {3, Double.NaN, 0};
            };
            assertArrayEquals(expected, bags.toDoubles());
            assertArrayEquals(expected, Embeddings.bags(values, places.reshape(6), Tensor.of(new long[] {0, 2, 4, 6}),
                    LastOffset.ENDS, mode, Optional.empty(), OptionalInt.of(3)).toDoubles());
        }
    }

    @Test
    void offsetsThatDoNotAscendFromZeroAreRefused() {
        for (long[] offsets : new long[][] {{1, 2}, {-1, 2}, {0, 4, 3}, {0, 7}, {0, Long.MIN_VALUE}}) {
            ShapeException refusal = assertThrows(ShapeException.class, () -> Embeddings.bags(table, index,
                    Tensor.of(offsets), LastOffset.BEGINS, Mode.SUM, Optional.empty(), OptionalInt.empty()));
            assertEquals("embedding_bag", refusal.operation());
        }
    }

    /** The name of what was called, not of what it is made of. */
    @Test
    void refusalsNameTheLookup() {
        Tensor wrong = Tensor.of(new long[] {0, 3}, 1, 2);
        assertEquals("embedding",
                assertThrows(ShapeException.class, () -> Embeddings.lookup(table, wrong)).operation());
        assertEquals("embedding_bag", assertThrows(ShapeException.class, () -> Embeddings.bags(table, wrong, Mode.MAX,
                Optional.empty(), OptionalInt.empty())).operation());
    }
}
