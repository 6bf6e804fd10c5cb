package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneInterpreter;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The loops give the interpreter's bits, whatever the expression, the shape and the views. */
class MapKernelTest {
    private static final List<DType> ALL = List.of(DType.values());
    private static final List<DType> SINGLE = List.of(DType.BOOL, DType.I32, DType.F32);
    private static final List<DType> DOUBLE = List.of(DType.BOOL, DType.I64, DType.F64);

    /** Every node on every dtype that it accepts, alone. */
    static Stream<Lane> nodes() {
        Stream.Builder<Lane> nodes = Stream.builder();
        for (DType type : DType.values()) {
            Lane x = Lane.input(0, type);
            Lane y = Lane.input(1, type);
            Lane z = Lane.input(2, type);
            nodes.add(x);
            nodes.add(new Lane.Constant(type, new Samples(1).bits(type)));
            nodes.add(Lane.input(3, DType.BOOL).select(x, y));
            for (DType other : DType.values()) {
                nodes.add(new Lane.Convert(x, other));
                if (other != DType.BOOL && type != DType.BOOL && other.bytes() == type.bytes()) {
                    nodes.add(new Lane.Bits(type.isFloat() ? x.isNaN().select(type, 7, 0).add(y.abs()) : x, other));
                }
            }
            for (Lane.UnaryOp op : Lane.UnaryOp.values()) {
                if (RandomLanes.allows(op, type)) {
                    nodes.add(new Lane.Unary(op, x));
                }
            }
            for (Lane.BinaryOp op : Lane.BinaryOp.values()) {
                if (RandomLanes.allows(op, type)) {
                    boolean divides = op == Lane.BinaryOp.DIV && type.isInteger();
                    nodes.add(new Lane.Binary(op, x, divides ? y.or(Lane.constant(type, 1L)) : y));
                    if (type.isInteger()) {
                        nodes.add(new Lane.Binary(op, x, Lane.constant(type, 5L)));
                    }
                }
            }
            for (Lane.CompareOp op : Lane.CompareOp.values()) {
                if (type != DType.BOOL) {
                    nodes.add(new Lane.Compare(op, x, y));
                    nodes.add(new Lane.Compare(op, x, y).select(x, y));
                }
            }
            if (type.isFloat()) {
                nodes.add(x.fma(y, z));
            }
        }
        Lane a = Lane.input(0, DType.F64);
        Lane b = Lane.input(1, DType.F64);
        for (Lane.StrictFunction function : Lane.StrictFunction.values()) {
            nodes.add(
                    new Lane.Strict(function, Stream.iterate(a, x -> x == a ? b : a).limit(function.arity()).toList()));
        }
        return nodes.build();
    }

    @ParameterizedTest
    @MethodSource("nodes")
    void everyNodeEqualsTheInterpreterAtEveryLength(Lane node) {
        Kernels kernels = new Kernels(node);
        Samples samples = new Samples(7);
        for (int length : new int[] {0, 1, 7, 8, 9, 31, 64, 1021}) {
            for (Layout layout : Layout.values()) {
                kernels.check(inputs(node).stream().map(type -> lying(samples, type, length, layout)).toList());
            }
        }
    }

    @Property(tries = 300)
    void randomExpressionsOfAllTypesEqualTheInterpreter(@ForAll long seed) {
        checkRandom(seed, ALL, true);
    }

    @Property(tries = 300)
    void randomExpressionsOfFourBytesEqualTheInterpreter(@ForAll long seed) {
        checkRandom(seed, SINGLE, false);
    }

    @Property(tries = 300)
    void randomExpressionsOfEightBytesEqualTheInterpreter(@ForAll long seed) {
        checkRandom(seed, DOUBLE, false);
    }

    @Test
    void theOutputMayBeAnInput() {
        Lane expression = Lane.input(0, DType.F32).mul(Lane.input(1, DType.F32)).add(1);
        for (Simd.Mode mode : List.of(Simd.Mode.OFF, Simd.Mode.EAGER)) {
            for (int length : new int[] {1, 7, 8, 9, 31, 64, 1021}) {
                Samples samples = new Samples(length);
                Array x = samples.dense(DType.F32, Shape.of(length));
                Array y = samples.dense(DType.F32, Shape.of(length));
                Array apart = Array.allocate(DType.F32, Shape.of(length));
                MapKernel.of(expression, mode).run(new Array[] {x, y}, apart);
                MapKernel.of(expression, mode).run(new Array[] {x, y}, x);
                Elements.assertSameBits(apart, x, mode);
            }
        }
    }

    @Test
    void workIsSharedWithoutATrace() {
        Lane expression = Lane.input(0, DType.F32).sub(Lane.input(1, DType.F32));
        Samples samples = new Samples(13);
        for (int rows : new int[] {1, 3, 377, 90_001}) {
            Shape shape = Shape.of(rows, 180_002 / rows);
            Array x = samples.dense(DType.F32, shape);
            Array perRow = samples.dense(DType.F32, Shape.of(rows, 1)).broadcastTo(shape);
            Array crossed = samples.dense(DType.F32, Shape.of(shape.dim(1), rows)).permute(1, 0);
            for (Array y : List.of(x, perRow, crossed)) {
                Workers.withThreads(3, () -> {
                    new Kernels(expression).check(List.of(x, y));
                    return y;
                });
            }
        }
    }

