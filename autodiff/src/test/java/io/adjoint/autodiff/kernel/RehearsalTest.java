package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.kernel.ReduceKernel.Combine;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneMath;
import io.adjoint.autodiff.runtime.Array;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the compiler makes of a rehearsed loop gives the bits of the scalar loop, too. */
class RehearsalTest {
    private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Stream<Lane> expressions() {
        Lane x = Lane.input(0, DType.F32);
        Lane y = Lane.input(1, DType.F32);
        Lane d = Lane.input(0, DType.F64);
        Lane e = Lane.input(1, DType.F64);
        Lane i = Lane.input(0, DType.I32);
        Lane j = Lane.input(0, DType.I64);
        return Stream.of(
                x.add(y), x.max(y), x.min(y), x.div(y), x.abs().sqrt(), x.neg(), x.lt(y), x.le(y).select(x, y),
                LaneMath.exp(x), LaneMath.tanh(x), LaneMath.log(x), x.convert(DType.I32), i.convert(DType.F32),
                x.convert(DType.BOOL), x.eq(y).convert(DType.F32), i.shr(3), i.mul(i), d.fma(e, d), d.max(e), d.lt(e),
                d.lt(e).select(d, e), j.mul(j), j.shr(7), j.min(j.not()));
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void compiledLoopsEqualTheScalarLoop(Lane root) {
        Expression expression = new Expression(root);
        List<Layout> layouts = expression.inputs().keySet().stream().map(index -> Layout.UNIT).toList();
        List<DType> types = Stream.concat(expression.inputs().values().stream(), Stream.of(root.type())).toList();
        assertTrue(SimdLoops.handlesMap(expression, layouts));
        Loop simd = SimdLoops.map(expression, layouts);
        new Rehearsal(types, layouts, expression.nodes().size()).warms(simd);

        Samples samples = new Samples(9);
        Loop scalar = ScalarLoops.map(expression, layouts);
        int lanes = SimdLoops.lanes(expression);
        for (int columns : new int[] {lanes, lanes + 1, 4 * lanes - 1, 64, 1021}) {
            Array[] outs = {
                samples.dense(root.type(), Shape.of(3, columns)), samples.dense(root.type(), Shape.of(3, columns))
            };
            Object[] arrays = new Object[types.size()];
            int[] starts = new int[types.size()];
            for (int k = 0; k < layouts.size(); k++) {
                Array in = samples.dense(types.get(k), Shape.of(3, columns));
                arrays[k] = in.data();
                starts[k] = in.offset();
            }
            int[] ones = new int[types.size()];
            int[] strides = new int[types.size()];
            Arrays.fill(ones, 1);
            Arrays.fill(strides, columns);
            for (int run = 0; run < 2; run++) {
                arrays[layouts.size()] = outs[run].data();
                starts[layouts.size()] = outs[run].offset();
                (run == 0 ? scalar : simd).run(arrays, starts, strides, ones, 3, columns);
            }
            Elements.assertSameBits(outs[0], outs[1], root);
        }
    }

    static Stream<Combine> combines() {
        return Stream.of(Combine.SUM, Combine.PROD, Combine.MIN, Combine.MAX);
    }

    @ParameterizedTest
    @MethodSource("combines")
    void compiledReductionsEqualTheScalarLoop(Combine combine) {
        for (DType type : List.of(DType.F32, DType.F64, DType.I32, DType.I64)) {
            Lane product = Lane.input(0, type).mul(Lane.input(1, type));
            MapReduceKernel kernel = new MapReduceKernel(product, Optional.of(product), combine, Simd.Mode.OFF);
            List<Layout> layouts = List.of(Layout.UNIT, Layout.SPLAT);
            List<DType> types = List.of(type, type, type, type);
            Loop scalar = MapReduceLoops.scalar(kernel, layouts);
            Loop any = MapReduceLoops.simd(kernel, layouts);
            new Rehearsal(types, layouts, kernel.cost()).warms(any);
            int lanes = Simd.lanes(type.bytes());
            for (int columns = lanes; columns < 100; columns++) {
                assertSameRows(scalar, any, type, columns);
            }
            for (int vectors : new int[] {1, 2, 5, 8}) {
                int least = Math.max(lanes, (vectors - 1) * lanes + 1);
                Loop few = VectorReduction.ofFew(kernel, layouts, vectors);
                Rehearsal.ofRows(types, layouts, kernel.cost(), least, vectors * lanes).warms(few);
                for (int columns = least; columns <= vectors * lanes; columns++) {
                    assertSameRows(scalar, few, type, columns);
                }
            }
        }
    }

    /** Of a loop with a row, a number for it, a row that is kept and a result. */
    private static void assertSameRows(Loop expected, Loop actual, DType type, int columns) {
        Samples samples = new Samples(columns);
        int rows = 3;
        Array in = samples.dense(type, Shape.of(rows, columns));
        Array number = samples.dense(type, Shape.of(rows));
        Array[][] outs = new Array[2][];
        for (int run = 0; run < 2; run++) {
            outs[run] =
                    new Array[] {Array.allocate(type, Shape.of(rows, columns)), Array.allocate(type, Shape.of(rows))};
            (run == 0 ? expected : actual).run(
                    new Object[] {in.data(), number.data(), outs[run][0].data(), outs[run][1].data()},
                    new int[] {in.offset(), number.offset(), outs[run][0].offset(), outs[run][1].offset()},
                    new int[] {columns, 1, columns, 1}, new int[] {1, 0, 1, 0}, rows, columns);
        }
        for (int k = 0; k < 2; k++) {
            Elements.assertSameBits(outs[0][k], outs[1][k], type + " in rows of " + columns);
        }
    }

    /** Also after loops of all dtypes have run: what C2 knows of the classes of vectors is common to all of them. */
    @ParameterizedTest
    @MethodSource("combines")
    void compiledReductionsOfFewVectorsAllocateNothing(Combine combine) {
        for (DType type : List.of(DType.I64, DType.F64, DType.I32, DType.F32)) {
            Lane product = Lane.input(0, type).mul(Lane.input(1, type));
            MapReduceKernel kernel = new MapReduceKernel(product, Optional.of(product), combine, Simd.Mode.OFF);
            List<Layout> layouts = List.of(Layout.UNIT, Layout.SPLAT);
            int lanes = Simd.lanes(type.bytes());
            int columns = 5 * lanes - 1;
            int vectors = VectorReduction.few(new Expression(product), columns);
            if (vectors == 0) { // vectors of two elements
                continue;
            }
            Loop few = VectorReduction.ofFew(kernel, layouts, vectors);
            new Rehearsal(List.of(type, type, type, type), layouts, kernel.cost(), new int[] {3, columns}).warms(few);
            Object[] arrays = Stream.of(3 * columns, 3, 3 * columns, 3)
                    .map(size -> Array.allocate(type, Shape.of(size)).data()).toArray();
            int[] starts = new int[4];
            int[] rowStrides = {columns, 1, columns, 1};
            int[] columnStrides = {1, 0, 1, 0};
            long allocated = 1;
            for (int attempt = 0; attempt < 1_000 && allocated > 0; attempt++) {
                long before = MEMORY.getCurrentThreadAllocatedBytes();
                for (int run = 0; run < 100; run++) {
                    few.run(arrays, starts, rowStrides, columnStrides, 3, columns);
                }
                allocated = MEMORY.getCurrentThreadAllocatedBytes() - before;
            }
            assertEquals(0, allocated, type + " " + combine);
        }
    }
}
