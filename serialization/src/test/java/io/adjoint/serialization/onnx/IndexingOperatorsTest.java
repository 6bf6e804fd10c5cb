package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.serialization.onnx.graph.Value;
import org.junit.jupiter.api.Test;

class IndexingOperatorsTest {
    private static final Tensor X = Tensor.range(24).reshape(2, 3, 4).cast(DType.F32);

    private static Tensor wholes(Shape shape, long... numbers) {
        return Tensor.of(numbers, shape);
    }

    @Test
    void gatherTakesSlicesAtAnyShapeOfPlaces() {
        OneNode gather = OneNode.of("Gather", 13).with("axis", 1);
        Tensor taken = gather.run(X, wholes(Shape.of(2, 1), -1, 0));
        assertEquals(Shape.of(2, 2, 1, 4), taken.shape());
        assertTrue(X.select(1, 2).sameBits(taken.select(2, 0).select(1, 0)));
        assertTrue(X.select(1, 1).sameBits(gather.run(X, wholes(Shape.scalar(), 1))));
        assertThrows(ShapeException.class, () -> gather.run(X, wholes(Shape.scalar(), 3)));
        assertThrows(ShapeException.class, () -> gather.run(X, wholes(Shape.scalar(), -4)));
    }

    @Test
    void placesMayBeUnknownWhileTracing() {
        Program gather = Program.compile((Tensor given) -> OneNode.of("Gather", 13).run(X, given));
        assertTrue(X.select(0, 1).sameBits(gather.apply(wholes(Shape.scalar(), 1))));
        Program nd = Program.compile((Tensor given) -> OneNode.of("GatherND", 13).run(X, given));
        assertTrue(X.select(0, 1).select(0, 2).sameBits(nd.apply(wholes(Shape.of(2), 1, -1))));
    }

    @Test
    void coordinatesCountWithinTheirBatch() {
        Tensor index = wholes(Shape.of(2, 3, 1), 0, -1, 1, 3, 3, 2);
        Tensor taken = OneNode.of("GatherND", 13).with("batch_dims", 2).run(X, index);
        assertArrayEquals(new float[] {0, 7, 9, 15, 19, 22}, taken.toFloats());
        Tensor rows = OneNode.of("GatherND", 13).with("batch_dims", 1).run(X, wholes(Shape.of(2, 1), 2, 0));
        assertArrayEquals(new float[] {8, 9, 10, 11, 12, 13, 14, 15}, rows.toFloats());
        assertThrows(ShapeException.class, () -> OneNode.of("GatherND", 13).with("batch_dims", 1)
                .run(X, wholes(Shape.of(3, 1), 0, 0, 0)));
        assertThrows(ShapeException.class, () -> OneNode.of("GatherND", 13).run(X, wholes(Shape.of(1, 2), 0, 3)));
    }

    @Test
    void whatIsPutToOnePlaceIsReduced() {
        Tensor base = Tensor.of(new float[] {2, 3, 4, 5}, 2, 2);
        Tensor index = wholes(Shape.of(2, 2), 0, 1, 0, -1);
        Tensor updates = Tensor.of(new float[] {10, 0.5f});
        assertArrayEquals(new float[] {2, 0.5f, 4, 5}, put("none", base, index, updates));
        assertArrayEquals(new float[] {2, 13.5f, 4, 5}, put("add", base, index, updates));
        assertArrayEquals(new float[] {2, 15, 4, 5}, put("mul", base, index, updates));
        assertArrayEquals(new float[] {2, 10, 4, 5}, put("max", base, index, updates));
        assertArrayEquals(new float[] {2, 0.5f, 4, 5}, put("min", base, index, updates));
        assertThrows(ShapeException.class, () -> put("mean", base, index, updates));
        assertThrows(ShapeException.class, () -> put("add", base, index, Tensor.zeros(1)));
        assertThrows(ShapeException.class, () -> put("add", base, wholes(Shape.of(1, 2), 0, 2), Tensor.zeros(1)));
    }

