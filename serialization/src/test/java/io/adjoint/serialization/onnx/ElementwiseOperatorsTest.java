package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.serialization.onnx.graph.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ElementwiseOperatorsTest {
    private static Value uint64(long... values) {
        return new Value(ElementType.UINT64, Tensor.of(values));
    }

    private static Value uint8(int... values) {
        return new Value(ElementType.UINT8, Tensor.of(values));
    }

    // ---- uint64, half of which travels as negative numbers

    @Property(tries = 100)
    void arithmeticOfUint64IsUnsigned(@ForAll @Size(7) long[] left, @ForAll @Size(7) long[] shifted) {
        long[] right = new long[7];
        for (int i = 0; i < 7; i++) { // divisors of all sizes
            right[i] = Math.max(1, shifted[i] >>> (i * 9));
        }
        right[0] = shifted[0] == 0 ? 1 : shifted[0];
        long[] quotient = OneNode.of("Div", 14).run(uint64(left), uint64(right)).tensor().toLongs();
        long[] rest = OneNode.of("Mod", 13).run(uint64(left), uint64(right)).tensor().toLongs();
        long[] greater = OneNode.of("Max", 13).run(uint64(left), uint64(right)).tensor().toLongs();
        boolean[] less = OneNode.of("Less", 13).run(uint64(left), uint64(right)).tensor().toBooleans();
        for (int i = 0; i < 7; i++) {
            int order = Long.compareUnsigned(left[i], right[i]);
            assertEquals(Long.divideUnsigned(left[i], right[i]), quotient[i]);
            assertEquals(Long.remainderUnsigned(left[i], right[i]), rest[i]);
            assertEquals(order < 0 ? right[i] : left[i], greater[i]);
            assertEquals(order < 0, less[i]);
        }
    }

    @Property(tries = 100)
    void uint64IsRoundedOnceOnItsWayToFloats(@ForAll @Size(5) long[] values) {
        float[] floats = OneNode.of("Cast", 13).with("to", ElementType.FLOAT).run(uint64(values)).tensor().toFloats();
        double[] doubles = OneNode.of("Cast", 13).with("to", ElementType.DOUBLE).run(uint64(values)).tensor()
                .toDoubles();
        for (int i = 0; i < values.length; i++) {
            BigDecimal exact = new BigDecimal(Long.toUnsignedString(values[i]));
            assertEquals(exact.floatValue(), floats[i]);
            assertEquals(exact.doubleValue(), doubles[i]);
        }
    }

    @Test
    void aTieInUint64IsBrokenByTheLastBit() {
        long tie = 0x8000008000000000L; // between two floats
        float[] floats = OneNode.of("Cast", 13).with("to", ElementType.FLOAT).run(uint64(tie, tie + 1, tie - 1))
                .tensor().toFloats();
        assertArrayEquals(new float[] {0x1p63f, 0x1.000002p63f, 0x1p63f}, floats);
    }

    @Test
    void floatsBecomeUint64() {
        Value back = OneNode.of("Cast", 13).with("to", ElementType.UINT64)
                .run(Value.of(Tensor.of(new double[] {0x1p63, 3.9, 0x1.8p63})));
        assertArrayEquals(new long[] {Long.MIN_VALUE, 3, 0xC000000000000000L}, back.tensor().toLongs());
    }

    // ---- other types

    @Test
    void narrowIntegersWrapAround() {
        assertArrayEquals(new int[] {44, 4}, OneNode.of("Add", 14).run(uint8(200, 3), uint8(100, 1)).tensor().toInts());
        assertArrayEquals(new int[] {255, 0}, OneNode.of("BitwiseNot", 18).run(uint8(0, 255)).tensor().toInts());
        assertArrayEquals(new int[] {144, 0}, OneNode.of("BitShift", 11).with("direction", "LEFT")
                .run(uint8(200, 1), uint8(1, 8)).tensor().toInts());
        assertArrayEquals(new int[] {-56}, OneNode.of("Cast", 13).with("to", ElementType.INT8)
                .run(Value.of(Tensor.of(new int[] {200}))).tensor().toInts());
        assertArrayEquals(new int[] {2, -2}, OneNode.of("Div", 14).run(Tensor.of(new int[] {7, -7}),
                Tensor.of(new int[] {3, 3})).toInts());
    }

    @Test
    void aHalfIsRoundedAfterEachOperator() {
        Value half = new Value(ElementType.FLOAT16, Tensor.of(new float[] {2048}));
        Value sum = OneNode.of("Add", 14).run(half, new Value(ElementType.FLOAT16, Tensor.of(new float[] {1})));
        assertEquals(ElementType.FLOAT16, sum.type());
        assertEquals(2048, sum.tensor().item());
    }

    @Test
    void aPowerHasTheTypeOfItsBase() {
        Value power = OneNode.of("Pow", 15).run(uint8(2, 9), Value.of(Tensor.of(new float[] {3, 0.5f})));
        assertEquals(ElementType.UINT8, power.type());
        assertArrayEquals(new int[] {8, 3}, power.tensor().toInts());
        assertArrayEquals(new float[] {0.25f}, OneNode.of("Pow", 15).run(Tensor.of(new float[] {2}),
                Tensor.of(new long[] {-2})).toFloats());
        assertArrayEquals(new int[] {1 << 30}, OneNode.of("Pow", 15).run(Tensor.of(new int[] {2}),
                Tensor.of(new long[] {30})).toInts());
    }

    @Test
    void bitsAreReadAsAnotherType() {
        Value halves = new Value(ElementType.FLOAT16, Tensor.of(new float[] {1, -2}));
        Value bits = OneNode.of("BitCast", 26).with("to", ElementType.UINT16).run(halves);
        assertArrayEquals(new int[] {0x3C00, 0xC000}, bits.tensor().toInts());
        assertArrayEquals(new float[] {1, -2},
                OneNode.of("BitCast", 26).with("to", ElementType.FLOAT16).run(bits).tensor().toFloats());
        assertArrayEquals(new int[] {-1}, OneNode.of("BitCast", 26).with("to", ElementType.INT8).run(uint8(255))
                .tensor().toInts());
        assertThrows(ShapeException.class, () -> OneNode.of("BitCast", 26).with("to", ElementType.DOUBLE).run(halves));
    }

    /** The closest half is the upper one by a bit that single precision has not. */
    @Test
    void doublesAreRoundedOnceToHalves() {
        double[] values = {1 + 0x1p-11 + 0x1p-40, -1 - 0x1p-11 - 0x1p-40, 1 + 0x1p-11, 1 + 0x1p-11 - 0x1p-40, 1e300,
            -1e-300, Double.NaN, Double.NEGATIVE_INFINITY};
        Tensor x = Tensor.of(values).tracked();
        Tensor halves = OneNode.of("Cast", 13).with("to", ElementType.FLOAT16).run(x);
        assertArrayEquals(new float[] {1 + 0x1p-10f, -1 - 0x1p-10f, 1, 1, Float.POSITIVE_INFINITY, -0f, Float.NaN,
            Float.NEGATIVE_INFINITY}, halves.toFloats());
        assertEquals(8, halves.sum().gradients(x).of(x).sum().item());
    }

    // ---- old forms

    @Test
    void beforeOpset7AnAttributeSaysWhereTheRightSideLies() {
        Tensor left = Tensor.range(24).cast(DType.F32).reshape(2, 3, 4);
        Tensor right = Tensor.of(new float[] {10, 20, 30});
        Tensor sum = OneNode.of("Add", 6).with("broadcast", 1).with("axis", 1).run(left, right);
        assertTrue(sum.sameBits(left.add(right.reshape(3, 1))));
        Tensor last = OneNode.of("Mul", 6).with("broadcast", 1).run(left, Tensor.of(new float[] {1, 2, 3, 4}));
        assertTrue(last.sameBits(left.mul(Tensor.of(new float[] {1, 2, 3, 4}))));
        Tensor scalar = OneNode.of("Sub", 6).with("broadcast", 1).with("axis", 0).run(left, Tensor.of(new float[] {5}));
        assertTrue(scalar.sameBits(left.sub(5)));
    }

    @Test
    void beforeOpset7NothingBroadcastsUnasked() {
        Tensor left = Tensor.ones(2, 3);
        assertThrows(ShapeException.class, () -> OneNode.of("Add", 6).run(left, Tensor.ones(3)));
        assertThrows(ShapeException.class, () -> OneNode.of("Add", 6).with("broadcast", 1).with("axis", 1)
                .run(left, Tensor.ones(2)));
        assertThrows(ShapeException.class, () -> OneNode.of("Add", 6).with("broadcast", 1)
                .run(Tensor.ones(3), Tensor.ones(2, 3)));
        assertThrows(ShapeException.class, () -> OneNode.of("Sum", 6).run(left, Tensor.ones(3)));
        assertEquals(3, OneNode.of("Sum", 8).run(left, Tensor.ones(3)).dim(1));
    }

    @Test
    void boundsAreAttributesBeforeOpset11AndInputsLater() {
        Tensor x = Tensor.of(new float[] {-3, 0, 3});
        assertArrayEquals(new float[] {-1, 0, 2},
                OneNode.of("Clip", 6).with("min", -1f).with("max", 2f).run(x).toFloats());
        Value high = Value.of(Tensor.scalar(2f));
        Value cut = OneNode.of("Clip", 13)
                .runAll(List.of(Optional.of(Value.of(x)), Optional.empty(), Optional.of(high))).getFirst();
        assertArrayEquals(new float[] {-3, 0, 2}, cut.tensor().toFloats());
        Tensor crossed = OneNode.of("Clip", 13).run(x, Tensor.scalar(2f), Tensor.scalar(1f));
        assertArrayEquals(new float[] {1, 1, 1}, crossed.toFloats());
    }

    // ---- refusals and gradients

    @Test
    void typesAreNotMixed() {
        Tensor floats = Tensor.ones(2);
        Tensor ints = Tensor.of(new int[] {1, 2});
        for (String operator : List.of("Add", "Less", "Max", "Mod", "BitwiseAnd")) {
            ShapeException e = assertThrows(ShapeException.class, () -> OneNode.of(operator, 18).run(floats, ints));
            assertTrue(e.getMessage().contains("node: " + operator + ": "), e.getMessage());
        }
        assertThrows(ShapeException.class, () -> OneNode.of("Mod", 13).run(floats, floats));
        assertThrows(ShapeException.class, () -> OneNode.of("Exp", 13).run(ints));
        assertThrows(ShapeException.class, () -> OneNode.of("Mean", 13).run(ints, ints));
        assertThrows(ShapeException.class, () -> OneNode.of("BitShift", 11).with("direction", "LEFT").run(ints, ints));
        assertThrows(ShapeException.class, () -> OneNode.of("Cast", 13).with("to", 8L).run(floats));
    }

    @Test
    void infinitiesOfOneSignAreFound() {
        Tensor x = Tensor.of(new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 1});
        assertArrayEquals(new boolean[] {true, false, false, false},
                OneNode.of("IsInf", 20).with("detect_negative", 0).run(x).toBooleans());
        assertArrayEquals(new boolean[] {false, true, false, false},
                OneNode.of("IsInf", 20).with("detect_positive", 0).run(x).toBooleans());
    }

    @Test
    void gradientsFlowThroughOperators() {
        Tensor x = Tensor.of(new double[] {0.3, 1.7, 2.9});
        Tensor y = Tensor.of(new double[] {1.2, 0.4, 3.3});
        for (String operator : List.of("Add", "Div", "Pow", "Max", "Mean")) {
            GradientCheck.of(operator).check(given -> OneNode.of(operator, 15)
                    .run(given.toArray(Tensor[]::new)), x, y);
        }
        GradientCheck.of("Clip").check(given -> OneNode.of("Clip", 13).run(given.getFirst(),
                Tensor.scalar(1, DType.F64), Tensor.scalar(2, DType.F64)), x);
    }

    @Test
    void roundingToHalfPrecisionPassesTheGradient() {
        Tensor x = Tensor.of(new float[] {0.1f, 3}).tracked();
        Tensor y = OneNode.of("Cast", 13).with("to", ElementType.FLOAT16).run(x);
        assertArrayEquals(new float[] {1, 1}, y.sum().gradients(x).of(x).toFloats());
    }
}
