package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneMath;
import io.adjoint.autodiff.runtime.Array;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the compiler makes of a rehearsed loop gives the bits of the scalar loop, too. */
class RehearsalTest {
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
            for (int k = 0; k < layouts.size(); k++) {
                arrays[k] = samples.dense(types.get(k), Shape.of(3, columns)).data();
            }
            int[] ones = new int[types.size()];
            int[] strides = new int[types.size()];
            Arrays.fill(ones, 1);
            Arrays.fill(strides, columns);
            for (int run = 0; run < 2; run++) {
                arrays[layouts.size()] = outs[run].data();
                (run == 0 ? scalar : simd).run(arrays, new int[types.size()], strides, ones, 3, columns);
            }
            Elements.assertSameBits(outs[0], outs[1], root);
        }
    }
}