    private static float[] put(String reduction, Tensor base, Tensor index, Tensor updates) {
        return OneNode.of("ScatterND", 18).with("reduction", reduction).run(base, index, updates).toFloats();
    }

    @Test
    void slicesArePutToo() {
        Tensor put = OneNode.of("ScatterND", 16).run(X, wholes(Shape.of(1, 1), 1), Tensor.zeros(1, 3, 4));
        assertTrue(X.slice(0, 0, 1).sameBits(put.slice(0, 0, 1)));
        assertEquals(0, put.slice(0, 1, 2).abs().max().item());
        Tensor early = OneNode.of("Scatter", 9).with("axis", 1).run(Tensor.zeros(1, 3),
                wholes(Shape.of(1, 1), -1), Tensor.ones(1, 1));
        assertArrayEquals(new float[] {0, 0, 1}, early.toFloats());
    }

    @Test
    void vectorsStandAlongTheirAxis() {
        Value halves = new Value(ElementType.FLOAT16, Tensor.of(new float[] {-1, 2}));
        Value hot = OneNode.of("OneHot", 11).with("axis", 0).run(Value.of(wholes(Shape.of(3), 1, -1, 7)),
                Value.of(Tensor.of(new long[] {2})), halves);
        assertEquals(ElementType.FLOAT16, hot.type());
        assertArrayEquals(new float[] {-1, -1, -1, 2, 2, -1}, hot.tensor().toFloats());
        assertEquals(Shape.of(2, 3), hot.tensor().shape());
    }

    @Test
    void compressTakesWhereTheConditionHolds() {
        Tensor two = Tensor.of(new boolean[] {false, true});
        assertTrue(X.slice(1, 1, 2).sameBits(OneNode.of("Compress", 11).with("axis", 1).run(X, two)));
        assertArrayEquals(new float[] {1}, OneNode.of("Compress", 11).run(X, two).toFloats());
        assertEquals(Shape.of(0, 1), OneNode.of("NonZero", 13).run(Tensor.scalar(3f)).shape());
    }

    @Test
    void cachesGoRound() {
        Tensor cache = Tensor.zeros(2, 3, 1);
        Tensor update = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2, 1);
        Tensor first = wholes(Shape.of(2), 2, 4);
        Tensor round = OneNode.of("TensorScatter", 24).with("mode", "circular").run(cache, update, first);
        assertArrayEquals(new float[] {2, 0, 1, 0, 3, 4}, round.toFloats());
        assertArrayEquals(new float[] {1, 2, 0, 3, 4, 0},
                OneNode.of("TensorScatter", 24).run(cache, update).toFloats());
        assertThrows(ShapeException.class, () -> OneNode.of("TensorScatter", 24).run(cache, update, first));
    }

    @Test
    void gradientsReachWhatIsTakenAndPut() {
        Tensor x = Tensor.of(new double[] {1, -2, 3, 0.5, 2, -1}, 2, 3);
        GradientCheck.of("Gather").check(given -> OneNode.of("Gather", 13).with("axis", 1)
                .run(given.getFirst(), wholes(Shape.of(3), 2, 2, 0)).square(), x);
        GradientCheck.of("ScatterND").check(given -> OneNode.of("ScatterND", 18).with("reduction", "mul")
                .run(given.get(0), wholes(Shape.of(2, 2), 0, 1, 0, 1), given.get(1)).square(), x,
                Tensor.of(new double[] {1.5, -0.5}));
        GradientCheck.of("Gemm").check(given -> OneNode.of("Gemm", 13).with("transB", 1).with("alpha", 0.5f)
                .with("beta", 2f).run(given.get(0), given.get(1), given.get(2)), x, x.exp(),
                Tensor.of(new double[] {1.5, -0.5}, 2, 1));
        assertThrows(ShapeException.class, () -> OneNode.of("Gemm", 7).run(x, x, Tensor.scalar(1, DType.F64)));
    }
}
