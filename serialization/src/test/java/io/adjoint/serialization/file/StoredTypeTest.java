package io.adjoint.serialization.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.Trees;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Elements of each stored type become the values that they stand for, and halves are rounded as they should be. */
class StoredTypeTest {
    private static final int COUNT = 9;

    /** Any bytes against arithmetic of another kind, in either byte order, from the third element on. */
    @Property(tries = 2000)
    void integersAreTheirValues(@ForAll Random random, @ForAll boolean big) {
        StoredType type = pick(random, EnumSet.range(StoredType.I8, StoredType.U64));
        byte[] bytes = new byte[COUNT * type.bytes()];
        random.nextBytes(bytes);
        Elements elements = Elements.allocate(new TensorSpec(type.dtype(), Shape.of(COUNT + 2)));
        boolean whole = elements.decode(2, buffer(bytes, big), type);
        long[] expected = new long[COUNT + 2];
        boolean fits = true;
        for (int i = 0; i < COUNT; i++) {
            byte[] element = Arrays.copyOfRange(bytes, i * type.bytes(), (i + 1) * type.bytes());
            BigInteger value = value(big ? element : reversed(element), type.name().startsWith("U"));
            fits &= value.bitLength() < 64;
            expected[i + 2] = value.longValue();
        }
        assertEquals(fits, whole);
        if (whole) {
            assertArrayEquals(expected, Trees.bits(elements.tensor()), type.toString());
        }
    }

    private static StoredType pick(Random random, Set<StoredType> types) {
        return types.stream().skip(random.nextInt(types.size())).findFirst().orElseThrow();
    }

    private static BigInteger value(byte[] bigEndian, boolean unsigned) {
        return unsigned ? new BigInteger(1, bigEndian) : new BigInteger(bigEndian);
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private static ByteBuffer buffer(byte[] bytes, boolean big) {
        return ByteBuffer.wrap(bytes).order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    /** All of them, as a sum of powers of two; a NaN keeps sign and payload. */
    @Test
    void everyHalfIsItsValueAndComesBack() {
        for (StoredType type : Set.of(StoredType.F16, StoredType.BF16)) {
            int mantissa = type == StoredType.F16 ? 10 : 7;
            int exponents = (1 << 15 - mantissa) - 1;
            for (int bits = 0; bits < 1 << 16; bits++) {
                Elements elements = Elements.allocate(new TensorSpec(DType.F32, Shape.scalar()));
                ByteBuffer bytes = ByteBuffer.allocate(2).putShort(0, (short) bits);
                assertTrue(elements.decode(0, bytes, type));
                float value = elements.tensor().toFloats()[0];
                int exponent = bits >> mantissa & exponents;
                int fraction = bits & (1 << mantissa) - 1;
                if (exponent == exponents) {
                    int expected = (bits >> 15) << 31 | 0xFF << 23 | fraction << 23 - mantissa;
                    assertEquals(expected, Float.floatToRawIntBits(value));
                } else {
                    double magnitude = (fraction + (exponent == 0 ? 0 : 1 << mantissa))
                            * Math.pow(2, Math.max(exponent, 1) - exponents / 2 - mantissa);
                    assertEquals((float) (bits >> 15 == 1 ? -magnitude : magnitude), value);
                }
                assertTrue(elements.encode(0, bytes.clear(), type));
                assertEquals((short) bits, bytes.getShort(0));
            }
        }
    }

    /** The nearest of all halves, the even one of two; a NaN stays a NaN. Every other float is a tie or beside one. */
    @Property(tries = 20_000)
    void floatsAreRoundedToTheNearest(@ForAll Random random, @ForAll boolean f16) {
        int any = random.nextInt();
        int halfway = f16 ? 0x1000 : 0x8000;
        int bits = random.nextBoolean() ? any : (any & -2 * halfway | halfway) + random.nextInt(3) - 1;
        float value = Float.intBitsToFloat(bits);
        StoredType type = f16 ? StoredType.F16 : StoredType.BF16;
        ByteBuffer bytes = ByteBuffer.allocate(2);
        boolean fits = Elements.of(Tensor.of(new float[] {value}, Shape.scalar())).encode(0, bytes, type);
        short half = bytes.getShort(0);
        if (Float.isNaN(value)) {
            assertTrue(Float.isNaN(back(half, type)) && half < 0 == bits < 0);
        } else if (fits && Float.isFinite(value)) {
            double error = Math.abs((double) value - back(half, type));
            assertTrue(error <= gap(value, half, 1, type) && error <= gap(value, half, -1, type));
            boolean tie = error > 0 && (error == gap(value, half, 1, type) || error == gap(value, half, -1, type));
            assertTrue(!tie || half % 2 == 0);
        } else {
            assertEquals(Float.isInfinite(value), fits);
            assertTrue(fits || Math.abs(value) >= (f16 ? 65520 : 0x1.FFp127));
        }
    }

    private static float back(short half, StoredType type) {
        return type == StoredType.F16 ? Halves.fromF16(half) : Halves.fromBf16(half);
    }

    /** How far the neighbour is that is greater or smaller in magnitude. */
    private static double gap(float value, short half, int step, StoredType type) {
        if ((half & 0x7FFF) + step < 0) {
            return Double.POSITIVE_INFINITY; // zero has a neighbour on one side
        }
        return Math.abs(value - (double) back((short) (half + step), type));
    }

    @Test
    void whatBecomesInfiniteIsTold() {
        ByteBuffer bytes = ByteBuffer.allocate(4);
        Elements elements = Elements.of(Tensor.of(new float[] {1, 65520}));
        assertFalse(elements.encode(0, bytes, StoredType.F16));
        assertTrue(elements.encode(0, bytes.clear(), StoredType.BF16));
        assertTrue(Elements.of(Tensor.of(new float[] {65519.996f, Float.NEGATIVE_INFINITY})).encode(0, bytes.clear(),
                StoredType.F16));
        assertFalse(Elements.of(Tensor.of(new float[] {1, Float.MAX_VALUE})).encode(0, bytes.clear(), StoredType.BF16));
    }
}
