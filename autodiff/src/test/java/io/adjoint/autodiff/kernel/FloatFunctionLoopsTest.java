package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.lane.FloatFunction;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneInterpreter;
import io.adjoint.autodiff.lane.LaneMath;
import io.adjoint.autodiff.runtime.Array;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The mathematical functions, the longest expressions there are, have the interpreter's bits as scalar and SIMD loops. */
class FloatFunctionLoopsTest {
    private static final int COUNT = 12_345;

    @ParameterizedTest
    @MethodSource("io.adjoint.autodiff.lane.FloatFunction#popular")
    void functionsOfOneArgument(FloatFunction function) {
        check(function.expression(), floats(0));
    }

    @Test
    void power() {
        check(LaneMath.pow(Lane.input(0, DType.F32), Lane.input(1, DType.F32)), floats(0), floats(777_777_777));
    }

    @Test
    void angle() {
        check(LaneMath.atan2(Lane.input(0, DType.F32), Lane.input(1, DType.F32)), floats(0), floats(777_777_777));
    }

    private static void check(Lane expression, Array... inputs) {
        LaneInterpreter interpreter = new LaneInterpreter(expression);
        Array expected = Array.allocate(DType.F32, Shape.of(COUNT));
        for (int i = 0; i < COUNT; i++) {
            long[] bits = new long[inputs.length];
            for (int j = 0; j < inputs.length; j++) {
                bits[j] = Elements.get(inputs[j], i);
            }
            Elements.set(expected, i, interpreter.evaluate(bits));
        }
        List<Layout> layouts = List.of(inputs).stream().map(input -> Layout.UNIT).toList();
        assertTrue(SimdLoops.handlesMap(new Expression(expression), layouts), "is not vectorised");
        for (Simd.Mode mode : List.of(Simd.Mode.OFF, Simd.Mode.EAGER)) {
            Array actual = Array.allocate(DType.F32, Shape.of(COUNT));
            MapKernel.of(expression, mode).run(inputs, actual);
            Elements.assertSameBits(expected, actual, mode);
        }
    }

    /** From all over the floats: the step is near the golden section of 2^32. */
    private static Array floats(int first) {
        Array array = Array.allocate(DType.F32, Shape.of(COUNT));
        for (int i = 0; i < COUNT; i++) {
            float moderate = (i - COUNT / 2) * 0.01f;
            Elements.set(array, i, i % 3 == 0 ? Float.floatToRawIntBits(moderate) : first + i * 0x9e3779b1L);
        }
        return array;
    }
}
