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
import java.util.List;
import org.junit.jupiter.api.Test;

class ReductionOperatorsTest {
    private static final Tensor X = Tensor.of(new float[] {1, -2, 3, -4, 5, -6}, 2, 3);

    private static Tensor axes(long... axes) {
        return Tensor.of(axes, Shape.of(axes.length));
    }

    @Test
    void axesAreAnAttributeOrAnInput() {
        Tensor old = OneNode.of("ReduceSum", 11).with("axes", new long[] {-1}).with("keepdims", 0).run(X);
        Tensor current = OneNode.of("ReduceSum", 13).with("keepdims", 0).run(X, axes(1));
        assertArrayEquals(new float[] {2, -5}, old.toFloats());
        assertTrue(old.sameBits(current));
        assertEquals(Shape.of(1, 1), OneNode.of("ReduceMax", 18).run(X, axes()).shape());
        assertThrows(ShapeException.class, () -> OneNode.of("ReduceSum", 13).run(X, axes(2)));
    }

    @Test
    void withoutAnyAxisTheRestOfTheFunctionRemains() {
        assertTrue(X.sameBits(reduceNothing("ReduceSum")));
        assertTrue(X.sameBits(reduceNothing("ReduceMin")));
        assertTrue(X.abs().sameBits(reduceNothing("ReduceL1")));
        assertTrue(X.square().sameBits(reduceNothing("ReduceSumSquare")));
    }

    private static Tensor reduceNothing(String operator) {
        return OneNode.of(operator, 18).with("noop_with_empty_axes", 1).run(X, axes());
    }

    @Test
    void integersStayIntegers() {
        Tensor x = Tensor.of(new int[] {3, 4, -5});
        assertEquals(0, OneNode.of("ReduceMean", 18).with("keepdims", 0).run(x).item());
        assertEquals(7, OneNode.of("ReduceL2", 18).with("keepdims", 0).run(x).item());
        Value large = new Value(ElementType.UINT64, Tensor.of(new long[] {1, -3}));
        assertEquals(-3, OneNode.of("ReduceMax", 18).run(large).tensor().toLongs()[0]);
        assertEquals(1, OneNode.of("ReduceMin", 18).run(large).tensor().toLongs()[0]);
        assertEquals(Long.MAX_VALUE, OneNode.of("ReduceMean", 18).run(large).tensor().toLongs()[0]);
    }

    @Test
    void theGreatestOfNothingIsTheLeastOfTheType() {
        assertEquals(Double.NEGATIVE_INFINITY, OneNode.of("ReduceMax", 20).run(Tensor.zeros(0, 1)).item());
        Value none = new Value(ElementType.INT8, Tensor.zeros(Shape.of(0), DType.I32));
        assertEquals(-128, OneNode.of("ReduceMax", 20).run(none).tensor().item());
        assertEquals(127, OneNode.of("ReduceMin", 20).run(none).tensor().item());
        Tensor truths = Tensor.of(new boolean[] {true, false});
        assertArrayEquals(new boolean[] {true}, OneNode.of("ReduceMax", 20).run(truths).toBooleans());
        assertArrayEquals(new boolean[] {false}, OneNode.of("ReduceMin", 20).run(truths).toBooleans());
    }

    @Test
    void theLastPlaceOfEqualsCanBeAskedFor() {
        Tensor x = Tensor.of(new float[] {2, 7, 7, 2});
        assertEquals(1, OneNode.of("ArgMax", 13).run(x).item());
        assertEquals(2, OneNode.of("ArgMax", 13).with("select_last_index", 1).run(x).item());
        assertEquals(3, OneNode.of("ArgMin", 13).with("select_last_index", 1).with("axis", -1).run(x).item());
    }

    @Test
    void runningSumsLeaveOutTheirOwnElement() {
        Tensor x = Tensor.of(new float[] {1, 2, 3});
        Tensor axis = Tensor.scalar(0, DType.I64);
        assertArrayEquals(new float[] {0, 1, 3}, OneNode.of("CumSum", 14).with("exclusive", 1).run(x, axis).toFloats());
        assertArrayEquals(new float[] {5, 3, 0}, OneNode.of("CumSum", 14).with("exclusive", 1).with("reverse", 1)
                .run(x, axis).toFloats());
        assertArrayEquals(new float[] {6, 3, 1}, OneNode.of("CumProd", 26).with("exclusive", 1).with("reverse", 1)
                .run(x, axis).toFloats());
    }

    @Test
    void theGreatestAreCountedByAnAttributeOrAnInput() {
        Tensor x = Tensor.of(new float[] {1, 5, 3, 5}, 2, 2);
        List<Value> old = OneNode.of("TopK", 1).with("k", 1).outputs(2).runAll(Value.of(x));
        List<Value> current = OneNode.of("TopK", 11).with("largest", 0).with("axis", 0).outputs(2)
                .runAll(Value.of(x), Value.of(axes(1)));
        assertArrayEquals(new float[] {5, 5}, old.getFirst().tensor().toFloats());
        assertArrayEquals(new long[] {1, 1}, old.getLast().tensor().toLongs());
        assertArrayEquals(new float[] {1, 5}, current.getFirst().tensor().toFloats());
        assertArrayEquals(new long[] {0, 0}, current.getLast().tensor().toLongs());
    }

    @Test
    void differentElementsInOrderOfAppearance() {
        Tensor x = Tensor.of(new float[] {2, Float.NaN, 0f, 2, -0f, Float.NaN}, 2, 3);
        List<Value> found = OneNode.of("Unique", 11).with("sorted", 0).outputs(4).runAll(Value.of(x));
        assertArrayEquals(new float[] {2, Float.NaN, 0}, found.get(0).tensor().toFloats());
        assertArrayEquals(new long[] {0, 1, 2}, found.get(1).tensor().toLongs());
        assertArrayEquals(new long[] {0, 1, 2, 0, 2, 1}, found.get(2).tensor().toLongs());
        assertArrayEquals(new long[] {2, 2, 2}, found.get(3).tensor().toLongs());
        Tensor sorted = OneNode.of("Unique", 11).run(Tensor.of(new long[] {5, -1, Long.MAX_VALUE, 5}));
        assertArrayEquals(new long[] {-1, 5, Long.MAX_VALUE}, sorted.toLongs());
    }

    @Test
    void gradientsFlowThroughReductions() {
        Tensor x = Tensor.of(new double[] {0.3, 1.7, 2.9, 0.9}, 2, 2);
        for (String operator : List.of("ReduceMean", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceProd",
                "ReduceMax")) {
            GradientCheck.of(operator)
                    .check(given -> OneNode.of(operator, 18).run(given.getFirst(), axes(0)), x);
        }
        GradientCheck.of("Unique").check(given -> OneNode.of("Unique", 11).run(given.getFirst()), x);
        GradientCheck.of("CumProd").check(given -> OneNode.of("CumProd", 26).with("exclusive", 1)
                .run(given.getFirst(), axes(1)), x);
    }
}
