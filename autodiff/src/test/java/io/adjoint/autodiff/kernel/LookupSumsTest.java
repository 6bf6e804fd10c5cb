package io.adjoint.autodiff.kernel;

import com.sun.management.ThreadMXBean;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows added to those of a table in vectors, of several widths: the bits of one addition after the other, and nothing allocated. */
class LookupSumsTest {
    @ParameterizedTest
    @ValueSource(strings = {"-XX:UseAVX=3", "-XX:UseAVX=2", "-XX:MaxVectorSize=16"})
    void sumsHaveTheBitsOfTheirOrder(String width) throws IOException, InterruptedException {
        MachineOfWidth.assertDone(width, Sums.class);
    }

    /** Names what allocates, and fails where bits differ, on a virtual machine of its own. */
    static final class Sums {
        private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private static final int ROWS = 40;
        private static final int PLACES = 9;

        private Sums() {}

        public static void main(String[] args) {
            for (DType type : List.of(DType.F32, DType.F64)) {
                int lanes = Simd.lanes(type.bytes());
                for (int columns : List.of(lanes, lanes + 1, 2 * lanes - 1, 2 * lanes, 4 * lanes, 5 * lanes + 1)) {
                    check(type, columns);
                }
            }
            System.out.println("done");
        }

        private static void check(DType type, int columns) {
            Samples samples = new Samples(columns);
            Array places = Array.allocate(DType.I64, Shape.of(ROWS, 1));
            for (int row = 0; row < ROWS; row++) {
                places.longs()[places.offset() + row] = samples.between(0, PLACES - 1);
            }
            Array index = places.broadcastTo(Shape.of(ROWS, columns));
            Array table = samples.dense(type, Shape.of(PLACES, columns));
            Array added = samples.dense(type, index.shape());
            Array expected = Copies.copy(table);
            for (int i = 0; i < added.size(); i++) {
                int at = expected.offset() + (int) index.longs()[index.position(i)] * columns + i % columns;
                if (type == DType.F32) {
                    expected.floats()[at] += added.floats()[added.position(i)];
                } else {
                    expected.doubles()[at] += added.doubles()[added.position(i)];
                }
            }
            Runnable sums = sums(type, table, index, added);
            sums.run();
            Elements.assertSameBits(expected, table, type + " rows of " + columns);
            long allocated = 1;
            for (int attempt = 0; attempt < 1_000 && allocated > 0; attempt++) {
                long before = MEMORY.getCurrentThreadAllocatedBytes();
                for (int run = 0; run < 100; run++) {
                    sums.run();
                }
                allocated = MEMORY.getCurrentThreadAllocatedBytes() - before;
            }
            if (allocated > 0) {
                System.out.println(type + " rows of " + columns + ": " + allocated + " bytes");
            }
        }

        private static Runnable sums(DType type, Array table, Array index, Array added) {
            if (type == DType.F32) {
                FloatLookup lookup = FloatLookup.of(table, index, 0, added);
                return () -> FloatLookupSums.scatterAdd(lookup);
            }
            DoubleLookup lookup = DoubleLookup.of(table, index, 0, added);
            return () -> DoubleLookupSums.scatterAdd(lookup);
        }
    }
}
