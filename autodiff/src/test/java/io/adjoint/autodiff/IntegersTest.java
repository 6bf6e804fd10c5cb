package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.UnaryOperator;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What functions make of integers, of truth values, and of two different dtypes. */
class IntegersTest {
    private static final Tensor TRUTH = Tensor.of(new boolean[] {true, false});
    private static final Tensor INTS = Tensor.of(new int[] {7, -7});
    private static final Tensor LONGS = Tensor.of(new long[] {7, -7});

    @Property(tries = 500, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.MIXIN, seed = "1")
    void divisionIsThatOfJava(@ForAll int a, @ForAll int b) {
        int divisor = b == 0 ? 3 : b;
        checkDivision(a, divisor, DType.I32, (x, y) -> (int) (x / y), (x, y) -> (int) Math.floorDiv(x, y));
        checkDivision(a, divisor % 10 == 0 ? 7 : divisor % 10, DType.I32, (x, y) -> (int) (x / y),
                (x, y) -> (int) Math.floorDiv(x, y));
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.MIXIN, seed = "2")
    void divisionOfLongsIsThatOfJava(@ForAll long a, @ForAll long b) {
        checkDivision(a, b == 0 ? -1 : b, DType.I64, (x, y) -> x / y, Math::floorDiv);
    }

    @Test
    void theLeastIntegerDividedByMinusOneIsItself() {
        checkDivision(Integer.MIN_VALUE, -1, DType.I32, (x, y) -> x, (x, y) -> x);
        checkDivision(Long.MIN_VALUE, -1, DType.I64, (x, y) -> x, (x, y) -> x);
    }

    private static void checkDivision(long a, long b, DType type, LongBinaryOperator trunc, LongBinaryOperator floor) {
        check(type, (x, y) -> x.div(y, Rounding.TRUNC), a, b, trunc.applyAsLong(a, b));
        check(type, (x, y) -> x.div(y, Rounding.FLOOR), a, b, floor.applyAsLong(a, b));
        check(type, Tensor::floorDivide, a, b, floor.applyAsLong(a, b));
        check(type, Tensor::fmod, a, b, a % b);
        check(type, Tensor::remainder, a, b, Math.floorMod(a, b));
    }

    private static void check(DType type, BinaryOperator<Tensor> function, long a, long b, long expected) {
        Tensor result = function.apply(Tensor.of(new long[] {a}).cast(type), Tensor.of(new long[] {b}).cast(type));
        assertEquals(type, result.dtype());
        assertEquals(expected, result.cast(DType.I64).toLongs()[0], a + " and " + b);
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.MIXIN, seed = "3")
    void powersAreModuloTheWidth(@ForAll long base, @ForAll long exponent) {
        long n = exponent >>> 1;
        BigInteger whole = BigInteger.valueOf(base).modPow(BigInteger.valueOf(n), BigInteger.ONE.shiftLeft(64));
        check(DType.I64, Tensor::pow, base, n, whole.longValue());
        int small = (int) base;
        BigInteger half = BigInteger.valueOf(small).modPow(BigInteger.valueOf(n >>> 32), BigInteger.ONE.shiftLeft(32));
        check(DType.I32, Tensor::pow, small, n >>> 32, half.intValue());
    }

    @Test
    void negativePowersOfIntegersLoseTheirFraction() {
        Tensor bases = Tensor.of(new int[] {2, 1, -1, -1, 0, 5});
        Tensor exponents = Tensor.of(new int[] {-1, -5, -3, -2, -1, 0});
        assertArrayEquals(new int[] {0, 1, -1, 1, 0, 1}, bases.pow(exponents).toInts());
        assertMessage("pow: an integer to a negative power", () -> bases.pow(-1));
        assertArrayEquals(new float[] {49, 49}, INTS.cast(DType.F32).pow(2).toFloats());
        assertArrayEquals(new int[] {49, 49}, INTS.pow(2).toInts());
        assertEquals(DType.F32, INTS.pow(0.5).dtype());
        assertEquals(DType.F32, INTS.pow(-0.5).dtype());
        assertArrayEquals(new int[] {1, 8}, Tensor.of(new int[] {0, 3}).rpow(2).toInts());
        assertEquals(DType.F64, INTS.floatPower(2).dtype());
        assertEquals(DType.F64, INTS.floatPower(LONGS).dtype());
    }

