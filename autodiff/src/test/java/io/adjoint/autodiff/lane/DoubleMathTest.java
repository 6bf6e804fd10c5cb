package io.adjoint.autodiff.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The compositions in F64 against independent ways to the same number. */
class DoubleMathTest {
    private static final MathContext SIXTY_DIGITS = new MathContext(60);
    private static final BigDecimal ROOT_OF_PI =
            new BigDecimal("1.77245385090551602729816748334114518279754945612238712821380779");

    @Test
    void log2OfPowersOfTwoIsExact() {
        for (int exponent = Double.MIN_EXPONENT - 52; exponent <= Double.MAX_EXPONENT; exponent++) {
            assertEquals(exponent, evaluate(LaneMath::log2, Math.scalb(1.0, exponent)));
        }
    }

    @Test
    void log2IsTheLogarithmOverThatOfTwo() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 100_000; i++) {
            double anywhere = Math.scalb(random.nextDouble(1, 2), random.nextInt(-1074, 1024));
            double x = i % 2 == 0 ? anywhere : random.nextDouble(0.5, 2);
            double expected = StrictMath.log(x) / StrictMath.log(2);
            assertEquals(expected, evaluate(LaneMath::log2, x), 4 * Math.ulp(expected), () -> "of " + x);
        }
    }

    @Test
    void log2AtTheEdges() {
        assertEquals(Double.NEGATIVE_INFINITY, evaluate(LaneMath::log2, 0.0));
        assertEquals(Double.NEGATIVE_INFINITY, evaluate(LaneMath::log2, -0.0));
        assertEquals(Double.POSITIVE_INFINITY, evaluate(LaneMath::log2, Double.POSITIVE_INFINITY));
        assertEquals(Double.NaN, evaluate(LaneMath::log2, -1));
        assertEquals(Double.NaN, evaluate(LaneMath::log2, Double.NEGATIVE_INFINITY));
        assertEquals(Double.NaN, evaluate(LaneMath::log2, Double.NaN));
    }

    @Test
    void sigmoidIsItsFormulaAndBelowThatTheExponential() {
        for (double x = -740; x < 740; x += 0.37) {
            double at = x;
            double expected = x < -40 ? StrictMath.exp(x) : 1 / (1 + StrictMath.exp(-x));
            assertEquals(expected, evaluate(LaneMath::sigmoid, x), 3 * Math.ulp(expected), () -> "of " + at);
        }
        assertEquals(0, evaluate(LaneMath::sigmoid, Double.NEGATIVE_INFINITY));
        assertEquals(1, evaluate(LaneMath::sigmoid, Double.POSITIVE_INFINITY));
        assertEquals(Double.NaN, evaluate(LaneMath::sigmoid, Double.NaN));
    }

    @Test
    void softplusIsItsFormulaWithoutOverflowOrCancellation() {
        for (double x = -740; x < 740; x += 0.37) {
            double at = x;
            double expected = x > 40 ? x : StrictMath.log1p(StrictMath.exp(x));
            assertEquals(expected, evaluate(LaneMath::softplus, x), 3 * Math.ulp(expected), () -> "of " + at);
        }
        assertEquals(0, evaluate(LaneMath::softplus, Double.NEGATIVE_INFINITY));
        assertEquals(Double.POSITIVE_INFINITY, evaluate(LaneMath::softplus, Double.POSITIVE_INFINITY));
        assertEquals(Double.NaN, evaluate(LaneMath::softplus, Double.NaN));
    }

    @Test
    void erfIsItsSeries() {
        SplittableRandom random = new SplittableRandom(2);
        double worst = 0;
        for (int i = 0; i < 800; i++) {
            double x = i % 2 == 0 ? random.nextDouble(6.2) : StrictMath.exp(random.nextDouble(-30, 1.8));
            BigDecimal expected = erfBySeries(x);
            double difference = new BigDecimal(evaluate(LaneMath::erf, x)).subtract(expected).doubleValue();
            worst = Math.max(worst, Math.abs(difference) / Math.ulp(expected.doubleValue()));
        }
        System.out.printf("ERF in F64: at most %.3f ulp%n", worst);
        assertTrue(worst < 2, "off by " + worst + " ulp");
    }

    @Test
    void erfAtTheEdges() {
        assertEquals(-0.0, evaluate(LaneMath::erf, -0.0));
        assertEquals(1, evaluate(LaneMath::erf, 6.0));
        assertEquals(-1, evaluate(LaneMath::erf, -1e300));
        assertEquals(1, evaluate(LaneMath::erf, Double.POSITIVE_INFINITY));
        assertEquals(Double.NaN, evaluate(LaneMath::erf, Double.NaN));
        double small = 1e-300;
        assertEquals(2 / Math.sqrt(Math.PI) * small, evaluate(LaneMath::erf, small), 2 * Math.ulp(small));
        for (double x = 0; x < 7; x += 1e-3) {
            assertEquals(-evaluate(LaneMath::erf, x), evaluate(LaneMath::erf, -x));
            assertTrue(evaluate(LaneMath::erf, x) <= 1);
        }
    }

    /** {@code 2/sqrt(pi) (x - x^3/3 + x^5/10 - ...)}; 60 digits leave 25 after its cancellation at 6. */
    private static BigDecimal erfBySeries(double argument) {
        BigDecimal x = new BigDecimal(argument);
        BigDecimal negativeSquare = x.multiply(x).negate();
        BigDecimal power = x;
        BigDecimal sum = x;
        for (int n = 1; n < 250; n++) {
            power = power.multiply(negativeSquare, SIXTY_DIGITS).divide(BigDecimal.valueOf(n), SIXTY_DIGITS);
            sum = sum.add(power.divide(BigDecimal.valueOf(2 * n + 1), SIXTY_DIGITS), SIXTY_DIGITS);
        }
        return sum.multiply(BigDecimal.TWO).divide(ROOT_OF_PI, SIXTY_DIGITS);
    }

    @Test
    void tanhshrinkDoesNotCancel() {
        double[][] rows = { // argument, and value with 700 digits, rounded
            {1e-100, 3.3333333333333334e-301}, {1e-30, 3.333333333333334e-91}, {-1e-08, -3.3333333333333335e-25},
            {0.001, 3.33333200000054e-10}, {0.1, 0.00033200537504418296}, {-0.37, -0.016008287522954006},
            {0.5, 0.03788284273999024}, {0.75, 0.11485104761271268}, {1.0, 0.23840584404423512},
            {1.2, 0.3663453929878447}, {1.4375, 0.5443066595996485}, {1.499, 0.5940326166481971},
            {1.5, 0.5948517463551336}, {1.75, 0.8086244615027126}, {-2.5, -1.5133857018485697},
            {4.0, 3.0006707002609327}, {20.0, 19.0}, {1e10, 9999999999.0}
        };
        for (double[] row : rows) {
            double actual = evaluate(LaneFunctions::tanhshrink, row[0]);
            assertEquals(row[1], actual, 3 * Math.ulp(row[1]), () -> "of " + row[0]);
            assertEquals(-actual, evaluate(LaneFunctions::tanhshrink, -row[0]));
        }
        assertEquals(-0.0, evaluate(LaneFunctions::tanhshrink, -0.0));
        assertEquals(Double.POSITIVE_INFINITY, evaluate(LaneFunctions::tanhshrink, Double.POSITIVE_INFINITY));
        assertEquals(Double.NEGATIVE_INFINITY, evaluate(LaneFunctions::tanhshrink, Double.NEGATIVE_INFINITY));
        assertEquals(Double.NaN, evaluate(LaneFunctions::tanhshrink, Double.NaN));
    }

    private static double evaluate(UnaryOperator<Lane> function, double x) {
        return (Double) LaneInterpreter.evaluate(function.apply(Lane.input(0, DType.F64)), x);
    }
}
