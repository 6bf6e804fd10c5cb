package io.adjoint.autodiff.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The functions in F32 against {@link StrictMath} in double, over all floats. */
class FloatMathTest {
    /** Odd, so that the sampled significands differ in their low bits too. */
    private static final int STRIDE = 16381;

    /** The magnitudes from 1/8 to 128, in which most functions bend, are sampled more closely. */
    private static final int MODERATE_STRIDE = 1021;

    private static final int MODERATE_FROM = Float.floatToRawIntBits(0.125f);
    private static final int MODERATE_TO = Float.floatToRawIntBits(128);

    private static final float[] SPECIAL = {
        0f, 1f, 2f, 3f, 0.5f, 1.5f, 2.5f, Math.nextUp(1f), Math.nextDown(1f), Float.MIN_VALUE, 1e-40f, Float.MIN_NORMAL,
        Math.nextDown(Float.MIN_NORMAL), 0x1p-25f, 0x1p-24f, 0x1p-23f, 0x1p15f, Math.nextDown(0x1p15f), 0x1p22f + 0.5f,
        0x1p23f - 0.5f, 0x1p23f, 0x1p23f + 1, 0x1p24f - 1, 0x1p24f, 0x1p25f, 0x1p31f, 0x1p63f, 0x1p127f,
        Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN,
        // overflow and underflow of exp, exp2, expm1 and the hyperbolic functions, from both sides
        88.72283f, 88.72284f, 89.41598f, 89.41599f, 128f, Math.nextDown(128f), 87.33654f, 87.33655f, 103.97207f,
        103.97208f, 126f, 149f, 150f, Math.nextUp(150f), 16.635532f, 17.328680f,
        // near multiples of pi/2, the last two nearer than any other floats of their size
        1.5707963f, 1.5707964f, 3.1415925f, 3.1415927f, 1.2760181e+10f, 1.6367193e+19f
    };

    @ParameterizedTest
    @EnumSource
    void staysWithinItsBound(FloatFunction function) {
        LaneInterpreter interpreter = new LaneInterpreter(function.expression());
        Worst worst = new Worst(interpreter, function);
        for (int i = 0; i < 2 * SPECIAL.length; i++) {
            worst.accept(special(i));
        }
        for (long bits = 0; bits < 1L << 32; bits += STRIDE) {
            worst.accept(Float.intBitsToFloat((int) bits));
        }
        for (int bits = MODERATE_FROM; bits < MODERATE_TO; bits += MODERATE_STRIDE) {
            worst.accept(Float.intBitsToFloat(bits));
            worst.accept(-Float.intBitsToFloat(bits));
        }
        System.out.printf("%s: at most %.3f ulp (at %s) in %s%n", function, worst.error, worst.at,
                length(interpreter));
        assertTrue(worst.error <= function.ulps(), function + " is off by " + worst.error + " ulp at " + worst.at);
    }

    /** Below the normal floats an error counts in units of the smallest one. */
    @ParameterizedTest
    @EnumSource(names = {"EXP", "EXP2", "SIGMOID", "SOFTPLUS", "SILU"})
    void underflowsGradually(FloatFunction function) {
        LaneInterpreter interpreter = new LaneInterpreter(function.expression());
        for (float x = -151; x < -87; x += 0.0137f) {
            double exact = function.exact(x);
            if (Math.abs(exact) < Float.MIN_NORMAL) {
                double error = Math.abs(evaluate(interpreter, x) - exact) / Float.MIN_VALUE;
                assertTrue(error <= 1, function + " is off by " + error + " smallest floats at " + x);
            }
        }
    }

    /** So that {@code 1 - y^2} and the like cannot become negative. */
    @ParameterizedTest
    @EnumSource(names = {"TANH", "ERF", "SIN", "COS", "SIGMOID"})
    void neverExceedsOne(FloatFunction function) {
        LaneInterpreter interpreter = new LaneInterpreter(function.expression());
        for (float x = -20; x < 20; x += 0.00017f) {
            float y = evaluate(interpreter, x);
            assertTrue(Math.abs(y) <= 1, function + " of " + x + " is " + y);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TANH", "ERF", "SIN", "TAN", "ASIN", "ATAN", "SINH", "CBRT", "ASINH", "ATANH", "SOFTSIGN",
        "ERFINV"})
    void oddFunctionsAreExactlyOdd(FloatFunction function) {
        LaneInterpreter interpreter = new LaneInterpreter(function.expression());
        for (float x : SPECIAL) {
            assertEquals(-evaluate(interpreter, x), evaluate(interpreter, -x), function + " of " + x);
        }
    }

