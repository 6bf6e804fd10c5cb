package io.adjoint.autodiff.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The incomplete functions against values computed with 30 digits or more, and against what must hold between them. */
class IncompleteMathTest {
    private static void check(double wanted, double actual, double relative) {
        check(wanted, actual, relative, 1e-16);
    }

    private static void check(double wanted, double actual, double relative, double absolute) {
        assertTrue(Math.abs(actual - wanted) <= relative * Math.abs(wanted) + absolute,
                () -> actual + " for " + wanted);
    }

    @Test
    void incompleteGammaFunctions() {
        check(0.0011833936440862256, IncompleteGamma.incompletegamma(1, 0, 1, 6.739368998628257), 1e-14);
        check(0.46017304500508227, IncompleteGamma.incompletegamma(1, 0, 1001, 1003.8331938649216), 1e-14);
        check(2.850526586825853e-07, IncompleteGamma.incompletegamma(0, 0, 999, 848.8529809727103), 1e-14);
        check(-1.205983721365352, IncompleteGamma.incompletegamma(0, 1, 0.3, 0.09486832980505137), 1e-12);
        check(5.396793957978582e-07, IncompleteGamma.incompletegamma(0, 2, 10.5, 1.1258270722833206), 1e-12);
        check(0.0013309725640147188, IncompleteGamma.incompletegamma(1, 0, 29, 47.87407794817641), 1e-14);
        check(35.392155682056824, IncompleteGamma.incompletegamma(0, 2, 0.001, 0.0012589254117941673), 1e-12);
        check(-17.529499859061197, IncompleteGamma.incompletegamma(0, 1, 0.001, 1e-08), 1e-12);
        check(0.4601730465551504, IncompleteGamma.incompletegamma(1, 0, 999, 1001.8300309587537), 1e-14);
        check(5.552367864702713e-65, IncompleteGamma.incompletegamma(0, 0, 2.7, 2.7000000000000004e-24), 1e-14);
        check(0.160388849324598, IncompleteGamma.incompletegamma(0, 2, 1, 0.7843443072702331), 1e-12);
        check(0.3138881909889534, IncompleteGamma.incompletegamma(0, 0, 1, 0.37671467764060357), 1e-14);
        check(0.0013436125657214876, IncompleteGamma.incompletegamma(1, 0, 100, 132.69707393689993), 1e-14);
        check(0.0013320236612168804, IncompleteGamma.incompletegamma(1, 0, 31, 50.420483398913426), 1e-14);
        check(-0.46926604004358335, IncompleteGamma.incompletegamma(0, 1, 1, 0.37671467764060357), 1e-12);
        check(-0.2570083297189997, IncompleteGamma.incompletegamma(0, 1, 2.7, 2.5344856446683774), 1e-12);
        check(0.0011702756254883106, IncompleteGamma.incompletegamma(1, 1, 10.5, 22.963504037050587), 1e-12);
        check(0.9997803916424144, IncompleteGamma.incompletegamma(0, 0, 0.001, 1), 1e-14);
        check(3.8379972354971073, IncompleteGamma.incompletegamma(0, 2, 0.3, 3e-06), 1e-12);
        check(2.247557078163736e-07, IncompleteGamma.incompletegamma(0, 0, 31, 10.500200705106723), 1e-14);
        check(0.5398334731055472, IncompleteGamma.incompletegamma(0, 0, 29, 29.20566743727273), 1e-14);
        check(0.539831791732832, IncompleteGamma.incompletegamma(0, 0, 31, 31.22398038042509), 1e-14);
        check(0.5398236745464685, IncompleteGamma.incompletegamma(0, 0, 100, 100.66814924554188), 1e-14);
        check(2.689780162625352e-07, IncompleteGamma.incompletegamma(0, 0, 100, 57.63919739369), 1e-14);
        check(0.0013491957021635917, IncompleteGamma.incompletegamma(1, 0, 999, 1096.4978012210033), 1e-14);
        check(0.9823139793538469, IncompleteGamma.incompletegamma(0, 0, 0.001, 1e-08), 1e-14);
        check(0.0012420276867272024, IncompleteGamma.incompletegamma(1, 0, 2.7, 10.397450510701017), 1e-14);
        check(-0.11371540034177965, IncompleteGamma.incompletegamma(0, 1, 10.5, 8.665127357909897), 1e-12);
        check(-7.4279994823877376, IncompleteGamma.incompletegamma(0, 1, 0.001, 0.00031622776601683794), 1e-12);
        check(-0.219832728883122, IncompleteGamma.incompletegamma(0, 1, 0.001, 1), 1e-12);
        check(-0.24370450772572871, IncompleteGamma.incompletegamma(0, 1, 2.7, 1.7019272684626283), 1e-12);
        check(311.20234928205355, IncompleteGamma.incompletegamma(0, 2, 0.001, 1e-08), 1e-12);
        check(-0.7821426870194454, IncompleteGamma.incompletegamma(0, 1, 0.3, 0.3776776235382502), 1e-12);
        check(0.30854217814098833, IncompleteGamma.incompletegamma(0, 0, 1001, 984.9341010919353), 1e-14);
        check(2.138305365978963, IncompleteGamma.incompletegamma(0, 2, 0.3, 0.09486832980505137), 1e-12);
        check(0.0013491970695083035, IncompleteGamma.incompletegamma(1, 0, 1001, 1098.59265961082), 1e-14);
        check(0.11880838660682153, IncompleteGamma.incompletegamma(0, 2, 2.7, 1.7019272684626283), 1e-12);
        check(0.0002059215938426555, IncompleteGamma.incompletegamma(0, 2, 10.5, 10.490706444846193), 1e-12);
        check(0.5435811257701169, IncompleteGamma.incompletegamma(0, 0, 1, 0.7843443072702331), 1e-14);
        check(0.30871021930826004, IncompleteGamma.incompletegamma(0, 0, 31, 27.98610132346312), 1e-14);
    }

