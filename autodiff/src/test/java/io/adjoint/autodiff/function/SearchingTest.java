package io.adjoint.autodiff.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Lines;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Side;
import io.adjoint.autodiff.Tensor;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class SearchingTest {
    /** A list of some dtype, of ties and special values. */
    private static Tensor list(long seed, DType dtype) {
        Tensor x = Lines.random(seed, dtype).tensor();
        return x.reshape(Shape.of(x.size()));
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void aPlaceIsTheNumberOfElementsBefore(@ForAll long seed) {
        DType dtype = DType.values()[new Random(seed).nextInt(DType.values().length)];
        Tensor values = Lines.random(seed, dtype).tensor();
        Tensor list = list(seed + 1, dtype);
        if (new Random(seed).nextBoolean()) { // so that there are hits
            list = Tensor.concat(0, list, values.reshape(Shape.of(values.size())));
        }
        Tensor sorted = list.sort(0).values();
        Tensor both = Tensor.concat(0, sorted, values.reshape(Shape.of(values.size())));
        Lines order = new Lines(both, 0);
        for (Side side : Side.values()) {
            long[] places = Searching.searchSorted(sorted, values, side).toLongs();
            for (int j = 0; j < values.size(); j++) {
                long before = 0;
                for (int i = 0; i < sorted.size(); i++) {
                    int compared = order.byElement().compare(i, sorted.size() + j);
                    before += compared < 0 || compared == 0 && side == Side.RIGHT ? 1 : 0;
                }
                assertEquals(before, places[j], side + ", seed " + seed + ", value " + j);
            }
            assertTrue(Searching.bucketize(values, sorted, side)
                    .sameBits(Tensor.of(places, values.shape())), "seed " + seed);
        }
    }

    @Test
    void eachRowIsSearchedInItsOwnSequence() {
        Tensor sequence = Tensor.of(new double[] {9, 1, 5, 3, 3, 5}, 3, 2).transpose().sort(-1).values(); // a view
        Tensor values = Tensor.of(new double[] {0, 5, 9, 10, 1, 3, 5, 2}, 2, 4);
        assertArrayEquals(new long[] {0, 1, 2, 3, 0, 1, 2, 1},
                Searching.searchSorted(sequence, values, Side.LEFT).toLongs());
        assertArrayEquals(new long[] {0, 2, 3, 3, 1, 2, 3, 1},
                Searching.searchSorted(sequence, values, Side.RIGHT).toLongs());
        assertThrows(ShapeException.class, () -> Searching.searchSorted(sequence, values.transpose(), Side.LEFT));
        assertThrows(ShapeException.class, () -> Searching.searchSorted(sequence, Tensor.scalar(1), Side.LEFT));
        assertThrows(ShapeException.class,
                () -> Searching.searchSorted(Tensor.scalar(1), Tensor.scalar(1), Side.LEFT));
        assertThrows(ShapeException.class, () -> Searching.bucketize(values, sequence, Side.LEFT));
    }

    @Test
    void dtypesMeetAndAScalarHasOnePlace() {
        Tensor place = Searching.searchSorted(Tensor.of(new long[] {1, 2, 3}), Tensor.scalar(2.5f), Side.LEFT);
        assertTrue(place.sameBits(Tensor.scalar(2, DType.I64)));
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void whatIsInAListHasAnEqualThere(@ForAll long seed) {
        DType dtype = DType.values()[new Random(seed).nextInt(DType.values().length)];
        Tensor elements = Lines.random(seed, dtype).tensor();
        Tensor list = list(seed + 1, dtype);
        Lines order = new Lines(Tensor.concat(0, elements.reshape(Shape.of(elements.size())), list), 0);
        boolean[] found = Searching.isIn(elements, list).toBooleans();
        for (int i = 0; i < elements.size(); i++) {
            boolean expected = false;
            for (int j = 0; j < list.size(); j++) {
                expected |= !order.isNaN(i) && order.byElement().compare(i, elements.size() + j) == 0;
            }
            assertEquals(expected, found[i], "seed " + seed + ", element " + i);
        }
    }
}
