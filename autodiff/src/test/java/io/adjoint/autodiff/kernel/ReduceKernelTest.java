package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.kernel.ReduceKernel.ArgCombine;
import io.adjoint.autodiff.kernel.ReduceKernel.Combine;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneInterpreter;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reductions against a plain statement of the order, whatever the axes, the views and the threads. */
class ReduceKernelTest {
    private static final DType[] NUMBERS = {DType.I32, DType.I64, DType.F32, DType.F64};

    @Property(tries = 600)
    void anyAxesOfAnyViewGiveTheBitsOfTheOrder(
            @ForAll Combine combine, @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int threads) {
        Samples samples = new Samples(seed);
        DType type = type(combine, samples);
        Shape shape = samples.shape(0, 4, samples.oneOf(3, 12, 40));
        Array in = samples.flip() ? samples.dense(type, shape) : samples.view(type, shape);
        int[] axes = IntStream.range(0, shape.rank()).filter(axis -> samples.flip()).toArray();
        check(combine, in, axes, threads);
    }

    @ParameterizedTest
    @EnumSource
    void lengthsAroundTheVectorsAndThePartials(Combine combine) {
        Samples samples = new Samples(3);
        for (int n : new int[] {0, 1, 2, 7, 8, 9, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 255, 256, 257, 1021}) {
            for (DType type : types(combine)) {
                check(combine, samples.dense(type, Shape.of(n)), new int[] {0}, 1);
                check(combine, samples.dense(type, Shape.of(3, n)), new int[] {1}, 1);
                check(combine, samples.dense(type, Shape.of(n, 3)), new int[] {0}, 1);
                check(combine, samples.dense(type, Shape.of(2, n, 37)), new int[] {1}, 1);
                check(combine, samples.dense(type, Shape.of(2, n, 2, 32)), new int[] {1, 3}, 1);
                check(combine, samples.dense(type, Shape.of(3, 2, n)), new int[] {0, 2}, 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void largeArraysAreSharedWithoutATrace(Combine combine) {
        Samples samples = new Samples(5);
        for (DType type : types(combine)) {
            Array square = samples.dense(type, Shape.of(700, 611));
            for (int axis = 0; axis < 2; axis++) {
                check(combine, square, new int[] {axis}, 3);
                check(combine, square.permute(1, 0), new int[] {axis}, 3);
            }
        }
    }

    @Property(tries = 300)
    void theFirstOfTheSoughtElementsIsFound(@ForAll ArgCombine which, @ForAll long seed) {
        Samples samples = new Samples(seed);
        DType type = samples.oneOf(NUMBERS);
        Shape shape = samples.shape(1, 3, 7);
        Array in = samples.view(type, shape);
        int axis = samples.between(0, shape.rank() - 1);
        Array out = Array.allocate(DType.I64, select(in, without(shape, axis)).shape());
        ReduceKernel.prepareArg(which, in, axis, out).run();

        Array rest = select(in, without(shape, axis));
        Lane best = new Lane.Binary(
                which == ArgCombine.MAX ? Lane.BinaryOp.MAX : Lane.BinaryOp.MIN, Lane.input(0, type),
                Lane.input(1, type));
        for (int i = 0; i < out.size(); i++) {
            Array line = in.view(Shape.of(shape.dim(axis)), new int[] {in.stride(axis)}, rest.position(i));
            long sought = IntStream.range(0, line.size()).mapToLong(j -> Elements.get(line, j))
                    .reduce((a, b) -> new LaneInterpreter(best).evaluate(a, b)).orElseThrow();
            int first = IntStream.range(0, line.size())
                    .filter(j -> equal(type, Elements.get(line, j), sought)).findFirst().orElseThrow();
            assertEquals(first, Elements.get(out, i), () -> which + " of " + in);
        }
    }

    /** As numbers: zeros of either sign are equal, and so are all NaNs. */
    private static boolean equal(DType type, long a, long b) {
        Lane x = Lane.input(0, type);
        Lane y = Lane.input(1, type);
        return new LaneInterpreter(x.eq(y)).evaluate(a, b) == 1
                || Elements.canonical(type, a) == Elements.canonical(type, b);
    }

    private static List<DType> types(Combine combine) {
        return combine == Combine.ANY || combine == Combine.ALL ? List.of(DType.BOOL) : List.of(NUMBERS);
    }

    private static DType type(Combine combine, Samples samples) {
        return samples.oneOf(types(combine).toArray(DType[]::new));
    }

    private static int[] without(Shape shape, int... axes) {
        return IntStream.range(0, shape.rank())
                .filter(axis -> Arrays.stream(axes).noneMatch(a -> a == axis)).toArray();
    }

    private static Array select(Array in, int[] axes) {
        return in.view(Shape.of(Arrays.stream(axes).map(in.shape()::dim).toArray()),
                Arrays.stream(axes).map(in::stride).toArray(), in.offset());
    }

    private static void check(Combine combine, Array in, int[] axes, int threads) {
        int[] kept = without(in.shape(), axes);
        Shape shape = Shape.of(Arrays.stream(kept).map(in.shape()::dim).toArray());
        Array expected = stated(combine, in, axes);
        for (Simd.Mode mode : List.of(Simd.Mode.OFF, Simd.Mode.EAGER)) {
            Array actual = Workers.withThreads(threads, () -> {
                Array out = Array.allocate(in.dtype(), shape);
                ReduceKernel.run(combine, in, axes, out, mode);
                return out;
            });
            Elements.assertSameBits(expected, actual,
                    mode + " " + combine + " over " + Arrays.toString(axes) + " of " + in);
        }
    }

    /** The order as the documentation of {@link ReduceKernel} states it. */
    private static Array stated(Combine combine, Array in, int[] axes) {
        for (int i = axes.length - 1; i > 0; i--) {
            int size = IntStream.range(axes[i - 1] + 1, axes[i]).map(in.shape()::dim).reduce(1, (a, b) -> a * b);
            if (size != 1) {
                Array joined = stated(combine, in, Arrays.copyOfRange(axes, i, axes.length));
                return stated(combine, joined, Arrays.copyOf(axes, i));
            }
        }
        return statedOfOneWalk(combine, in, axes);
    }

    private static Array statedOfOneWalk(Combine combine, Array in, int[] axes) {
        LaneInterpreter op = new LaneInterpreter(
                new Lane.Binary(combine.op(), Lane.input(0, in.dtype()), Lane.input(1, in.dtype())));
        int[] kept = without(in.shape(), axes);
        Array reduced = select(in, axes);
        Array out = Array.allocate(in.dtype(), Shape.of(Arrays.stream(kept).map(in.shape()::dim).toArray()));
        for (int i = 0; i < out.size(); i++) {
            long[] partial = new long[32];
            Arrays.fill(partial, combine.identity(in.dtype()).bits());
            if (in.size() > 0) {
                int base = select(in, kept).position(i);
                Array line = reduced.view(reduced.shape(), reduced.strides(), base);
                for (int r = 0; r < line.size(); r++) {
                    partial[r % 32] = op.evaluate(partial[r % 32], Elements.get(line, r));
                }
            }
            for (int w = 16; w > 0; w /= 2) {
                for (int j = 0; j < w; j++) {
                    partial[j] = op.evaluate(partial[j], partial[j + w]);
                }
            }
            Elements.set(out, i, partial[0]);
        }
        return out;
    }
}
