package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.kernel.ReduceKernel.Combine;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneMath;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A row program gives the bits of its steps, run one after the other by the other kernels. */
class RowKernelTest {
    private static final DType[] TYPES = {DType.I32, DType.I64, DType.F32, DType.F64};

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"F32", "F64"})
    void softmaxEqualsItsComposition(DType type) {
        Lane a = Lane.input(0, type);
        Lane b = Lane.input(1, type);
        Samples samples = new Samples(11);
        for (Simd.Mode mode : List.of(Simd.Mode.OFF, Simd.Mode.EAGER)) {
            for (Shape shape : List.of(Shape.of(64, 10), Shape.of(1), Shape.of(3, 1), Shape.of(2, 3, 33),
                    Shape.of(0, 5), Shape.of(32, 2), Shape.of(300, 700))) {
                Array x = samples.dense(type, shape);
                Program program = new Program(mode, shape);
                int input = program.input(x);
                int greatest = program.reduce(Combine.MAX, input);
                int e = program.map(LaneMath.exp(a.sub(b)), input, greatest);
                int sum = program.reduce(Combine.SUM, e);
                program.check(3, program.map(a.div(b), e, sum), sum);
            }
        }
    }

    @Property(tries = 400)
    void anyProgramEqualsItsComposition(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int threads) {
        Samples samples = new Samples(seed);
        DType type = samples.oneOf(TYPES);
        Shape shape = samples.between(0, 3) > 0 ? samples.shape(1, 4, samples.oneOf(3, 9, 50))
                : Shape.of(samples.between(1, 3), samples.between(16, 40), samples.between(2, 15));
        Program program = new Program(samples.oneOf(Simd.Mode.OFF, Simd.Mode.EAGER), shape);
        List<Integer> values = new ArrayList<>();
        for (int i = samples.between(1, 3); i > 0; i--) {
            values.add(samples.between(0, 3) == 0
                    ? program.rowInput(samples.view(type, shape.with(-1, 1)))
                    : program.input(samples.flip() ? samples.dense(type, shape) : samples.view(type, shape)));
        }
        Combine[] combines = {Combine.SUM, Combine.PROD, Combine.MIN, Combine.MAX};
        Lane.BinaryOp[] ops = {Lane.BinaryOp.ADD, Lane.BinaryOp.SUB, Lane.BinaryOp.MUL, Lane.BinaryOp.MAX};
        List<Integer> computed = new ArrayList<>();
        for (int i = samples.between(1, 6); i > 0; i--) {
            int left = values.get(samples.between(0, values.size() - 1));
            int right = values.get(samples.between(0, values.size() - 1));
            int result = samples.flip() && program.isWide(left)
                    ? program.reduce(samples.oneOf(combines), left)
                    : program.map(
                            new Lane.Binary(samples.oneOf(ops), Lane.input(0, type), Lane.input(1, type)), left, right);
            values.add(result);
            computed.add(result);
        }
        int[] outputs = computed.stream().filter(value -> samples.flip()).mapToInt(Integer::intValue).toArray();
        program.check(threads, outputs.length == 0 ? new int[] {computed.getLast()} : outputs);
    }

    /** A program in the making, beside the arrays that the other kernels give for its steps. */
    private static final class Program {
        private final Simd.Mode mode;
        private final Shape shape;
        private final RowKernel.Builder builder;
        private final List<RowKernel.Value> values = new ArrayList<>();
        private final List<Array> arrays = new ArrayList<>();
        private final List<Array> inputs = new ArrayList<>();

        Program(Simd.Mode mode, Shape shape) {
            this.mode = mode;
            this.shape = shape;
            this.builder = RowKernel.builder(mode);
        }

        boolean isWide(int value) {
            return values.get(value).wide();
        }

        int input(Array array) {
            inputs.add(array);
            return add(builder.input(array.dtype()), array);
        }

        int rowInput(Array array) {
            inputs.add(array);
            return add(builder.rowInput(array.dtype()), array);
        }

        int map(Lane expression, int... arguments) {
            RowKernel.Value result = builder.map(
                    expression, Arrays.stream(arguments).mapToObj(values::get).toArray(RowKernel.Value[]::new));
            Shape outShape = result.wide() ? shape : shape.with(-1, 1);
            Array out = Array.allocate(expression.type(), outShape);
            MapKernel.of(expression, mode)
                    .run(Arrays.stream(arguments).mapToObj(i -> arrays.get(i).broadcastTo(outShape))
                            .toArray(Array[]::new),
                            out);
            return add(result, out);
        }

        int reduce(Combine combine, int row) {
            RowKernel.Value result = builder.reduce(combine, values.get(row));
            int last = shape.rank() - 1;
            Array out = Array.allocate(result.type(), Shape.of(Arrays.copyOf(shape.dims(), last)));
            ReduceKernel.run(combine, arrays.get(row), new int[] {last}, out, mode);
            Shape kept = shape.with(-1, 1);
            return add(result, out.view(kept, kept.rowMajorStrides(), out.offset()));
        }

        private int add(RowKernel.Value value, Array array) {
            values.add(value);
            arrays.add(array);
            return values.size() - 1;
        }

        void check(int threads, int... outputs) {
            RowKernel kernel =
                    builder.build(Arrays.stream(outputs).mapToObj(values::get).toArray(RowKernel.Value[]::new));
            Array[] outs = Arrays.stream(outputs)
                    .mapToObj(i -> Array.allocate(arrays.get(i).dtype(), arrays.get(i).shape())).toArray(Array[]::new);
            Workers.withThreads(threads, () -> {
                kernel.run(shape, inputs.toArray(Array[]::new), outs);
                return outs;
            });
            IntStream.range(0, outs.length)
                    .forEach(i -> Elements.assertSameBits(arrays.get(outputs[i]), outs[i], mode + " output " + i));
        }
    }
}