    @Test
    void incompleteBetaFunction() {
        check(-9.99999916583261e-07, IncompleteBeta.incompletebeta(0, 2, 1, 1, 0.001), 1e-12);
        check(-0.34657359027997264, IncompleteBeta.incompletebeta(1, 0, 1, 1, 0.5), 1e-12);
        check(0.001, IncompleteBeta.incompletebeta(0, 0, 1, 1, 0.001), 1e-14);
        check(0.2489364635213473, IncompleteBeta.incompletebeta(0, 1, 0.3, 0.4, 0.999), 1e-12);
        check(-0.6436243396267739, IncompleteBeta.incompletebeta(1, 1, 0.3, 0.4, 0.001), 1e-12);
        check(-1.6007654007407104, IncompleteBeta.incompletebeta(0, 2, 0.3, 0.4, 0.4285714285714286), 1e-12);
        check(5.339151105441713, IncompleteBeta.incompletebeta(2, 0, 0.3, 0.4, 0.001), 1e-12);
        check(-0.653366619904812, IncompleteBeta.incompletebeta(1, 0, 0.3, 0.4, 0.001), 1e-12);
        check(0.34657359027997264, IncompleteBeta.incompletebeta(0, 1, 1, 1, 0.5), 1e-12);
        check(0.129708414544237, IncompleteBeta.incompletebeta(2, 0, 0.3, 0.4, 0.999), 1e-12);
        check(0.5436843959967618, IncompleteBeta.incompletebeta(0, 0, 0.3, 0.4, 0.4285714285714286), 1e-14);
        check(0.6598850321655987, IncompleteBeta.incompletebeta(0, 1, 0.3, 0.4, 0.4285714285714286), 1e-12);
        check(-0.07043440085989211, IncompleteBeta.incompletebeta(1, 0, 0.3, 0.4, 0.999), 1e-12);
        check(2.3650623789035707, IncompleteBeta.incompletebeta(2, 0, 0.3, 0.4, 0.4285714285714286), 1e-12);
        check(0.0, IncompleteBeta.incompletebeta(1, 1, 1, 1, 0.5), 1e-12);
        check(0.9691376988212486, IncompleteBeta.incompletebeta(0, 0, 0.3, 0.4, 0.999), 1e-14);
        check(-2.0637353904403786, IncompleteBeta.incompletebeta(0, 2, 0.3, 0.4, 0.999), 1e-12);
        check(-0.21696238819894445, IncompleteBeta.incompletebeta(0, 2, 0.3, 0.4, 0.001), 1e-12);
        check(-0.0069077552789821375, IncompleteBeta.incompletebeta(1, 0, 1, 1, 0.001), 1e-12);
        check(0.24022650695910072, IncompleteBeta.incompletebeta(2, 0, 1, 1, 0.5), 1e-12);
        check(0.00099949983324995, IncompleteBeta.incompletebeta(0, 1, 1, 1, 0.001), 1e-12);
        check(-0.24022650695910072, IncompleteBeta.incompletebeta(0, 2, 1, 1, 0.5), 1e-12);
        check(0.5, IncompleteBeta.incompletebeta(0, 0, 1, 1, 0.5), 1e-14);
        check(0.4806769581201125, IncompleteBeta.incompletebeta(1, 1, 0.3, 0.4, 0.999), 1e-12);
    }