    /** One width of element and no call of {@link StrictMath}: what a SIMD loop needs. */
    @ParameterizedTest
    @MethodSource("io.adjoint.autodiff.lane.FloatFunction#popular")
    void canBeVectorised(FloatFunction function) {
        assertSingleWidth(function.expression());
    }

    @Test
    void powAndAtan2CanBeVectorised() {
        Lane x = Lane.input(0, DType.F32);
        Lane y = Lane.input(1, DType.F32);
        assertSingleWidth(LaneMath.pow(x, y));
        assertSingleWidth(LaneMath.atan2(x, y));
    }

    private static void assertSingleWidth(Lane expression) {
        for (Lane node : new LaneInterpreter(expression).nodes()) {
            assertFalse(node instanceof Lane.Strict, () -> node + " cannot be vectorised");
            assertTrue(node.type() == DType.BOOL || node.type().bytes() == 4, () -> node + " is of another width");
        }
    }

    @Test
    void powHasTheSpecialCasesOfJava() {
        checkPairs(LaneMath.pow(Lane.input(0, DType.F32), Lane.input(1, DType.F32)), StrictMath::pow, 4);
    }

    @Test
    void atan2HasTheSpecialCasesOfJava() {
        checkPairs(LaneMath.atan2(Lane.input(0, DType.F32), Lane.input(1, DType.F32)), StrictMath::atan2, 2);
    }

    private static void checkPairs(Lane expression, DoubleBinaryOperator exact, double ulps) {
        LaneInterpreter interpreter = new LaneInterpreter(expression);
        for (int i = 0; i < 2 * SPECIAL.length; i++) {
            for (int j = 0; j < 2 * SPECIAL.length; j++) {
                check(interpreter, exact, special(i), special(j), ulps);
            }
        }
    }

    /** Results over the whole range of floats, from bases near one and far from it. */
    @Test
    void powStaysWithinItsBound() {
        Lane expression = LaneMath.pow(Lane.input(0, DType.F32), Lane.input(1, DType.F32));
        LaneInterpreter interpreter = new LaneInterpreter(expression);
        SplittableRandom random = new SplittableRandom(1);
        double worst = 0;
        for (int i = 0; i < 300_000; i++) {
            double near = 1 + Math.scalb(random.nextDouble(-0.5, 0.5), -random.nextInt(24));
            float x = (float) (i % 2 == 0 ? near : StrictMath.exp(random.nextDouble(-103, 88)));
            float y = (float) (random.nextDouble(-104, 89) / StrictMath.log(x));
            worst = Math.max(worst, check(interpreter, StrictMath::pow, x, y, 4));
        }
        System.out.printf("POW: at most %.3f ulp in %s%n", worst, length(interpreter));
        assertTrue(worst > 0.4, "the samples should not all be exact");
    }

    @Test
    void powOfNegativeBasesTakesItsSignFromWholeExponents() {
        Lane expression = LaneMath.pow(Lane.input(0, DType.F32), Lane.input(1, DType.F32));
        LaneInterpreter interpreter = new LaneInterpreter(expression);
        for (float x : List.of(-0.3f, -1f, -1.7f, -12f)) {
            for (float y = -40; y <= 40; y += 0.5f) {
                check(interpreter, StrictMath::pow, x, y, 4);
            }
        }
    }

