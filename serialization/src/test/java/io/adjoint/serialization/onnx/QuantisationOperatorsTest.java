package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuantisationOperatorsTest {
    private static Value bytes(ElementType type, Random random, int... shape) {
        int low = type == ElementType.INT8 ? -128 : 0;
        int[] numbers = random.ints(Shape.of(shape).size(), low, low + 256).toArray();
        return new Value(type, Tensor.of(numbers, Shape.of(shape)));
    }

    private static Value integers(ElementType type, int... numbers) {
        return new Value(type, Tensor.of(numbers, Shape.of(numbers.length)));
    }

    private static Value floats(float... numbers) {
        return Value.of(Tensor.of(numbers, Shape.of(numbers.length)));
    }

    private static Tensor sums(Value a, Value b, Value zeroA, Value zeroB) {
        return OneNode.of("MatMulInteger", 10).run(a, b, zeroA, zeroB).tensor();
    }

    @Test
    void productsAreExactForAnyNumberOfTerms() {
        Random random = new Random(1);
        for (int terms : new int[] {1, 7, 1024, 1025, 2500}) {
            for (ElementType left : List.of(ElementType.UINT8, ElementType.INT8)) {
                for (ElementType right : List.of(ElementType.UINT8, ElementType.INT8)) {
                    Value a = bytes(left, random, 2, 3, terms);
                    Value b = bytes(right, random, terms, 4);
                    Value rows = bytes(left, random, 3);
                    Value columns = bytes(right, random, 4);
                    int[] expected = product(a.tensor(), b.tensor(), rows.tensor(), columns.tensor());
                    assertArrayEquals(expected, sums(a, b, rows, columns).toInts());
                }
            }
        }
    }

    /** One product after the other, in int. */
    private static int[] product(Tensor a, Tensor b, Tensor rows, Tensor columns) {
        int[] x = a.toInts();
        int[] y = b.toInts();
        int terms = b.dim(0);
        int width = b.dim(1);
        int[] sums = new int[a.size() / terms * width];
        for (int i = 0; i < sums.length; i++) {
            int row = i / width;
            int zeroRow = rows.toInts()[row % rows.size()];
            int zeroColumn = columns.toInts()[i % width];
            for (int k = 0; k < terms; k++) {
                sums[i] += (x[row * terms + k] - zeroRow) * (y[k * width + i % width] - zeroColumn);
            }
        }
        return sums;
    }

    @Test
    void extremesAndMissingZeroPointsAreExactToo() {
        Value a = new Value(ElementType.UINT8, Tensor.full(Shape.of(40_000), DType.I32, 255));
        Tensor wrapped = OneNode.of("MatMulInteger", 10).run(a, a).tensor();
        assertEquals(Shape.scalar(), wrapped.shape());
        assertEquals(40_000 * 255 * 255, wrapped.item());
        Value low = new Value(ElementType.INT8, Tensor.full(Shape.of(1, 1024), DType.I32, -128));
        Value column = new Value(ElementType.INT8, low.tensor().transpose());
        assertEquals(1 << 24, OneNode.of("MatMulInteger", 10).run(low, column).tensor().item());
        int[] odd = new int[1500];
        Arrays.fill(odd, -128);
        odd[1499] = 127;
        Value many = integers(ElementType.INT8, odd);
        assertEquals(1499 * 16384 + 16129, OneNode.of("MatMulInteger", 10).run(many, many).tensor().item());
        assertThrows(ShapeException.class,
                () -> OneNode.of("MatMulInteger", 10).run(Tensor.zeros(2, 2), Tensor.zeros(2, 2)));
    }

    @Test
    void convolutionsPadWithTheZeroPoint() {
        Random random = new Random(2);
        Value x = bytes(ElementType.UINT8, random, 1, 40, 3, 3);
        Value w = bytes(ElementType.UINT8, random, 2, 40, 3, 3); // 360 terms: more than F32 is exact for
        Value zeroX = integers(ElementType.UINT8, 9);
        Value zeroW = integers(ElementType.UINT8, 7, 200);
        int[] out = OneNode.of("ConvInteger", 10).with("pads", 1, 1, 1, 1).run(x, w, zeroX, zeroW).tensor().toInts();
        int[] images = x.tensor().toInts();
        int[] weights = w.tensor().toInts();
        int[] expected = new int[18];
        for (int i = 0; i < 18; i++) {
            for (int c = 0; c < 40; c++) {
                for (int tap = 0; tap < 9; tap++) {
                    int row = i % 9 / 3 + tap / 3 - 1;
                    int column = i % 3 + tap % 3 - 1;
                    if (row >= 0 && row < 3 && column >= 0 && column < 3) {
                        expected[i] += (images[c * 9 + row * 3 + column] - 9)
                                * (weights[(i / 9 * 40 + c) * 9 + tap] - (i < 9 ? 7 : 200));
                    }
                }
            }
        }
        assertArrayEquals(expected, out);
    }

    @Test
    void convolutionsOfManyTermsAreExact() {
        int[] x = new int[300];
        int[] w = new int[300];
        Arrays.fill(x, 255);
        Arrays.fill(w, 255);
        x[299] = 1;
        w[299] = 2;
        Value image = new Value(ElementType.UINT8, Tensor.of(x, 1, 300, 1));
        Value filter = new Value(ElementType.UINT8, Tensor.of(w, 1, 300, 1));
        assertEquals(299 * 65025 + 2, OneNode.of("ConvInteger", 10).run(image, filter).tensor().item());
    }

    @Test
    void numbersAreRoundedToEvenAndStayInTheirRange() {
        Tensor y = OneNode.of("QuantizeLinear", 13).run(floats(0.5f, 1.5f, -0.5f, 900, -900), floats(1),
                integers(ElementType.INT8, 1)).tensor();
        assertArrayEquals(new int[] {1, 3, 1, 127, -128}, y.toInts());
        Value wide = OneNode.of("QuantizeLinear", 21).with("output_dtype", ElementType.UINT16)
                .run(floats(1e9f, 2.5f, -3), floats(0.5f));
        assertEquals(ElementType.UINT16, wide.type());
        assertArrayEquals(new int[] {65535, 5, 0}, wide.tensor().toInts());
        assertThrows(ShapeException.class, () -> OneNode.of("QuantizeLinear", 21)
                .with("output_dtype", ElementType.INT32).run(floats(1), floats(1)));
    }

    @Test
    void scalesAreForAllForAnAxisOrForBlocks() {
        Value x = new Value(ElementType.INT16, Tensor.of(new int[] {1, 2, 3, 4, 5, 6}, 2, 3));
        Tensor rows = OneNode.of("DequantizeLinear", 21).with("axis", -2)
                .run(x, floats(1, 10), integers(ElementType.INT16, 0, 4)).tensor();
        assertArrayEquals(new float[] {1, 2, 3, 0, 10, 20}, rows.toFloats());
        Value scales = Value.of(Tensor.of(new float[] {1, 10, 2, 20}, 2, 2));
        OneNode blocks = OneNode.of("DequantizeLinear", 21).with("block_size", 2);
        assertArrayEquals(new float[] {1, 2, 30, 8, 10, 120}, blocks.run(x, scales).tensor().toFloats());
        assertThrows(ShapeException.class, () -> blocks.with("axis", 0).run(x, scales));
        assertThrows(ShapeException.class,
                () -> OneNode.of("DequantizeLinear", 13).run(x, floats(1, 2)));
        Value half = new Value(ElementType.FLOAT16, Tensor.scalar(0.1f).reshape(1));
        assertEquals(ElementType.FLOAT16, OneNode.of("DequantizeLinear", 21).run(x, half).type());
    }

    @Test
    void aTensorOfZerosHasAScale() {
        List<Value> zeros = OneNode.of("DynamicQuantizeLinear", 11).outputs(3).runAll(floats(0, 0));
        assertArrayEquals(new int[] {0, 0}, zeros.getFirst().tensor().toInts());
        assertEquals(1, zeros.get(1).tensor().item());
        List<Value> positive = OneNode.of("DynamicQuantizeLinear", 11).outputs(3).runAll(floats(1, 255));
        assertArrayEquals(new int[] {1, 255}, positive.getFirst().tensor().toInts());
        assertEquals(0, positive.get(2).tensor().item());
    }

    @Test
    void quantisedProductsHaveScalesForRowsAndColumns() {
        Value a = new Value(ElementType.UINT8, Tensor.of(new int[] {1, 2, 3, 4}, 2, 2));
        Value b = new Value(ElementType.INT8, Tensor.of(new int[] {1, 0, 0, -1}, 2, 2));
        Value y = OneNode.of("QLinearMatMul", 21).run(a, floats(1, 2), integers(ElementType.UINT8, 1, 2), b,
                floats(1, 10), integers(ElementType.INT8, 0, 0), floats(1), integers(ElementType.INT8, -100));
        assertEquals(ElementType.INT8, y.type());
        assertArrayEquals(new int[] {-100, -110, -98, -128}, y.tensor().toInts());
        Value bias = new Value(ElementType.INT32, Tensor.of(new int[] {5}));
        Value image = new Value(ElementType.UINT8, Tensor.of(new int[] {4, 6}, 1, 1, 2));
        Value filter = new Value(ElementType.INT8, Tensor.of(new int[] {3}, 1, 1, 1));
        Value convolved = OneNode.of("QLinearConv", 10).runAll(List.of(Optional.of(image), Optional.of(floats(0.5f)),
                Optional.of(integers(ElementType.UINT8, 2)), Optional.of(filter), Optional.of(floats(2)),
                Optional.of(integers(ElementType.INT8, 1)), Optional.of(floats(1)),
                Optional.of(integers(ElementType.UINT8, 3)), Optional.of(bias))).getFirst();
        assertArrayEquals(new int[] {12, 16}, convolved.tensor().toInts());
    }
}
