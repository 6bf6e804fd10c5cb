package io.adjoint.autodiff.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.DType;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Rounding and signs are exact in both dtypes; {@code assertEquals} tells the zeros apart and takes NaN for NaN. */
class RoundingTest {
    private static final double[] SPECIAL = {
        0, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 3.5, Math.nextDown(0.5), Math.nextUp(0.5), 0.49999997f, 0.50000006f,
        0x1p22 - 0.5,
        0x1p22 + 0.5, 0x1p23 - 0.5, 0x1p23, 0x1p23 + 1, 0x1p24, 0x1p31, 0x1p32, 0x1p51 + 0.5, 0x1p52 - 0.5, 0x1p52,
        0x1p53,
        0x1p63, 1e300, Float.MIN_VALUE, Double.MIN_VALUE, Float.MAX_VALUE, Double.MAX_VALUE, Double.POSITIVE_INFINITY,
        Double.NaN
    };

    /** Special values, any bits, and numbers of moderate size; half of them negative. */
    @Provide
    Arbitrary<Double> numbers() {
        Arbitrary<Double> special = Arbitraries.integers().between(0, SPECIAL.length - 1).map(i -> SPECIAL[i]);
        Arbitrary<Double> anyDouble = Arbitraries.longs().map(Double::longBitsToDouble);
        Arbitrary<Double> anyFloat = Arbitraries.integers().map(bits -> (double) Float.intBitsToFloat(bits));
        Arbitrary<Double> quarters = Arbitraries.integers().between(-4000, 4000).map(i -> i / 4.0);
        Arbitrary<Double> magnitude = Arbitraries.oneOf(special, anyDouble, anyFloat, quarters);
        return Arbitraries.of(1.0, -1.0).flatMap(sign -> magnitude.map(x -> sign * x));
    }

    @Property
    void floorIsThatOfJava(@ForAll("numbers") double x) {
        check(LaneMath::floor, Math::floor, x);
    }

    @Property
    void ceilIsThatOfJava(@ForAll("numbers") double x) {
        check(LaneMath::ceil, Math::ceil, x);
    }

    @Property
    void rintIsThatOfJava(@ForAll("numbers") double x) {
        check(LaneMath::rint, Math::rint, x);
    }

    @Property
    void truncDropsTheFraction(@ForAll("numbers") double x) {
        check(LaneMath::trunc, v -> Math.copySign(Math.floor(Math.abs(v)), v), x);
    }

    @Property
    void roundTakesHalvesAwayFromZero(@ForAll("numbers") double x) {
        check(LaneMath::round, RoundingTest::awayFromZero, x);
    }

    private static double awayFromZero(double x) {
        double whole = Math.floor(Math.abs(x));
        return Math.copySign(Math.abs(x) - whole < 0.5 || Double.isInfinite(x) ? whole : whole + 1, x);
    }

    @Property
    void signIsThatOfJava(@ForAll("numbers") double x) {
        check(LaneMath::sign, Math::signum, x);
    }

    @Property
    void signOfIntegersIsThatOfJava(@ForAll long x) {
        Lane expression = LaneMath.sign(Lane.input(0, DType.I64));
        assertEquals((long) Long.signum(x), LaneInterpreter.evaluate(expression, x));
    }

    @Property
    void copySignIsThatOfJava(@ForAll("numbers") double x, @ForAll("numbers") double y) {
        // Java leaves open which sign a NaN has.
        double sign = Double.isNaN(y) ? 1 : y;
        BinaryOperator<Lane> function = LaneMath::copySign;
        Lane wide = function.apply(Lane.input(0, DType.F64), Lane.input(1, DType.F64));
        Lane narrow = function.apply(Lane.input(0, DType.F32), Lane.input(1, DType.F32));
        assertEquals(Math.copySign(x, sign), LaneInterpreter.evaluate(wide, x, sign));
        assertEquals(Math.copySign((float) x, (float) sign), LaneInterpreter.evaluate(narrow, (float) x, (float) sign));
    }

    private static void check(UnaryOperator<Lane> function, DoubleUnaryOperator expected, double x) {
        Lane wide = function.apply(Lane.input(0, DType.F64));
        Lane narrow = function.apply(Lane.input(0, DType.F32));
        assertEquals(expected.applyAsDouble(x), LaneInterpreter.evaluate(wide, x), () -> "of " + x);
        float single = (float) x;
        float expectedSingle = (float) expected.applyAsDouble(single);
        assertEquals(expectedSingle, LaneInterpreter.evaluate(narrow, single), () -> "of " + single);
    }
}