    @Test
    void divisionByZeroIsRefusedForIntegersOnly() {
        Tensor zeros = Tensor.of(new int[] {1, 0});
        List<BinaryOperator<Tensor>> functions = List.of((x, y) -> x.div(y, Rounding.TRUNC), Tensor::floorDivide,
                Tensor::fmod, Tensor::remainder);
        for (BinaryOperator<Tensor> function : functions) {
            assertMessage("an integer is divided by zero", () -> function.apply(INTS, zeros));
            assertMessage("an integer is divided by zero", () -> function.apply(TRUTH, TRUTH));
        }
        assertMessage("floor_divide: an integer is divided by zero: left I32[2], right I32[]",
                () -> INTS.floorDivide(0));
        assertArrayEquals(new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}, INTS.div(0).toFloats());
        assertArrayEquals(new float[] {Float.NaN, Float.NaN}, INTS.cast(DType.F32).remainder(0).toFloats());
        assertArrayEquals(new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY},
                INTS.cast(DType.F32).floorDivide(0).toFloats());
    }

    @Test
    void roundingGivesIntegersAsTheyAre() {
        List<UnaryOperator<Tensor>> roundings =
                List.of(Tensor::floor, Tensor::ceil, Tensor::round, Tensor::trunc, Tensor::nanToNum, Tensor::copy);
        for (UnaryOperator<Tensor> rounding : roundings) {
            assertTrue(rounding.apply(INTS).sameBits(INTS));
            assertTrue(rounding.apply(LONGS).sameBits(LONGS));
        }
        assertSame(DType.I32, TRUTH.floor().dtype());
        assertArrayEquals(new int[] {0, 0}, INTS.frac().toInts());
        assertEquals(DType.F32, INTS.round(-1).dtype());
    }

    @Test
    void integersStayIntegersInArithmetic() {
        for (UnaryOperator<Tensor> function : List.<UnaryOperator<Tensor>>of(Tensor::neg, Tensor::abs, Tensor::sign,
                Tensor::relu, Tensor::square, x -> x.add(INTS, 2), x -> x.sub(1), x -> x.clamp(0, 1),
                x -> x.maximum(0), x -> x.fmax(INTS), x -> x.hardtanh(-2, 2), x -> x.maskedFill(TRUTH, 3))) {
            assertEquals(DType.I32, function.apply(INTS).dtype());
            assertEquals(DType.I64, function.apply(LONGS).dtype());
        }
        assertArrayEquals(new int[] {-7, 7}, INTS.neg().toInts());
        assertArrayEquals(new int[] {1, -1}, INTS.sign().toInts());
        assertArrayEquals(new int[] {3, -7}, INTS.maskedFill(TRUTH, 3).toInts());
        assertArrayEquals(new int[] {Integer.MIN_VALUE}, Tensor.of(new int[] {Integer.MIN_VALUE}).abs().toInts());
    }

    @Test
    void functionsOfFloatsTakeIntegersAsF32() {
        for (UnaryOperator<Tensor> function : List.<UnaryOperator<Tensor>>of(Tensor::exp, Tensor::erf, Tensor::gelu,
                Tensor::lgamma, Tensor::i0, Tensor::sinc, Tensor::deg2rad, Tensor::elu, Tensor::hardswish,
                Tensor::hardsigmoid, x -> x.div(2), x -> x.div(INTS), x -> x.atan2(INTS), x -> x.hypot(INTS),
                x -> x.copySign(-1), x -> x.xlogy(2), x -> x.lerp(INTS, 0.5), x -> x.clamp(0.5, 1), x -> x.add(0.5))) {
            assertEquals(DType.F32, function.apply(LONGS).dtype());
            assertEquals(DType.F32, function.apply(TRUTH).dtype());
        }
    }

    @Test
    void twoDtypesArePromoted() {
        assertEquals(DType.I64, INTS.add(LONGS).dtype());
        assertEquals(DType.I32, TRUTH.add(TRUTH).dtype());
        assertEquals(DType.F32, LONGS.mul(Tensor.ones(2)).dtype());
        assertEquals(DType.F64, Tensor.ones(2).remainder(Tensor.scalar(2, DType.F64)).dtype());
        assertArrayEquals(new boolean[] {true, true}, INTS.eq(LONGS.cast(DType.F64)).toBooleans());
        assertArrayEquals(new boolean[] {false, true}, TRUTH.lt(INTS.abs().sub(6)).toBooleans());
        assertEquals(DType.I64, TRUTH.where(INTS, LONGS).dtype());
        assertEquals(DType.BOOL, TRUTH.where(TRUTH, TRUTH).dtype());
        assertEquals(DType.F32, TRUTH.where(1, 0).dtype());
        assertEquals(DType.I32, INTS.heaviside(Tensor.of(new int[] {3})).dtype());
    }

    @Test
    void logicTakesNumbersForWhetherTheyAreZero() {
        Tensor numbers = Tensor.of(new double[] {0, -0.0, 2, Double.NaN});
        Tensor half = Tensor.of(new boolean[] {true, true, false, true});
        assertArrayEquals(new boolean[] {false, false, false, true}, numbers.logicalAnd(half).toBooleans());
        assertArrayEquals(new boolean[] {true, true, true, true}, numbers.logicalOr(half).toBooleans());
        assertArrayEquals(new boolean[] {true, true, true, false}, numbers.logicalXor(half).toBooleans());
        assertArrayEquals(new boolean[] {true, true, false, false}, numbers.logicalNot().toBooleans());
        assertMessage("not booleans", () -> INTS.and(TRUTH));
        assertMessage("neg: a boolean has no sign: input BOOL", TRUTH::neg);
    }

    private static void assertMessage(String part, Executable call) {
        String message = assertThrows(ShapeException.class, call).getMessage();
        assertTrue(message.contains(part), message);
    }
}
