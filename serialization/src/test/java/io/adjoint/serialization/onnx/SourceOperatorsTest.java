package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Value;
import io.adjoint.serialization.onnx.proto.TensorProto;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceOperatorsTest {
    private static Tensor whole(long value) {
        return Tensor.of(new long[] {value}, Shape.scalar());
    }

    @Test
    void aConstantIsSaidByOneOfManyAttributes() {
        TensorProto tensor =
                TypedFields.add(TensorProto.newBuilder().setDataType(ElementType.UINT8.number()).addDims(2), 7, 9)
                        .build();
        Value value = OneNode.of("Constant", 13).with("value", tensor).run(new Value[0]);
        assertEquals(ElementType.UINT8, value.type());
        assertArrayEquals(new int[] {7, 9}, value.tensor().toInts());
        assertEquals(Tensor.scalar(0f).spec(), constant().with("value_float", 1.5f).run(new Tensor[0]).spec());
        assertEquals(whole(0).spec(), constant().with("value_int", 3L).run(new Tensor[0]).spec());
        assertArrayEquals(new float[] {1, 2},
                constant().with("value_floats", List.of(1f, 2f)).run(new Tensor[0]).toFloats());
        assertArrayEquals(new long[] {4, 5, 6},
                constant().with("value_ints", new long[] {4, 5, 6}).run(new Tensor[0]).toLongs());
        assertThrows(ShapeException.class, () -> constant().with("value_string", "a").run(new Tensor[0]));
    }

    private static OneNode constant() {
        return OneNode.of("Constant", 13);
    }

    @Test
    void rangesEndBeforeTheirLimit() {
        OneNode range = OneNode.of("Range", 11);
        assertArrayEquals(new long[] {10, 7, 4}, range.run(whole(10), whole(1), whole(-3)).toLongs());
        assertArrayEquals(new long[0], range.run(whole(1), whole(1), whole(1)).toLongs());
        assertArrayEquals(new float[] {1, 1.5f, 2},
                range.run(Tensor.scalar(1f), Tensor.scalar(2.25f), Tensor.scalar(0.5f)).toFloats());
        assertThrows(ShapeException.class, () -> range.run(whole(0), whole(5), whole(0)));
        assertThrows(ShapeException.class, () -> range.run(whole(0), whole(5), Tensor.scalar(1f)));
        assertThrows(ShapeException.class, () -> range.run(whole(Long.MIN_VALUE), whole(Long.MAX_VALUE), whole(1)));
        assertThrows(ShapeException.class,
                () -> range.run(Tensor.scalar(0f), Tensor.scalar(Float.NaN), Tensor.scalar(1f)));
    }

    @Test
    void onesLieOnADiagonal() {
        Value eye = OneNode.of("EyeLike", 9).with("k", 1).with("dtype", ElementType.INT32)
                .run(Value.of(Tensor.zeros(2, 3)));
        assertArrayEquals(new int[] {0, 1, 0, 0, 0, 1}, eye.tensor().toInts());
        assertEquals(ElementType.FLOAT, OneNode.of("EyeLike", 9).run(Value.of(Tensor.zeros(2, 3))).type());
        assertThrows(ShapeException.class, () -> OneNode.of("EyeLike", 9).run(Tensor.zeros(2)));
    }

    @Test
    void randomNumbersFollowTheSeed() {
        OneNode normal = OneNode.of("RandomNormal", 1).with("shape", new long[] {1000}).with("mean", 5f)
                .with("scale", 2f);
        Tensor first = normal.with("seed", 3f).run(new Tensor[0]);
        assertTrue(first.sameBits(normal.with("seed", 3f).run(new Tensor[0])));
        assertFalse(first.sameBits(normal.with("seed", 3.5f).run(new Tensor[0])));
        assertEquals(5, first.mean().item(), 0.3);
        assertEquals(2, first.std().item(), 0.2);
        assertTrue(normal.run(new Tensor[0]).sameBits(normal.run(new Tensor[0])), "without a seed");
        Tensor uniform = OneNode.of("RandomUniformLike", 1).with("low", -1f).with("high", 3f)
                .run(Tensor.zeros(1000));
        assertTrue(uniform.min().item() >= -1 && uniform.max().item() < 3);
        assertEquals(1, uniform.mean().item(), 0.2);
    }

    @Test
    void drawnClassesHaveTheirProbabilities() {
        Tensor logits = Tensor.of(new double[] {0.2, 0.7, 0.1, 1, 0, 0}, 2, 3).log();
        Value drawn = OneNode.of("Multinomial", 22).with("sample_size", 2000).with("seed", 1f).run(Value.of(logits));
        assertEquals(ElementType.INT32, drawn.type());
        Tensor rows = drawn.tensor();
        double[] expected = {0.2, 0.7, 0.1};
        for (int i = 0; i < 3; i++) {
            assertEquals(expected[i], rows.select(0, 0).eq(i).cast(DType.F32).mean().item(), 0.05);
        }
        assertEquals(0, rows.select(0, 1).max().item());
        Tensor ones = OneNode.of("Bernoulli", 15).with("dtype", ElementType.INT64)
                .run(Tensor.full(Shape.of(2000), DType.F32, 0.3));
        assertEquals(600, ones.sum().item(), 80);
    }
}
