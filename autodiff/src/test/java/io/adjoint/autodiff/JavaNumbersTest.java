package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What a Java number becomes beside a tensor, and extents that overflow. */
class JavaNumbersTest {
    private static final Tensor INTS = Tensor.of(new int[] {1, Integer.MAX_VALUE});

    @Test
    void aFloatTensorKeepsItsDtype() {
        assertEquals(DType.F32, Tensor.ones(2).add(0.1).dtype());
        assertEquals(DType.F32, Tensor.ones(2).add(1e10).dtype());
    }

    @Test
    void anIntegerTensorKeepsItsDtypeWhereTheNumberFits() {
        assertArrayEquals(new int[] {3, Integer.MIN_VALUE + 1}, INTS.add(2).toInts());
        assertEquals(DType.I64, Tensor.range(3).mul(2).dtype());
    }

    @Test
    void aWholeNumberThatIsTooLargeIsTakenAsI64() {
        assertArrayEquals(new long[] {10_000_000_001L, 12_147_483_647L}, INTS.add(1e10).toLongs());
        assertArrayEquals(new boolean[] {false, false}, INTS.eq(2147483648.0).toBooleans());
    }

    @Test
    void fractionsAndInfinitiesAreTakenAsF32() {
        assertEquals(DType.F32, INTS.mul(0.5).dtype());
        assertArrayEquals(new boolean[] {true, true}, INTS.lt(Double.POSITIVE_INFINITY).toBooleans());
    }

    @Test
    void whatAnIntegerCannotHoldIsRefusedByTheCallItWasGivenTo() {
        Tensor zero = Tensor.of(new long[] {0});
        assertMessage(
                "full: an integer cannot hold this number: number NaN, dtype I64; expected a number in the range of"
                        + " I64, or a float dtype",
                () -> Tensor.full(Shape.of(2), DType.I64, Double.NaN));
        for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 0x1p31, -0x1p31 - 1}) {
            Map<String, Executable> calls = Map.of("scalar", () -> Tensor.scalar(number, DType.I32),
                    "pad", () -> INTS.pad(0, 1, 0, number), "put", () -> INTS.put(number, Index.at(0)),
                    "scatter", () -> INTS.scatter(0, zero, number),
                    "index_fill", () -> INTS.indexFill(0, zero, number));
            calls.forEach((name, call) -> assertEquals(name,
                    assertThrows(ShapeException.class, call).operation()));
        }
        assertEquals(Integer.MIN_VALUE, Tensor.scalar(Integer.MIN_VALUE - 0.5, DType.I32).item());
        assertEquals(-0x1p63, Tensor.scalar(-0x1p63, DType.I64).item());
        assertThrows(ShapeException.class, () -> Tensor.scalar(0x1p63, DType.I64));
    }

    @Test
    void aPadOfMinusZeroKeepsItsSign() {
        assertTrue(Tensor.zeros(1).pad(0, 1, 0, -0.0).sameBits(Tensor.of(new float[] {-0f, 0f})));
    }

    @Test
    void productsOfExtentsDoNotOverflow() {
        Tensor empty = Tensor.zeros(0, 65536, 65536);
        assertThrows(ShapeException.class, () -> empty.flatten(1));
        assertEquals(Shape.of(0), empty.flatten(0).shape());
    }

    @Test
    void refusalsNameTheCallAndTheInput() {
        assertMessage("select: index out of range: index 2147483647, input [2, 3]; expected -2 to 1",
                () -> Tensor.zeros(2, 3).select(0, Integer.MAX_VALUE));
        assertMessage("unsqueeze: axis out of range: axis 7, input [2, 3]; expected an axis from -3 to 2",
                () -> Tensor.zeros(2, 3).unsqueeze(7));
        assertMessage("stream: a negative number: number -1; expected 0 or more", () -> Rng.seed(1).stream(-1));
    }

    private static void assertMessage(String message, Executable call) {
        assertEquals(message, assertThrows(ShapeException.class, call).getMessage());
    }
}