    /**
     * A whole number b ends the fraction, or makes its convergents shrink. With a = 1 it is {@code 1 - (1 - x)^b}; all are sums of
     * 26.5.4's series with 60 digits. Logarithms of gamma near 1e5 leave 11 of them.
     */
    @Test
    void incompleteBetaFunctionOfAWholeAndAGreatParameter() {
        check(2.2600942499562863e-46, IncompleteBeta.incompletebeta(0, 1, 1, 1e4, 0.01), 1e-11, 0);
        check(-2.2714706272628113e-48, IncompleteBeta.incompletebeta(0, 2, 1, 1e4, 0.01), 1e-11, 0);
        check(1.1712680653822755e-45, IncompleteBeta.incompletebeta(1, 1, 1, 1e4, 0.01), 1e-11, 0);
        check(-2.2600942499562863e-46, IncompleteBeta.incompletebeta(1, 0, 1e4, 1, 0.99), 1e-11, 0);
    }

    /** Differences, with a step of 1e-12, of the slope by the series 6.5.29, with 130 digits. */
    @Test
    void slopesFarFromTheParameter() {
        check(-0.006487281542383356, IncompleteGamma.gammaslope(3, 13, -30), 1e-13, 0);
        check(-1.2501477927907554e-10, IncompleteGamma.gammaslope(3, 1500, -100), 1e-12, 0);
        check(9.371390612976424e-09, IncompleteGamma.gammaslope(2, 1500, -10), 1e-12, 0);
        check(-1.0869794299393307e-05, IncompleteGamma.gammaslope(1, 900, -3), 1e-12, 0);
        check(-1.4985823740065748, IncompleteGamma.gammaslope(3, 2.5, -10), 1e-13, 0);
    }

    /** Where nothing is left, and the slope is {@code (y - digamma(a)) / e^y} by 6.5.32. */
    @Test
    void farAboveTheParameter() {
        for (double x : new double[] {1e199, 1e250, Double.MAX_VALUE}) {
            assertEquals(0, IncompleteGamma.incompletegamma(1, 0, 0.5, x));
            assertEquals(1, IncompleteGamma.incompletegamma(0, 0, 0.5, x));
            assertEquals(0, IncompleteGamma.incompletegamma(1, 2, 0.5, x));
        }
        for (double y : new double[] {400, 500, 600, 690}) {
            check((y - GammaMath.digamma(0.5)) / StrictMath.exp(y), IncompleteGamma.gammaslope(0, 0.5, y), 1e-12, 0);
        }
    }

