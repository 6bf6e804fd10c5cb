package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.LaneInterpreter.evaluate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane.Binary;
import io.adjoint.autodiff.lane.Lane.BinaryOp;
import io.adjoint.autodiff.lane.Lane.Compare;
import io.adjoint.autodiff.lane.Lane.CompareOp;
import io.adjoint.autodiff.lane.Lane.Strict;
import io.adjoint.autodiff.lane.Lane.StrictFunction;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Every node means what its Java operator means; {@code assertEquals} tells the zeros apart and takes NaN for NaN. */
class LaneInterpreterTest {
    @Provide
    Arbitrary<Double> doubles() {
        Arbitrary<Double> special = Arbitraries.of(
                0.0, -0.0, 1.0, -1.0, 0.5, -2.5, Double.MIN_VALUE, -Double.MIN_VALUE, Double.MIN_NORMAL,
                Double.MAX_VALUE,
                -Double.MAX_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, 0x1p31, 0x1p63,
                -0x1p31,
                -0x1p63, 0x1p53 + 2, 2147483647.5);
        return Arbitraries.oneOf(special, Arbitraries.longs().map(Double::longBitsToDouble),
                Arbitraries.doubles().between(-100, 100));
    }

    @Provide
    Arbitrary<Float> floats() {
        Arbitrary<Float> special = Arbitraries.of(
                0f, -0f, 1f, -1f, 0.5f, -2.5f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE,
                -Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 0x1p31f, 0x1p63f,
                -0x1p31f,
                -0x1p63f, 0x1p24f + 2, 2.1474835e9f);
        return Arbitraries.oneOf(special, Arbitraries.integers().map(Float::intBitsToFloat),
                Arbitraries.floats().between(-100, 100));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void operationsOnF32(@ForAll("floats") float a, @ForAll("floats") float b, @ForAll("floats") float c) {
        Lane x = Lane.input(0, DType.F32);
        Lane y = Lane.input(1, DType.F32);
        assertEquals(-a, evaluate(x.neg(), a));
        assertEquals(Math.abs(a), evaluate(x.abs(), a));
        assertEquals((float) Math.sqrt(a), evaluate(x.sqrt(), a));
        assertEquals(a + b, evaluate(x.add(y), a, b));
        assertEquals(a - b, evaluate(x.sub(y), a, b));
        assertEquals(a * b, evaluate(x.mul(y), a, b));
        assertEquals(a / b, evaluate(x.div(y), a, b));
        assertEquals(Math.min(a, b), evaluate(x.min(y), a, b));
        assertEquals(Math.max(a, b), evaluate(x.max(y), a, b));
        assertEquals(Math.fma(a, b, c), evaluate(x.fma(y, Lane.input(2, DType.F32)), a, b, c));
        assertEquals(a == b, evaluate(x.eq(y), a, b));
        assertEquals(a < b, evaluate(x.lt(y), a, b));
        assertEquals(a <= b, evaluate(x.le(y), a, b));
        assertEquals(Float.isNaN(a), evaluate(x.isNaN(), a));
        assertEquals(Float.floatToRawIntBits(a), evaluate(x.bits(DType.I32), a));
        assertEquals(a != 0, evaluate(x.convert(DType.BOOL), a));
        assertEquals((int) a, evaluate(x.convert(DType.I32), a));
        assertEquals((long) a, evaluate(x.convert(DType.I64), a));
        assertEquals((double) a, evaluate(x.convert(DType.F64), a));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void operationsOnF64(@ForAll("doubles") double a, @ForAll("doubles") double b, @ForAll("doubles") double c) {
        Lane x = Lane.input(0, DType.F64);
        Lane y = Lane.input(1, DType.F64);
        assertEquals(-a, evaluate(x.neg(), a));
        assertEquals(Math.abs(a), evaluate(x.abs(), a));
        assertEquals(Math.sqrt(a), evaluate(x.sqrt(), a));
        assertEquals(a + b, evaluate(x.add(y), a, b));
        assertEquals(a - b, evaluate(x.sub(y), a, b));
        assertEquals(a * b, evaluate(x.mul(y), a, b));
        assertEquals(a / b, evaluate(x.div(y), a, b));
        assertEquals(Math.min(a, b), evaluate(x.min(y), a, b));
        assertEquals(Math.max(a, b), evaluate(x.max(y), a, b));
        assertEquals(Math.fma(a, b, c), evaluate(x.fma(y, Lane.input(2, DType.F64)), a, b, c));
        assertEquals(a == b, evaluate(x.eq(y), a, b));
        assertEquals(a < b, evaluate(x.lt(y), a, b));
        assertEquals(a <= b, evaluate(x.le(y), a, b));
        assertEquals(Double.doubleToRawLongBits(a), evaluate(x.bits(DType.I64), a));
        assertEquals(a != 0, evaluate(x.convert(DType.BOOL), a));
        assertEquals((int) a, evaluate(x.convert(DType.I32), a));
        assertEquals((long) a, evaluate(x.convert(DType.I64), a));
        assertEquals((float) a, evaluate(x.convert(DType.F32), a));
    }

    @Property
    void operationsOnI32(@ForAll int a, @ForAll int b) {
        Lane x = Lane.input(0, DType.I32);
        Lane y = Lane.input(1, DType.I32);
        assertEquals(-a, evaluate(x.neg(), a));
        assertEquals(Math.abs(a), evaluate(x.abs(), a));
        assertEquals(~a, evaluate(x.not(), a));
        assertEquals(a + b, evaluate(x.add(y), a, b));
        assertEquals(a - b, evaluate(x.sub(y), a, b));
        assertEquals(a * b, evaluate(x.mul(y), a, b));
        assertEquals(Math.min(a, b), evaluate(x.min(y), a, b));
        assertEquals(Math.max(a, b), evaluate(x.max(y), a, b));
        assertEquals(a & b, evaluate(x.and(y), a, b));
        assertEquals(a | b, evaluate(x.or(y), a, b));
        assertEquals(a ^ b, evaluate(x.xor(y), a, b));
        assertEquals(a << b, evaluate(new Binary(BinaryOp.SHL, x, y), a, b));
        assertEquals(a >> b, evaluate(new Binary(BinaryOp.SHR, x, y), a, b));
        assertEquals(a >>> b, evaluate(new Binary(BinaryOp.USHR, x, y), a, b));
        assertEquals(a == b, evaluate(x.eq(y), a, b));
        assertEquals(a < b, evaluate(x.lt(y), a, b));
        assertEquals(a <= b, evaluate(x.le(y), a, b));
        assertEquals(a != 0, evaluate(x.convert(DType.BOOL), a));
        assertEquals((long) a, evaluate(x.convert(DType.I64), a));
        assertEquals((float) a, evaluate(x.convert(DType.F32), a));
        assertEquals((double) a, evaluate(x.convert(DType.F64), a));
        assertEquals(Float.intBitsToFloat(a), evaluate(x.bits(DType.F32), a));
        if (b != 0) {
            assertEquals(a / b, evaluate(x.div(y), a, b));
        }
    }

    @Property
    void operationsOnI64(@ForAll long a, @ForAll long b) {
        Lane x = Lane.input(0, DType.I64);
        Lane y = Lane.input(1, DType.I64);
        assertEquals(-a, evaluate(x.neg(), a));
        assertEquals(Math.abs(a), evaluate(x.abs(), a));
        assertEquals(~a, evaluate(x.not(), a));
        assertEquals(a + b, evaluate(x.add(y), a, b));
        assertEquals(a - b, evaluate(x.sub(y), a, b));
        assertEquals(a * b, evaluate(x.mul(y), a, b));
        assertEquals(Math.min(a, b), evaluate(x.min(y), a, b));
        assertEquals(Math.max(a, b), evaluate(x.max(y), a, b));
        assertEquals(a & b, evaluate(x.and(y), a, b));
        assertEquals(a | b, evaluate(x.or(y), a, b));
        assertEquals(a ^ b, evaluate(x.xor(y), a, b));
        assertEquals(a << b, evaluate(new Binary(BinaryOp.SHL, x, y), a, b));
        assertEquals(a >> b, evaluate(new Binary(BinaryOp.SHR, x, y), a, b));
        assertEquals(a >>> b, evaluate(new Binary(BinaryOp.USHR, x, y), a, b));
        assertEquals(a == b, evaluate(x.eq(y), a, b));
        assertEquals(a < b, evaluate(x.lt(y), a, b));
        assertEquals(a <= b, evaluate(x.le(y), a, b));
        assertEquals(a != 0, evaluate(x.convert(DType.BOOL), a));
        assertEquals((int) a, evaluate(x.convert(DType.I32), a));
        assertEquals((float) a, evaluate(x.convert(DType.F32), a));
        assertEquals((double) a, evaluate(x.convert(DType.F64), a));
        assertEquals(Double.longBitsToDouble(a), evaluate(x.bits(DType.F64), a));
        if (b != 0) {
            assertEquals(a / b, evaluate(x.div(y), a, b));
        }
    }

    @Property
    void operationsOnBool(@ForAll boolean a, @ForAll boolean b, @ForAll int c, @ForAll int d) {
        Lane x = Lane.input(0, DType.BOOL);
        Lane y = Lane.input(1, DType.BOOL);
        assertEquals(!a, evaluate(x.not(), a));
        assertEquals(a & b, evaluate(x.and(y), a, b));
        assertEquals(a | b, evaluate(x.or(y), a, b));
        assertEquals(a ^ b, evaluate(x.xor(y), a, b));
        assertEquals(a ? c : d, evaluate(x.select(Lane.input(1, DType.I32), Lane.input(2, DType.I32)), a, c, d));
        assertEquals(a ? 1 : 0, evaluate(x.convert(DType.I32), a));
        assertEquals(a ? 1L : 0L, evaluate(x.convert(DType.I64), a));
        assertEquals(a ? 1f : 0f, evaluate(x.convert(DType.F32), a));
        assertEquals(a ? 1.0 : 0.0, evaluate(x.convert(DType.F64), a));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void strictFunctions(@ForAll("doubles") double a, @ForAll("doubles") double b) {
        assertEquals(StrictMath.exp(a), strict(StrictFunction.EXP, a));
        assertEquals(StrictMath.expm1(a), strict(StrictFunction.EXPM1, a));
        assertEquals(StrictMath.log(a), strict(StrictFunction.LOG, a));
        assertEquals(StrictMath.log1p(a), strict(StrictFunction.LOG1P, a));
        assertEquals(StrictMath.log10(a), strict(StrictFunction.LOG10, a));
        assertEquals(StrictMath.sin(a), strict(StrictFunction.SIN, a));
        assertEquals(StrictMath.cos(a), strict(StrictFunction.COS, a));
        assertEquals(StrictMath.tan(a), strict(StrictFunction.TAN, a));
        assertEquals(StrictMath.asin(a), strict(StrictFunction.ASIN, a));
        assertEquals(StrictMath.acos(a), strict(StrictFunction.ACOS, a));
        assertEquals(StrictMath.atan(a), strict(StrictFunction.ATAN, a));
        assertEquals(StrictMath.sinh(a), strict(StrictFunction.SINH, a));
        assertEquals(StrictMath.cosh(a), strict(StrictFunction.COSH, a));
        assertEquals(StrictMath.tanh(a), strict(StrictFunction.TANH, a));
        assertEquals(StrictMath.cbrt(a), strict(StrictFunction.CBRT, a));
        assertEquals(StrictMath.pow(a, b), strict(StrictFunction.POW, a, b));
        assertEquals(StrictMath.atan2(a, b), strict(StrictFunction.ATAN2, a, b));
        assertEquals(StrictMath.hypot(a, b), strict(StrictFunction.HYPOT, a, b));
    }

    private static Object strict(StrictFunction function, Double... arguments) {
        Lane x = Lane.input(0, DType.F64);
        Lane y = Lane.input(1, DType.F64);
        List<Lane> operands = function.arity() == 1 ? List.of(x) : List.of(x, y);
        return evaluate(new Strict(function, operands), (Object[]) arguments);
    }

    @Test
    void constantsHaveTheirDType() {
        assertEquals(true, evaluate(Lane.constant(DType.BOOL, 1.0)));
        assertEquals(-7, evaluate(Lane.constant(DType.I32, -7L)));
        assertEquals(Long.MIN_VALUE, evaluate(Lane.constant(DType.I64, Long.MIN_VALUE)));
        assertEquals(0.1f, evaluate(Lane.constant(DType.F32, 0.1)));
        assertEquals(0.1, evaluate(Lane.constant(DType.F64, 0.1)));
    }

    @Test
    void rawBitsAboveTheWidthOfADTypeDoNotCount() {
        Lane x = Lane.input(0, DType.I32);
        LaneInterpreter less = new LaneInterpreter(x.lt(Lane.input(1, DType.I32)));
        assertEquals(1, less.evaluate(0xffff_ffffL, 0)); // -1 < 0, given without its sign's extension
        LaneInterpreter same = new LaneInterpreter(x.eq(new Lane.Constant(DType.I32, 0xffff_ffffL)));
        assertEquals(1, same.evaluate(-1));
    }

    @Test
    void sharedNodesAreComputedOnce() {
        Lane x = Lane.input(0, DType.F64);
        for (int i = 0; i < 200; i++) {
            x = x.mul(x); // 2^200 nodes, were it a tree
        }
        Lane expression = x;
        assertEquals(201, new LaneInterpreter(expression).nodes().size());
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertEquals(1.0, evaluate(expression, 1.0)));
    }

    @Test
    void illTypedExpressionsAreRefusedWhenBuilt() {
        Lane x = Lane.input(0, DType.F32);
        Lane n = Lane.input(1, DType.I32);
        Lane b = Lane.input(2, DType.BOOL);
        assertThrows(IllegalArgumentException.class, () -> x.add(n));
        assertThrows(IllegalArgumentException.class, () -> x.and(x));
        assertThrows(IllegalArgumentException.class, x::not);
        assertThrows(IllegalArgumentException.class, n::sqrt);
        assertThrows(IllegalArgumentException.class, () -> n.fma(n, n));
        assertThrows(IllegalArgumentException.class, () -> b.add(b));
        assertThrows(IllegalArgumentException.class, () -> new Compare(CompareOp.EQ, b, b));
        assertThrows(IllegalArgumentException.class, () -> n.select(x, x));
        assertThrows(IllegalArgumentException.class, () -> x.bits(DType.I64));
        assertThrows(IllegalArgumentException.class, () -> new Strict(StrictFunction.EXP, List.of(x)));
        assertThrows(IllegalArgumentException.class, () -> LaneMath.exp(n));
    }

    @Test
    void valuesOfNoDTypeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> evaluate(Lane.input(0, DType.F32), "1"));
    }
}
