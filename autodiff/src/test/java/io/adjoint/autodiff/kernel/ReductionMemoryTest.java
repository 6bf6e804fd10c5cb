package io.adjoint.autodiff.kernel;

import com.sun.management.ThreadMXBean;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.kernel.ReduceKernel.Combine;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.runtime.Array;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled reductions of rows allocate nothing, and have the bits of the scalar loop, with vectors of several widths. */
class ReductionMemoryTest {
    /** Where vectors are narrow, many of them go around the loop, and not all calls on them have a profile when C2 meets them. */
    @ParameterizedTest
    @ValueSource(strings = {"-XX:UseAVX=3", "-XX:UseAVX=2", "-XX:MaxVectorSize=16"})
    void compiledReductionsAllocateNothing(String width) throws IOException, InterruptedException {
        MachineOfWidth.assertDone(width, Reductions.class);
    }

    /** Names what allocates, or differs, on a virtual machine of its own. */
    static final class Reductions {
        private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private static final int ROWS = 3;
        private static final int COLUMNS = 101;

        private Reductions() {}

        public static void main(String[] args) {
            int served = 0;
            for (DType type : List.of(DType.F32, DType.F64)) {
                Lane x = Lane.input(0, type);
                Lane y = Lane.input(1, type);
                Lane difference = x.sub(y);
                Lane chain = x;
                for (int i = 0; i < 14; i++) {
                    chain = chain.mul(y).add(x);
                }
                served += check(new MapReduceKernel(x, Optional.empty(), Combine.SUM, Simd.Mode.OFF), "sum");
                served += check(new MapReduceKernel(x, Optional.empty(), Combine.MAX, Simd.Mode.OFF), "maximum");
                for (Lane value : List.of(x.mul(x), x.mul(y), chain)) {
                    served +=
                            check(new MapReduceKernel(value, Optional.empty(), Combine.SUM, Simd.Mode.OFF), "not kept");
                    served += check(new MapReduceKernel(value, Optional.of(value), Combine.SUM, Simd.Mode.OFF), "kept");
                }
                served += check(new MapReduceKernel(
                        difference.mul(difference), Optional.of(difference), Combine.SUM, Simd.Mode.OFF), "on the way");
            }
            System.out.println(served > 0 ? "done" : "no loop was compiled");
        }

        /** How many loops were compiled: that for rows of any length, and that for rows of as few vectors as there is one for. */
        private static int check(MapReduceKernel kernel, String what) {
            Expression expression = kernel.expression();
            List<Layout> layouts = Collections.nCopies(expression.inputs().size(), Layout.UNIT);
            List<DType> types =
                    Collections.nCopies(layouts.size() + kernel.kept().stream().toList().size() + 1, kernel.type());
            int served = check(kernel, COLUMNS, MapReduceLoops.simd(kernel, layouts),
                    new Rehearsal(types, layouts, kernel.cost()), what);
            int lanes = SimdLoops.lanes(expression);
            int few = COLUMNS;
            while (few >= lanes && VectorReduction.few(expression, few) == 0) {
                few -= lanes;
            }
            int vectors = VectorReduction.few(expression, few);
            return vectors == 0 ? served
                    : served + check(kernel, few, VectorReduction.ofFew(kernel, layouts, vectors),
                            Rehearsal.ofRows(types, layouts, kernel.cost(), few, vectors * lanes),
                            what + ", " + vectors + " vectors");
        }

        /** One if the loop was compiled, else 0. */
        private static int check(MapReduceKernel kernel, int columns, Loop simd, Rehearsal rehearsal, String what) {
            DType type = kernel.type();
            int inputs = rehearsal.layouts().size();
            List<Array> operands = new ArrayList<>();
            Samples samples = new Samples(1);
            for (int k = 0; k < inputs; k++) {
                operands.add(samples.dense(type, Shape.of(ROWS, columns)));
            }
            List<Array> expected = outs(kernel, columns);
            run(MapReduceLoops.scalar(kernel, rehearsal.layouts()), columns, operands, expected);
            boolean serves = rehearsal.warms(simd);
            List<Array> actual = outs(kernel, columns);
            Runnable bound = run(simd, columns, operands, actual);
            for (int k = 0; k < actual.size(); k++) {
                Elements.assertSameBits(expected.get(k), actual.get(k), what);
            }
            if (!serves) { // C2 has not come to it, and nobody would use it
                return 0;
            }
            long allocated = 1;
            for (int attempt = 0; attempt < 1_000 && allocated > 0; attempt++) {
                long before = MEMORY.getCurrentThreadAllocatedBytes();
                for (int run = 0; run < 100; run++) {
                    bound.run();
                }
                allocated = MEMORY.getCurrentThreadAllocatedBytes() - before;
            }
            if (allocated > 0) {
                System.out
                        .println(what + ", " + kernel.cost() + " operations on " + type + ": " + allocated + " bytes");
            }
            return 1;
        }

        private static List<Array> outs(MapReduceKernel kernel, int columns) {
            List<Array> outs = new ArrayList<>();
            if (kernel.kept().isPresent()) {
                outs.add(Array.allocate(kernel.type(), Shape.of(ROWS, columns)));
            }
            outs.add(Array.allocate(kernel.type(), Shape.of(ROWS)));
            return outs;
        }

        /** Runs the loop, and returns how to do it again. */
        private static Runnable run(Loop loop, int columns, List<Array> ins, List<Array> outs) {
            List<Array> all = new ArrayList<>(ins);
            all.addAll(outs);
            Object[] arrays = all.stream().map(Array::data).toArray();
            int[] starts = all.stream().mapToInt(Array::offset).toArray();
            int[] rowStrides = all.stream().mapToInt(array -> array.shape().rank() == 1 ? 1 : columns).toArray();
            int[] columnStrides = all.stream().mapToInt(_ -> 1).toArray();
            Runnable again = () -> loop.run(arrays, starts, rowStrides, columnStrides, ROWS, columns);
            again.run();
            return again;
        }
    }
}