    private static void checkRandom(long seed, List<DType> types, boolean strict) {
        Samples samples = new Samples(seed);
        List<DType> inputs = new ArrayList<>();
        for (int i = samples.between(1, 4); i > 0; i--) {
            inputs.add(samples.oneOf(types.toArray(DType[]::new)));
        }
        Lane expression = new RandomLanes(samples, types, strict).draw(inputs, samples.between(1, 25));
        Kernels kernels = new Kernels(expression);
        for (int repeat = 0; repeat < 4; repeat++) {
            Shape shape = repeat == 0 ? Shape.of(samples.between(0, 100)) : samples.shape(0, 4, 9);
            kernels.check(inputs.stream()
                    .map(type -> samples.flip() ? samples.dense(type, shape) : samples.view(type, shape))
                    .toList());
        }
    }

    private static Array lying(Samples samples, DType type, int length, Layout layout) {
        return switch (layout) {
            case UNIT -> samples.dense(type, Shape.of(length + 3)).view(Shape.of(length), new int[] {1}, 2);
            case SPLAT -> samples.dense(type, Shape.of(4)).view(Shape.of(length), new int[] {0}, 3);
            case STRIDED -> samples.dense(type, Shape.of(3 * length + 1))
                    .view(Shape.of(length), new int[] {-3}, Math.max(0, 3 * length - 2));
        };
    }

    /** The dtypes of the inputs of one of {@link #nodes}; inputs that it does not read count as BOOL. */
    private static List<DType> inputs(Lane node) {
        var read = new Expression(node).inputs();
        return Stream.iterate(0, i -> i + 1).limit(4).map(i -> read.getOrDefault(i, DType.BOOL)).toList();
    }

    /** The scalar and the SIMD kernel of an expression. */
    private static final class Kernels {
        private final Lane expression;
        private final List<MapKernel> kernels;

        Kernels(Lane expression) {
            this.expression = expression;
            this.kernels =
                    Stream.of(Simd.Mode.OFF, Simd.Mode.EAGER).map(mode -> MapKernel.of(expression, mode)).toList();
        }

        void check(List<Array> inputs) {
            Shape shape = inputs.getFirst().shape();
            Array expected = Array.allocate(expression.type(), shape);
            LaneInterpreter interpreter = new LaneInterpreter(expression);
            for (int i = 0; i < shape.size(); i++) {
                int at = i;
                Elements.set(expected, i,
                        interpreter.evaluate(inputs.stream().mapToLong(input -> Elements.get(input, at)).toArray()));
            }
            for (MapKernel kernel : kernels) {
                Array actual = Array.allocate(expression.type(), shape);
                kernel.run(inputs.toArray(Array[]::new), actual);
                Elements.assertSameBits(expected, actual, expression);
            }
        }
    }

    /** Parts of matrices, single columns among them, give the bits of the whole and leave the other parts alone. */
    @Property(tries = 200)
    void partsOfMatrices(@ForAll long seed) {
        Samples samples = new Samples(seed);
        int rows = samples.between(1, 40);
        int columns = samples.between(1, 80);
        Shape shape = Shape.of(rows, columns);
        Array x = samples.dense(DType.F32, shape);
        Array bias = samples.dense(DType.F32, Shape.of(columns)).broadcastTo(shape);
        Lane sum = Lane.input(0, DType.F32).add(Lane.input(1, DType.F32));
        Lane positive = new Lane.Compare(Lane.CompareOp.LT, Lane.constant(DType.F32, 0), sum);
        Array sums = Array.allocate(DType.F32, shape);
        Array signs = Array.allocate(DType.BOOL, shape);
        MapKernel.of(List.of(sum, positive)).prepareMatrix(new Array[] {x, bias}, sums, signs).run();
        Array foundSums = Array.allocate(DType.F32, shape);
        Array foundSigns = Array.allocate(DType.BOOL, shape);
        int row = samples.between(0, rows);
        int column = samples.between(0, columns);
        for (int[] part : new int[][] {{0, row, 0, column}, {0, row, column, columns}, {row, rows, 0, column},
            {row, rows, column, columns}}) {
            if (part[0] < part[1] && part[2] < part[3]) {
                MapKernel.of(List.of(sum, positive)).prepareMatrix(new Array[] {part(x, part), part(bias, part)},
                        part(foundSums, part), part(foundSigns, part)).run();
            }
        }
        Elements.assertSameBits(sums, foundSums, "sums");
        Elements.assertSameBits(signs, foundSigns, "signs");
    }

    private static Array part(Array x, int[] ends) {
        return x.view(Shape.of(ends[1] - ends[0], ends[3] - ends[2]), x.strides(),
                x.offset() + ends[0] * x.stride(0) + ends[2] * x.stride(1));
    }
}
