package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArrangementOperatorsTest {
    private static final Tensor X = Tensor.range(24).reshape(2, 3, 4).cast(DType.F32);

    private static Tensor wholes(long... numbers) {
        return Tensor.of(numbers, Shape.of(numbers.length));
    }

    private static void assertRow(Tensor actual, double... expected) {
        assertArrayEquals(expected, actual.cast(DType.F64).toDoubles());
    }

    @Test
    void reshapeTakesExtentsFromTheInput() {
        assertEquals(Shape.of(2, 12), OneNode.of("Reshape", 14).run(X, wholes(0, -1)).shape());
        assertEquals(Shape.of(4, 3, 2), OneNode.of("Reshape", 1).with("shape", 4, 0, -1).run(X).shape());
        OneNode zeros = OneNode.of("Reshape", 14).with("allowzero", 1);
        assertEquals(Shape.of(0, 7), zeros.run(Tensor.zeros(3, 0), wholes(0, 7)).shape());
        assertThrows(ShapeException.class, () -> zeros.run(Tensor.zeros(3, 0), wholes(0, -1)));
        assertThrows(ShapeException.class, () -> OneNode.of("Reshape", 14).run(X, wholes(24, 1, 1, 0)));
    }

    @Test
    void shapesAreCutAsListsAre() {
        assertRow(OneNode.of("Shape", 15).with("start", -2).run(X), 3, 4);
        assertRow(OneNode.of("Shape", 15).with("start", 1).with("end", -1).run(X), 3);
        assertEquals(0, OneNode.of("Shape", 15).with("start", 2).with("end", 1).run(X).size());
        assertRow(OneNode.of("Shape", 15).with("start", -9).with("end", 9).run(X), 2, 3, 4);
    }

    @Test
    void slicesGoBothWays() {
        Tensor x = Tensor.range(7);
        assertRow(sliced(x, -1, Long.MIN_VALUE, -3), 6, 3, 0);
        assertRow(sliced(x, 5, 0, -2), 5, 3, 1);
        assertRow(sliced(x, 99, 2, -1), 6, 5, 4, 3);
        assertRow(sliced(x, -99, -4, 2), 0, 2);
        assertRow(sliced(x, 1, Long.MAX_VALUE, Long.MAX_VALUE), 1);
        assertEquals(0, sliced(x, 2, 5, -1).size());
        assertEquals(0, sliced(x, -99, 5, -1).size());
        assertEquals(0, sliced(Tensor.range(0), -1, Long.MIN_VALUE, -1).size());
        assertThrows(ShapeException.class, () -> sliced(x, 0, 5, 0));
    }

    private static Tensor sliced(Tensor x, long start, long end, long step) {
        return OneNode.of("Slice", 13).run(x, wholes(start), wholes(end), wholes(0), wholes(step));
    }

    @Test
    void earlySlicesHaveAttributes() {
        Tensor old = OneNode.of("Slice", 1).with("starts", 0, 1).with("ends", -1, 1000).with("axes", 1, 2).run(X);
        assertTrue(X.slice(1, 0, 2).slice(2, 1, 4).sameBits(old));
        assertThrows(ShapeException.class, () -> OneNode.of("Slice", 1).with("starts", 0, 1)
                .with("ends", new long[] {1}).run(X));
    }

    @Test
    void splitsMayBeUneven() {
        List<Value> given = OneNode.of("Split", 13).with("axis", -1).outputs(2).runAll(Value.of(X),
                Value.of(wholes(1, 3)));
        assertEquals(Shape.of(2, 3, 3), given.get(1).tensor().shape());
        List<Value> early = OneNode.of("Split", 2).with("axis", 1).with("split", 2, 1).outputs(2).runAll(Value.of(X));
        assertTrue(X.slice(1, 2, 3).sameBits(early.get(1).tensor()));
        OneNode three = OneNode.of("Split", 18).with("axis", 2).with("num_outputs", 3).outputs(3);
        assertEquals(List.of(2, 2, 0), three.runAll(Value.of(X)).stream().map(v -> v.tensor().dim(2)).toList());
        assertThrows(ShapeException.class,
                () -> OneNode.of("Split", 13).with("axis", 2).outputs(3).runAll(Value.of(X)));
    }

    @Test
    void axesOfExtentOneComeAndGo() {
        Tensor x = X.reshape(2, 1, 12, 1);
        assertEquals(Shape.of(2, 1, 12), OneNode.of("Squeeze", 11).with("axes", new long[] {-1}).run(x).shape());
        assertEquals(Shape.of(2, 12), OneNode.of("Squeeze", 13).run(x).shape());
        assertThrows(ShapeException.class, () -> OneNode.of("Squeeze", 13).run(x, wholes(0)));
        assertEquals(Shape.of(1, 2, 3, 1, 4, 1), OneNode.of("Unsqueeze", 13).run(X, wholes(-1, 0, 3)).shape());
        assertEquals(Shape.of(2, 1, 3, 4), OneNode.of("Unsqueeze", 11).with("axes", new long[] {1}).run(X).shape());
        assertThrows(ShapeException.class, () -> OneNode.of("Unsqueeze", 13).run(X, wholes(1, -4)));
        assertEquals(Shape.of(6, 4), OneNode.of("Flatten", 13).with("axis", -1).run(X).shape());
        assertEquals(Shape.of(1, 24), OneNode.of("Flatten", 13).with("axis", 0).run(X).shape());
    }

    @Test
    void paddingGoesOnWhereOnceIsNotEnough() {
        Tensor x = Tensor.range(3);
        assertRow(padded("reflect", x, 5, 4), 1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2);
        assertRow(padded("reflect", x, 2, 1), 2, 1, 0, 1, 2, 1);
        assertRow(padded("wrap", x, 4, 1), 2, 0, 1, 2, 0, 1, 2, 0);
        assertRow(padded("edge", x, 2, 1), 0, 0, 0, 1, 2, 2);
        assertRow(padded("edge", x, -1, 1), 1, 2, 2);
        assertRow(padded("reflect", Tensor.of(new long[] {7}), 1, 1), 7, 7, 7);
        assertThrows(ShapeException.class, () -> padded("reflect", Tensor.range(0), 1, 0));
        assertThrows(ShapeException.class, () -> padded("mirror", x, 1, 0));
    }

    private static Tensor padded(String mode, Tensor x, long before, long after) {
        return OneNode.of("Pad", 19).with("mode", mode).run(x, wholes(before, after));
    }

    @Test
    void aPaddedConstantIsAnInputOrAnAttribute() {
        long large = (1L << 60) + 1;
        Tensor exact = OneNode.of("Pad", 13).run(Tensor.range(2), wholes(1, -1), Tensor.scalar(0, DType.I64)
                .add(Tensor.of(new long[] {large}, Shape.scalar())));
        assertArrayEquals(new long[] {large, 0}, exact.toLongs());
        assertRow(OneNode.of("Pad", 2).with("pads", 1, 2).with("value", 0.5f).run(Tensor.of(new float[] {1})), 0.5, 1,
                0.5, 0.5);
        Value truths = Value.of(Tensor.of(new boolean[] {true}));
        boolean[] padded = OneNode.of("Pad", 13).run(truths, Value.of(wholes(1, 0))).tensor().toBooleans();
        assertArrayEquals(new boolean[] {false, true}, padded);
        List<Value> someAxes = OneNode.of("Pad", 18).runAll(List.of(Optional.of(Value.of(X)),
                Optional.of(Value.of(wholes(1, 2))), Optional.empty(), Optional.of(Value.of(wholes(-2)))));
        assertEquals(Shape.of(2, 6, 4), someAxes.getFirst().tensor().shape());
    }

    @Test
    void typesThatDifferAreRefused() {
        assertThrows(ShapeException.class,
                () -> OneNode.of("Concat", 13).with("axis", 0).run(Tensor.range(2), Tensor.zeros(2)));
        Value half = new Value(ElementType.FLOAT16, Tensor.zeros(2));
        assertEquals(ElementType.FLOAT16, OneNode.of("Concat", 13).with("axis", 0).run(half, half).type());
    }

    @Test
    void trianglesOfTruthValues() {
        Value all = Value.of(Tensor.full(Shape.of(2, 2), DType.BOOL, 1));
        boolean[] lower = OneNode.of("Trilu", 14).with("upper", 0).run(all).tensor().toBooleans();
        assertEquals(Arrays.toString(new boolean[] {true, false, true, true}), Arrays.toString(lower));
    }

    @Test
    void gradientsFlowToWhatWasMoved() {
        Tensor x = Tensor.of(new double[] {1, -2, 3, 0.5, 2, -1}, 2, 3);
        GradientCheck.of("moved").check(inputs -> OneNode.of("Pad", 19).with("mode", "reflect")
                .run(inputs.getFirst(), wholes(0, 4, 1, 0)).square(), x);
        GradientCheck.of("moved").check(inputs -> OneNode.of("Pad", 19)
                .run(inputs.get(0), wholes(1, 0, 0, 2), inputs.get(1)).square(), x,
                Tensor.scalar(0.7, DType.F64));
        GradientCheck.of("moved").check(inputs -> OneNode.of("ReverseSequence", 10)
                .run(inputs.getFirst(), wholes(2, 1, 2)).mul(x).square(), x);
    }
}