    @Test
    void edges() {
        assertEquals(0, IncompleteGamma.incompletegamma(0, 0, 2, 0));
        assertEquals(1, IncompleteGamma.incompletegamma(1, 0, 2, 0));
        assertEquals(1, IncompleteGamma.incompletegamma(0, 0, 2, Double.POSITIVE_INFINITY));
        assertEquals(0, IncompleteGamma.incompletegamma(1, 0, 2, Double.POSITIVE_INFINITY));
        assertEquals(Double.NaN, IncompleteGamma.incompletegamma(0, 0, 0, 1));
        assertEquals(Double.NaN, IncompleteGamma.incompletegamma(0, 0, 1, -1));
        assertEquals(Double.NEGATIVE_INFINITY, IncompleteGamma.loggammaquantile(2, 0));
        assertEquals(Double.POSITIVE_INFINITY, IncompleteGamma.loggammaquantile(2, 1));
        assertEquals(Double.NaN, IncompleteGamma.loggammaquantile(2, 1.5));
        assertEquals(0, IncompleteBeta.incompletebeta(0, 0, 2, 3, 0));
        assertEquals(1, IncompleteBeta.incompletebeta(0, 0, 2, 3, 1));
        assertEquals(Double.NaN, IncompleteBeta.incompletebeta(0, 0, 2, 0, 0.5));
        assertEquals(Double.NaN, IncompleteBeta.incompletebeta(2, 1, 2, 3, 0.5));
    }

    @Test
    void theQuantileIsTheInverse() {
        for (double a : new double[] {1e-8, 1e-3, 0.1, 0.5, 1, 2, 10, 50, 300, 999, 1001, 1e4, 1e6}) {
            for (double p : new double[] {1e-20, 1e-5, 0.01, 0.3, 0.5, 0.500001, 0.8, 0.99, 1 - 1e-9, 1 - 1e-15}) {
                double y = IncompleteGamma.loggammaquantile(a, p);
                boolean upper = p > 0.5;
                double x = StrictMath.exp(y);
                // e^y may be too small for a double; there P is x^a / gamma(a + 1)
                double back = y < -700 ? StrictMath.exp(a * y - GammaMath.lgamma(a + 1))
                        : IncompleteGamma.incompletegamma(upper ? 1 : 0, 0, a, x);
                check(upper && y >= -700 ? 1 - p : p, back, 1e-14 * (4 + Math.abs(StrictMath.log(p)) + Math.sqrt(a)));
            }
        }
    }

    /** A quantile that is followed while a changes moves along the slope. */
    @Test
    void theSlopeIsThatOfTheQuantile() {
        for (double a : new double[] {1e-3, 0.1, 1, 2, 10, 50, 300, 999, 1001, 1e4, 1e6}) {
            for (double p : new double[] {1e-5, 0.3, 0.9}) {
                double h = a * 1e-5;
                double difference = (IncompleteGamma.loggammaquantile(a + h, p)
                        - IncompleteGamma.loggammaquantile(a - h, p)) / (2 * h);
                double y = IncompleteGamma.loggammaquantile(a, p);
                check(difference, IncompleteGamma.gammaslope(0, a, y), 1e-8);
                double second = (IncompleteGamma.gammaslope(0, a + h, y) - IncompleteGamma.gammaslope(0, a - h, y))
                        / (2 * h);
                check(second, IncompleteGamma.gammaslope(1, a, y), 1e-5);
            }
        }
    }

    /** {@code I(a, b, x) = 1 - I(b, a, 1 - x)}, and what a becomes when it grows by one. */
    @Test
    void theBetaFunctionsRecurrence() {
        for (double a : new double[] {0.1, 1, 7, 40, 2000}) {
            for (double b : new double[] {0.2, 1.5, 30, 5000}) {
                for (double z : new double[] {-2, -0.3, 0.4, 3}) {
                    double mean = a / (a + b);
                    double x = Math.clamp(mean + z * Math.sqrt(mean * (1 - mean) / (a + b + 1)), 0.01, 0.99);
                    double value = IncompleteBeta.incompletebeta(0, 0, a, b, x);
                    assertEquals(1 - value, IncompleteBeta.incompletebeta(0, 0, b, a, 1 - x), 1e-13);
                    double less = StrictMath.exp(a * StrictMath.log(x) + b * StrictMath.log1p(-x)
                            + GammaMath.lgamma(a + b) - GammaMath.lgamma(a + 1) - GammaMath.lgamma(b));
                    assertEquals(value - less, IncompleteBeta.incompletebeta(0, 0, a + 1, b, x), 1e-11);
                }
            }
        }
    }
}
