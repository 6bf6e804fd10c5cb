package io.adjoint.optim.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CursorTest {
    private static Batches batches(int rows, int size, long seed) {
        Dataset data = new Dataset(Rng.seed(99).uniform(Shape.of(rows, 1, 2, 3), DType.F32), Tensor.range(rows));
        return data.batches(size, Rng.seed(seed)).withAugmentation(Augmentations.brightness(0.5));
    }

    private static void assertSame(Batch expected, Batch found) {
        assertTrue(expected.features().sameBits(found.features()));
        assertTrue(expected.targets().sameBits(found.targets()));
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void aLoadedPositionGoesOnWithTheBatchThatWouldHaveCome(@ForAll @IntRange(min = 1, max = 20) int rows,
            @ForAll @IntRange(min = 1, max = 7) int size, @ForAll @IntRange(max = 30) int steps, @ForAll long seed) {
        Cursor uninterrupted = batches(rows, size, seed).cursor();
        for (int i = 0; i < steps; i++) {
            uninterrupted.next();
        }
        Tensor saved = uninterrupted.variables().get("position").value();
        // the new run was even started with another seed: the saved key counts
        Cursor resumed = batches(rows, size, seed + 1).cursor();
        resumed.variables().get("position").set(saved);
        assertEquals(uninterrupted.position(), resumed.position());
        for (int i = 0; i < 10; i++) {
            assertSame(uninterrupted.next(), resumed.next());
        }
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void theCursorWalksThroughTheEpochs(@ForAll @IntRange(min = 1, max = 20) int rows,
            @ForAll @IntRange(min = 1, max = 7) int size, @ForAll long seed) {
        Batches batches = batches(rows, size, seed);
        Cursor cursor = batches.cursor();
        for (int epoch = 0; epoch < 3; epoch++) {
            for (int batch = 0; batch < batches.count(); batch++) {
                assertEquals(new Position(Rng.seed(seed), epoch, batch), cursor.position());
                assertSame(batches.epoch(epoch).get(batch), cursor.next());
            }
        }
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void aPositionComesBackFromItsTensor(@ForAll long seed, @ForAll long stream,
            @ForAll @IntRange(max = Integer.MAX_VALUE) int batch,
            @ForAll @IntRange(max = Integer.MAX_VALUE) int epoch) {
        Position position = new Position(new Rng(seed, stream), epoch, batch);
        assertEquals(position, Position.of(position.tensor()));
    }

    @Test
    void whatIsLeftOfAnEpoch() {
        Batches batches = batches(10, 3, 5);
        Position position = batches.after(batches.after(batches.start()));
        assertEquals(new Position(Rng.seed(5), 0, 2), position);
        List<Batch> rest = batches.rest(position);
        assertEquals(2, rest.size());
        assertSame(batches.epoch(0).get(2), rest.getFirst());
        assertEquals(new Position(Rng.seed(5), 1, 0), batches.after(batches.after(position)));
    }

    @Test
    void aPositionOfOtherBatchesIsRefused() {
        Cursor cursor = batches(10, 5, 1).cursor();
        cursor.variables().get("position").set(new Position(Rng.seed(1), 0, 2).tensor());
        assertTrue(assertThrows(ShapeException.class, cursor::next).getMessage()
                .contains("the position is of other batches"));
        assertThrows(ShapeException.class, () -> Position.of(Tensor.of(new long[] {1, 2, 3})));
        assertThrows(ShapeException.class, () -> Position.of(Tensor.of(new long[] {1, 2, -3, 4})));
        assertThrows(ShapeException.class, () -> Position.of(Tensor.of(new long[] {1, 2, 3, 1L << 40})));
        assertThrows(ShapeException.class, () -> Position.of(Tensor.ones(4)));
    }
}
