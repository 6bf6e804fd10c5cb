package io.adjoint.autodiff.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class CountingTest {
    @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void weightsAreSummedByNumber(@ForAll long seed) {
        Random random = new Random(seed);
        long[] numbers = random.longs(random.nextInt(30), 0, 12).toArray();
        double[] weights = random.doubles(numbers.length).toArray();
        int minLength = random.nextInt(15);
        int length = minLength;
        for (long number : numbers) {
            length = Math.max(length, (int) number + 1);
        }
        long[] counts = new long[length];
        double[] sums = new double[length];
        for (int i = 0; i < numbers.length; i++) {
            counts[(int) numbers[i]]++;
            sums[(int) numbers[i]] += weights[i];
        }
        Tensor list = Tensor.of(numbers, Shape.of(numbers.length));
        Tensor weight = Tensor.of(weights, Shape.of(weights.length)).tracked();
        assertArrayEquals(counts, Counting.bincount(list.cast(DType.I32), minLength).toLongs(), "seed " + seed);
        Tensor sum = Counting.bincount(list, weight, minLength);
        assertArrayEquals(sums, sum.toDoubles(), "seed " + seed);
        Tensor cotangent = Tensor.range(length).cast(DType.F64);
        assertTrue(list.cast(DType.F64).sameBits(sum.vjp(cotangent, weight).of(weight)), "seed " + seed);
    }

    @Test
    void integersAreSummedAsIntegers() {
        Tensor numbers = Tensor.of(new long[] {1, 0, 1});
        assertArrayEquals(new int[] {3, 6}, Counting.bincount(numbers, Tensor.of(new int[] {2, 3, 4}), 0).toInts());
        assertArrayEquals(new long[] {0, 2},
                Counting.bincount(numbers, Tensor.of(new boolean[] {true, false, true}), 0).toLongs());
    }

    @Test
    void wrongNumbersAreRefused() {
        Tensor one = Tensor.of(new long[] {1});
        assertThrows(ShapeException.class, () -> Counting.bincount(Tensor.of(new long[] {1, -1}), 0));
        assertThrows(ShapeException.class, () -> Counting.bincount(Tensor.of(new long[] {Integer.MAX_VALUE}), 0));
        assertThrows(ShapeException.class, () -> Counting.bincount(one, -1));
        assertThrows(ShapeException.class, () -> Counting.bincount(one, Tensor.ones(2), 0));
        assertThrows(ShapeException.class, () -> Counting.bincount(Tensor.ones(2), 0));
        assertThrows(ShapeException.class, () -> Counting.bincount(one.reshape(1, 1), 0));
        assertThrows(ShapeException.class, () -> Counting.histc(Tensor.ones(2), 0));
        assertThrows(ShapeException.class, () -> Counting.histc(Tensor.ones(2), 3, 1, 1));
        assertThrows(ShapeException.class, () -> Counting.histc(Tensor.ones(2), 3, -1e308, 1e308));
        assertThrows(ShapeException.class, () -> Counting.histc(Tensor.ones(2).div(0), 3));
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void elementsAreCountedByBin(@ForAll long seed) {
        Random random = new Random(seed);
        int bins = 1 + random.nextInt(7);
        double[] x = random.doubles(random.nextInt(40), -1, 5).map(y -> Math.rint(y * 8) / 8).toArray();
        if (x.length > 0 && random.nextBoolean()) {
            x[0] = Double.NaN;
        }
        double[] counts = new double[bins];
        for (double element : x) {
            int bin = (int) Math.floor((element + 0.5) / 4 * bins);
            if (element >= -0.5 && element <= 3.5) {
                counts[Math.min(bin, bins - 1)]++;
            }
        }
        Tensor elements = Tensor.of(x, Shape.of(x.length));
        assertArrayEquals(counts, Counting.histc(elements, bins, -0.5, 3.5).toDoubles(), "seed " + seed);
        assertTrue(Counting.histc(elements.cast(DType.F32), bins, -0.5, 3.5)
                .sameBits(Tensor.of(counts).cast(DType.F32)), "seed " + seed);
    }

    @Test
    void theRangeFollowsFromTheElements() {
        Tensor x = Tensor.of(new long[] {0, 1, 2, 3, 4, 4, 2, 1}, 2, 4);
        assertArrayEquals(new float[] {1, 2, 2, 3}, Counting.histc(x, 4).toFloats());
        assertArrayEquals(new double[] {0, 2, 0},
                Counting.histc(Tensor.full(Shape.of(2), DType.F64, 7), 3).toDoubles());
        assertArrayEquals(new float[] {0, 2, 0},
                Counting.histc(Tensor.full(Shape.of(2), DType.F32, 1e9), 3).toFloats());
        assertEquals(0, Counting.histc(Tensor.zeros(0), 3).sum().item());
    }
}
