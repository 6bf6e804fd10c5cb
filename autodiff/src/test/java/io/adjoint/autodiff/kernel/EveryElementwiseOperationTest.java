package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneInterpreter;
import io.adjoint.autodiff.op.Cast;
import io.adjoint.autodiff.op.Catalogue;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.Sampler;
import io.adjoint.autodiff.op.Where;
import io.adjoint.autodiff.runtime.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Law 3, loop by loop: for every elementwise operation the scalar loop, the SIMD loop and the interpreter agree. */
class EveryElementwiseOperationTest {
    private static final int[] LENGTHS = {0, 1, 7, 8, 9, 1021};
    private static final int[] OFFSETS = {0, 1, 5};

    static Stream<Catalogue.Entry> elementwise() {
        return Catalogue.entries().stream().filter(entry -> Elementwise.class.isAssignableFrom(entry.type()));
    }

    @ParameterizedTest
    @MethodSource("elementwise")
    void scalarAndSimdLoopsGiveTheInterpretersBits(Catalogue.Entry entry) {
        int dtypes = 0;
        for (DType type : DType.values()) {
            for (Elementwise op : variants((Elementwise) entry.sample(new Sampler(0, DType.F32)).op())) {
                if (accepts(op, type)) {
                    check(op, type);
                    dtypes++;
                }
            }
        }
        assertTrue(dtypes > 0, "no dtype was accepted");
    }

    /** The operation with every attribute that changes its numerics. */
    private static List<Elementwise> variants(Elementwise op) {
        return op instanceof Cast ? Stream.of(DType.values()).<Elementwise>map(Cast::new).toList() : List.of(op);
    }

    private static List<DType> inputs(Elementwise op, DType type) {
        List<DType> given = new ArrayList<>();
        for (int i = 0; i < op.arity().least(); i++) {
            given.add(op instanceof Where && i == 0 ? DType.BOOL : type);
        }
        return given;
    }

    /** Whether the operation computes in this dtype, rather than refuse it or cast to another. */
    private static boolean accepts(Elementwise op, DType type) {
        try {
            return op.inputTypes(inputs(op, type)).equals(inputs(op, type));
        } catch (ShapeException e) {
            return false;
        }
    }

    private static void check(Elementwise op, DType type) {
        List<DType> types = inputs(op, type);
        List<Lane> lanes = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            lanes.add(Lane.input(i, types.get(i)));
        }
        Lane expression = op.numerics(lanes);
        LaneInterpreter interpreter = new LaneInterpreter(expression);
        MapKernel scalar = MapKernel.of(expression, Simd.Mode.OFF);
        MapKernel simd = MapKernel.of(expression, Simd.Mode.EAGER);
        Samples samples = new Samples(7);
        for (int length : LENGTHS) {
            for (int offset : OFFSETS) {
                Shape shape = Shape.of(length);
                Array[] inputs = types.stream().map(each -> shifted(samples, each, length, offset))
                        .toArray(Array[]::new);
                Array expected = Array.allocate(expression.type(), shape);
                for (int i = 0; i < length; i++) {
                    long[] bits = new long[inputs.length];
                    for (int k = 0; k < bits.length; k++) {
                        bits[k] = Elements.get(inputs[k], i);
                    }
                    Elements.set(expected, i, interpreter.evaluate(bits));
                }
                String context = op.id() + " " + types + " length " + length + " offset " + offset;
                Elements.assertSameBits(expected, run(scalar, inputs, expected), "scalar " + context);
                Elements.assertSameBits(expected, run(simd, inputs, expected), "SIMD " + context);
            }
        }
    }

    private static Array shifted(Samples samples, DType type, int length, int offset) {
        return samples.dense(type, Shape.of(length + offset)).view(Shape.of(length), new int[] {1}, offset);
    }

    private static Array run(MapKernel kernel, Array[] inputs, Array like) {
        Array out = Array.allocate(like.dtype(), like.shape());
        kernel.run(inputs, out);
        return out;
    }
}
