package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which products panels pass by, and how often what threads share is packed. */
class FloatPassingTest {
    /** A right matrix by rows that few rows meet is read where it lies: packing it costs more than the product. */
    @ParameterizedTest
    @CsvSource({"1, 1024, 4096, false", "4, 1024, 1024, false", "64, 1024, 1024, true", "256, 784, 1024, true",
        "257, 784, 1024, false"})
    void fewRowsReadARightMatrixWhereItLies(int rows, int depth, int columns, boolean passes) {
        assertEquals(passes, FloatPassing.serves(rows, new FloatMatrix(new float[0], 0, depth, columns, columns, 1)));
    }

    @Test
    void whatThreadsShareIsPackedOnceInARun() {
        AtomicInteger packed = new AtomicInteger();
        FloatShared shared = new FloatShared(8, _ -> packed.incrementAndGet());
        FloatShared other = new FloatShared(8, _ -> {});
        FloatScratch scratch = FloatScratch.get();
        shared.begin();
        float[] panels = shared.in(scratch.left());
        assertSame(panels, shared.in(scratch.left()));
        assertEquals(1, packed.get());
        other.begin();
        other.in(scratch.right());
        shared.in(scratch.left());
        assertEquals(1, packed.get(), "another room");
        other.in(scratch.left());
        shared.in(scratch.left());
        assertEquals(2, packed.get(), "after another's panels");
        shared.begin();
        shared.in(scratch.left());
        assertEquals(3, packed.get(), "another run");
    }
}