    @Test
    void atan2StaysWithinItsBound() {
        Lane expression = LaneMath.atan2(Lane.input(0, DType.F32), Lane.input(1, DType.F32));
        LaneInterpreter interpreter = new LaneInterpreter(expression);
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 300_000; i++) {
            float y = Float.intBitsToFloat(random.nextInt());
            float x = i % 2 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) (y * random.nextDouble(-3, 3));
            check(interpreter, StrictMath::atan2, y, x, 2);
        }
    }

    /** Where the result is near 0, it is the difference of numbers that were rounded. */
    @Test
    void sumsOfExponentialsStayWithinTheirBound() {
        Lane a = Lane.input(0, DType.F32);
        Lane b = Lane.input(1, DType.F32);
        LaneInterpreter natural = new LaneInterpreter(LaneFunctions.logaddexp(a, b));
        LaneInterpreter binary = new LaneInterpreter(LaneFunctions.logaddexp2(a, b));
        assertSingleWidth(LaneFunctions.logaddexp(a, b));
        assertSingleWidth(LaneFunctions.logaddexp2(a, b));
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 200_000; i++) {
            float x = (float) random.nextDouble(-120, 120);
            float y = i % 2 == 0 ? (float) random.nextDouble(-120, 120) : x + (float) random.nextDouble(-3, 3);
            float most = Math.max(x, y);
            double more = StrictMath.log1p(StrictMath.exp(-Math.abs((double) x - y)));
            double more2 = StrictMath.log1p(StrictMath.pow(2, -Math.abs((double) x - y))) / StrictMath.log(2);
            checkSum(natural, x, y, most + more);
            checkSum(binary, x, y, most + more2);
        }
    }

    private static void checkSum(LaneInterpreter interpreter, float x, float y, double exact) {
        double unit = Math.ulp((float) Math.max(0.5, Math.max(Math.abs(exact), Math.max(Math.abs(x), Math.abs(y)))));
        assertEquals(exact, evaluate(interpreter, x, y), 2 * unit, () -> "of " + x + " and " + y);
    }

    @Test
    void remaindersAndHypotenusesAreRoundedOnce() {
        Lane a = Lane.input(0, DType.F32);
        Lane b = Lane.input(1, DType.F32);
        LaneInterpreter hypot = new LaneInterpreter(LaneFunctions.hypot(a, b));
        LaneInterpreter fmod = new LaneInterpreter(LaneFunctions.fmod(a, b));
        LaneInterpreter remainder = new LaneInterpreter(LaneFunctions.remainder(a, b));
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 200_000; i++) {
            float x = Float.intBitsToFloat(random.nextInt());
            float y = i % 2 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) (x * random.nextDouble(-3, 3));
            check(hypot, StrictMath::hypot, x, y, 0.501);
            check(fmod, (p, q) -> p % q, x, y, 0);
            check(remainder, (p, q) -> p % q != 0 && p % q < 0 != q < 0 ? p % q + q : p % q, x, y, 0.501);
        }
    }

    /** As IEEE 754 has it, other than Java: any power of 1 is 1, and infinite ones of -1. */
    @Test
    void powersOfOneAreOne() {
        LaneInterpreter power =
                new LaneInterpreter(LaneFunctions.power(Lane.input(0, DType.F32), Lane.input(1, DType.F32)));
        for (float y : new float[] {0, 3, -2.5f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            assertEquals(1, evaluate(power, 1, y));
        }
        assertEquals(1, evaluate(power, -1, Float.POSITIVE_INFINITY));
        assertEquals(1, evaluate(power, -1, Float.NEGATIVE_INFINITY));
        assertEquals(1, evaluate(power, Float.NaN, 0));
        assertEquals(Float.NaN, evaluate(power, -1, Float.NaN));
        assertEquals(Float.NaN, evaluate(power, -1, 0.5f));
        assertEquals(-8, evaluate(power, -2, 3));
    }

    private static float evaluate(LaneInterpreter interpreter, float x, float y) {
        return Float.intBitsToFloat((int) interpreter.evaluate(bits(x), bits(y)));
    }

    private static double check(
            LaneInterpreter interpreter, DoubleBinaryOperator function, float first, float second, double ulps) {
        float actual = Float.intBitsToFloat((int) interpreter.evaluate(bits(first), bits(second)));
        double exact = function.applyAsDouble(first, second);
        double error = Ulps.error(actual, exact);
        assertTrue(error <= ulps, () -> "of " + first + " and " + second + ": " + actual + " instead of " + exact);
        return error;
    }

    /** What the expression costs: leaves and reinterpreted bits are free. */
    private static String length(LaneInterpreter interpreter) {
        long operations = interpreter.nodes().stream()
                .filter(node -> !(node instanceof Lane.Input
                        || node instanceof Lane.Constant
                        || node instanceof Lane.Bits))
                .count();
        return operations + " operations";
    }

    /** Remembers where a function is off most. */
    private static final class Worst {
        private final LaneInterpreter interpreter;
        private final FloatFunction function;
        private double error;
        private float at;

        Worst(LaneInterpreter interpreter, FloatFunction function) {
            this.interpreter = interpreter;
            this.function = function;
        }

        void accept(float x) {
            double found = Ulps.error(evaluate(interpreter, x), function.exact(x));
            if (found > error) {
                error = found;
                at = x;
            }
        }
    }

    private static float evaluate(LaneInterpreter interpreter, float x) {
        return Float.intBitsToFloat((int) interpreter.evaluate(bits(x)));
    }

    /** The special values and their negatives. */
    private static float special(int index) {
        return index % 2 == 0 ? SPECIAL[index / 2] : -SPECIAL[index / 2];
    }

    private static long bits(float x) {
        return Integer.toUnsignedLong(Float.floatToRawIntBits(x));
    }
}
