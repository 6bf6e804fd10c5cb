package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.FloatAccuracy.evaluate;
import static io.adjoint.autodiff.lane.FloatAccuracy.special;
import static io.adjoint.autodiff.lane.FloatAccuracy.specials;
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
    @ParameterizedTest
    @EnumSource
    void staysWithinItsBound(FloatFunction function) {
        FloatAccuracy.Worst worst = FloatAccuracy.of(function);
        assertTrue(worst.error() <= function.ulps(), () -> function + " is off by " + worst);
        assertTrue(function.ulps() <= 4, "promised by the documentation");
    }

    @ParameterizedTest
    @EnumSource
    void ofTwoStaysWithinItsBound(FloatPair pair) {
        FloatAccuracy.Worst worst = FloatAccuracy.of(pair);
        assertTrue(worst.error() <= pair.ulps(), () -> pair + " is off by " + worst);
        assertTrue(worst.error() > 0.3, "the samples should not all be exact");
    }

    @ParameterizedTest
    @EnumSource
    void compositionsStayWithinTheirBounds(FloatComposition composition) {
        FloatAccuracy.Worst worst = FloatAccuracy.of(composition);
        assertTrue(worst.error() <= composition.ulps(), () -> composition.call() + " is off by " + worst);
        assertTrue(composition.ulps() <= 4, "promised by the documentation");
    }

    /** Found among all floats between -14.7 and 0: 4.0 to 4.6 ulps if the quotient is not corrected. */
    @Test
    void ndtrStaysWithinItsBoundWhereRoundingsAddUp() {
        LaneInterpreter interpreter = new LaneInterpreter(FloatFunction.NDTR.expression());
        for (float x : new float[] {-1.5363411f, -2.1770556f, -3.8703234f, -4.647558f, -5.29577f, -6.8599873f,
            -7.957341f,
            -8.536946f, -9.741523f, -10.085801f, -11.425298f}) {
            check(interpreter, FloatFunction.NDTR.exact(x), x);
        }
    }

    private static void check(LaneInterpreter interpreter, double exact, float x) {
        double error = Ulps.error(evaluate(interpreter, x), exact);
        assertTrue(error <= 4, () -> "off by " + error + " at " + x);
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
        "ERFINV", "TANHSHRINK"})
    void oddFunctionsAreExactlyOdd(FloatFunction function) {
        LaneInterpreter interpreter = new LaneInterpreter(function.expression());
        for (int i = 0; i < specials(); i++) {
            float x = special(i);
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
    void functionsOfTwoCanBeVectorised() {
        Lane x = Lane.input(0, DType.F32);
        Lane y = Lane.input(1, DType.F32);
        assertSingleWidth(LaneMath.pow(x, y));
        assertSingleWidth(LaneMath.atan2(x, y));
        assertSingleWidth(LaneFunctions.logaddexp(x, y));
        assertSingleWidth(LaneFunctions.logaddexp2(x, y));
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
        for (int i = 0; i < specials(); i++) {
            for (int j = 0; j < specials(); j++) {
                check(interpreter, exact, special(i), special(j), ulps);
            }
        }
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
    void remaindersAreRoundedOnce() {
        Lane a = Lane.input(0, DType.F32);
        Lane b = Lane.input(1, DType.F32);
        LaneInterpreter fmod = new LaneInterpreter(LaneFunctions.fmod(a, b));
        LaneInterpreter remainder = new LaneInterpreter(LaneFunctions.remainder(a, b));
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 200_000; i++) {
            float x = Float.intBitsToFloat(random.nextInt());
            float y = i % 2 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) (x * random.nextDouble(-3, 3));
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

    private static void check(
            LaneInterpreter interpreter, DoubleBinaryOperator function, float first, float second, double ulps) {
        float actual = evaluate(interpreter, first, second);
        double exact = function.applyAsDouble(first, second);
        double error = Ulps.error(actual, exact);
        assertTrue(error <= ulps, () -> "of " + first + " and " + second + ": " + actual + " instead of " + exact);
    }
}
