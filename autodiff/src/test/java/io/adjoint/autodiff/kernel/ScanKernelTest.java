package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.kernel.ReduceKernel.ArgCombine;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneFunctions;
import io.adjoint.autodiff.lane.LaneInterpreter;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scans against a walk along each line, whatever the axis, the views and the threads. */
class ScanKernelTest {
    private static final DType[] NUMBERS = {DType.I32, DType.I64, DType.F32, DType.F64};

    /** Steps of one input and of two. */
    private enum Step {
        SUM, LINEAR, LOG_SUM_EXP;

        Lane of(DType type) {
            Lane before = Lane.input(0, type);
            Lane x = Lane.input(1, type);
            return switch (this) {
                case SUM -> before.add(x);
                case LINEAR -> x.mul(before).add(Lane.input(2, type));
                case LOG_SUM_EXP -> LaneFunctions.logaddexp(before, x);
            };
        }

        int inputs() {
            return this == LINEAR ? 2 : 1;
        }

        List<DType> types() {
            return this == LOG_SUM_EXP ? List.of(DType.F32, DType.F64) : List.of(NUMBERS);
        }
    }

    @Property(tries = 400)
    void anyAxisOfAnyViewGivesTheBitsOfTheOrder(
            @ForAll Step step, @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int threads) {
        Samples samples = new Samples(seed);
        DType type = samples.oneOf(step.types().toArray(DType[]::new));
        Shape shape = samples.shape(1, 4, samples.oneOf(3, 12, 40));
        Array[] inputs = new Array[step.inputs()];
        Arrays.setAll(inputs, _ -> samples.flip() ? samples.dense(type, shape) : samples.view(type, shape));
        check(step, inputs, samples.between(0, shape.rank() - 1), threads);
    }

    @ParameterizedTest
    @EnumSource
    void largeArraysAreSharedWithoutATrace(Step step) {
        Samples samples = new Samples(5);
        for (DType type : step.types()) {
            Array[] inputs = new Array[step.inputs()];
            Arrays.setAll(inputs, _ -> samples.dense(type, Shape.of(2, 300, 611)));
            for (int axis = 0; axis < 3; axis++) {
                check(step, inputs, axis, 3);
            }
        }
    }

    private static void check(Step step, Array[] inputs, int axis, int threads) {
        Array expected = stated(step, inputs, axis);
        for (Simd.Mode mode : List.of(Simd.Mode.OFF, Simd.Mode.EAGER)) {
            Array actual = Workers.withThreads(threads, () -> {
                Array out = Array.allocate(expected.dtype(), expected.shape());
                ScanKernel.of(step.of(expected.dtype()), mode).prepare(inputs, axis, out).run();
                return out;
            });
            Elements.assertSameBits(expected, actual,
                    mode + " " + step + " along " + axis + " of " + Arrays.toString(inputs));
        }
    }

    /** Element by element in row-major order, in which the place before along any axis has its result already. */
    private static Array stated(Step step, Array[] inputs, int axis) {
        Shape shape = inputs[0].shape();
        LaneInterpreter interpreter = new LaneInterpreter(step.of(inputs[0].dtype()));
        Array out = Array.allocate(inputs[0].dtype(), shape);
        int inner = shape.rowMajorStrides()[axis];
        for (int i = 0; i < out.size(); i++) {
            long[] values = new long[inputs.length + 1];
            for (int k = 0; k < inputs.length; k++) {
                values[k + 1] = Elements.get(inputs[k], i);
            }
            boolean first = i / inner % shape.dim(axis) == 0;
            values[0] = first ? 0 : Elements.get(out, i - inner);
            Elements.set(out, i, first ? values[inputs.length] : interpreter.evaluate(values));
        }
        return out;
    }

    @Property(tries = 300)
    void thePlaceIsOfTheLastExtremeSoFar(@ForAll ArgCombine which, @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3) int threads) {
        Samples samples = new Samples(seed);
        DType type = samples.oneOf(NUMBERS);
        Shape shape = samples.shape(1, 4, 7);
        Array in = samples.view(type, shape);
        int axis = samples.between(0, shape.rank() - 1);
        Array out = Array.allocate(DType.I64, shape);
        Workers.withThreads(threads, () -> {
            PlaceScan.prepare(which, in, axis, out).run();
            return out;
        });
        Lane x = Lane.input(0, type);
        Lane y = Lane.input(1, type);
        LaneInterpreter extreme = new LaneInterpreter(which == ArgCombine.MAX ? x.max(y) : x.min(y));
        LaneInterpreter equal = new LaneInterpreter(x.eq(y));
        int inner = shape.rowMajorStrides()[axis];
        for (int i = 0; i < in.size(); i++) {
            int place = i / inner % shape.dim(axis);
            int start = i - place * inner;
            long best = Elements.get(in, start);
            for (int j = 1; j <= place; j++) {
                best = extreme.evaluate(best, Elements.get(in, start + j * inner));
            }
            int last = place;
            while (equal.evaluate(Elements.get(in, start + last * inner), best) == 0
                    && Elements.canonical(type, Elements.get(in, start + last * inner))
                            != Elements.canonical(type, best)) {
                last--;
            }
            assertEquals(last, Elements.get(out, i), which + " of " + in + " along " + axis);
        }
    }
}
