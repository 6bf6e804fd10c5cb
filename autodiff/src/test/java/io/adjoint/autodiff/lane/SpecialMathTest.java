package io.adjoint.autodiff.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The functions in double that {@link StrictMath} lacks, against values that were computed with 60 digits. */
class SpecialMathTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    /** Rows of argument and value; the error counts in ulp of the value. */
    private static void check(double ulps, DoubleUnaryOperator function, double[]... rows) {
        for (double[] row : rows) {
            double actual = function.applyAsDouble(row[0]);
            double error = Math.abs(actual - row[1]) / Math.ulp(row[1]);
            assertTrue(error <= ulps, () -> "of " + row[0] + ": " + actual + " for " + row[1] + ", " + error + " ulp");
        }
    }

    /** Rows of order, argument and value. */
    private static void check(double ulps, DoubleBinaryOperator function, double[]... rows) {
        for (double[] row : rows) {
            check(ulps, x -> function.applyAsDouble(row[0], x), new double[] {row[1], row[2]});
        }
    }

    @Test
    void complementaryErrorFunction() {
        check(4, ErrorMath::erfc,
                new double[] {-3.0, 1.9999779095030015}, new double[] {-0.3, 1.3286267594591274},
                new double[] {1e-10, 0.999999999887162},
                new double[] {0.4, 0.5716076449533315}, new double[] {0.6, 0.3961439091520741},
                new double[] {2.057254237224255, 0.003621268706681559},
                new double[] {2.3544674731518236, 0.0008693340916247679},
                new double[] {2.487983913914242, 0.0004339274227661859},
                new double[] {9.597151986439352, 5.836081124447005e-42},
                new double[] {8.179290023179515, 6.037821703200362e-31},
                new double[] {9.45627497665792, 8.673682710069609e-41}, new double[] {20.5, 8.450842369572458e-185},
                new double[] {26.0, 5.663192408856143e-296});
    }

    @Test
    void normalDistribution() {
        check(4, ErrorMath::ndtr,
                new double[] {-37.0, 5.725571222524577e-300}, new double[] {-20.25, 1.77619986494957e-91},
                new double[] {-12.651937260596624, 5.457489139655828e-37},
                new double[] {-7.412528147462735, 6.195707217603201e-14},
                new double[] {-1.6797193960202357, 0.0465059620905978},
                new double[] {-5.2123053623569096, 9.32541052837999e-08},
                new double[] {-0.3, 0.3820885778110474}, new double[] {1e-09, 0.5000000003989423},
                new double[] {0.7, 0.758036347776927},
                new double[] {2.5, 0.9937903346742238}, new double[] {8.0, 0.9999999999999993});
    }

    /** Around its zero at -0.75 it is as precise as the two numbers of which it is the sum. */
    @Test
    void slopeOfGelu() {
        check(6, ErrorMath::geluslope,
                new double[] {-37.0, -7.838298669418516e-297},
                new double[] {-20.25, -7.283443978198863e-89},
                new double[] {-12.651937260596624, -8.735224113766365e-35},
                new double[] {-7.412528147462735, -3.402193217325057e-12},
                new double[] {-2.5, -0.03761108590814521},
                new double[] {-1.6797193960202357, -0.11697799673742156},
                new double[] {-0.9, -0.05541659956211986},
                new double[] {-0.5, 0.13250487534383715},
                new double[] {-0.3, 0.26767223317289013},
                new double[] {1e-09, 0.5000000007978845},
                new double[] {0.3, 0.7323277668271099},
                new double[] {0.7, 0.9766141011336599},
                new double[] {1.5, 1.1274691922299795},
                new double[] {2.5, 1.037611085908145},
                new double[] {8.0, 1.0000000000000397});
        assertEquals(-1.2972588788742786e-09, ErrorMath.geluslope(-0.7517915277), 1e-16);
    }

    @Test
    void inverseErrorFunction() {
        check(4, ErrorMath::erfinv,
                new double[] {1e-20, 8.86226925452758e-21}, new double[] {0.001, 0.0008862271574665521},
                new double[] {-0.05, -0.044340387910005497},
                new double[] {0.11, 0.09779584331614363}, new double[] {0.4999, 0.4768250236254278},
                new double[] {-0.5, -0.4769362762044699},
                new double[] {0.75, 0.8134198475976185}, new double[] {0.9, 1.1630871536766743},
                new double[] {-0.99, -1.8213863677184494},
                new double[] {0.999999, 3.458910737275499}, new double[] {0.9999999990686774, 4.328028275800946},
                new double[] {0.9999999999999999, 5.8635847487551676});
    }

    @Test
    void logarithmOfGamma() {
        check(8, GammaMath::lgamma,
                new double[] {1e-300, 690.7755278982137}, new double[] {1e-05, 11.512919692895826},
                new double[] {0.3, 1.0957979948180756},
                new double[] {0.999999, 5.772164873855652e-07}, new double[] {1.000001, -5.772148423874147e-07},
                new double[] {1.3, -0.10817480950786047},
                new double[] {1.7, -0.09580769740706588}, new double[] {1.9999, -4.227520877215346e-05},
                new double[] {2.0001, 4.2281658112919945e-05},
                new double[] {2.6, 0.35741186354897986}, new double[] {3.3, 0.9870985778947344},
                new double[] {7.7, 7.926541356269005},
                new double[] {12.9, 19.735015850713005}, new double[] {13.1, 20.240212723401434},
                new double[] {50.5, 146.51925549072064},
                new double[] {170.25, 702.7206616776805}, new double[] {100000.0, 1051287.7089736569},
                new double[] {1e+20, 4.505170185988091e+21},
                new double[] {-0.3, 1.4648400508576025}, new double[] {-1.6, 0.837499812222039},
                new double[] {-5.25, -3.7283005108608567},
                new double[] {-30.125, -72.98043649278745}, new double[] {-1e-09, 20.723265837523627});
    }

    @Test
    void digamma() {
        check(8, GammaMath::digamma,
                new double[] {1e-300, -9.999999999999999e+299}, new double[] {1e-05, -100000.57719921567},
                new double[] {0.3, -3.502524222200133},
                new double[] {0.75, -1.0858608797864722}, new double[] {1.0, -0.5772156649015329},
                new double[] {1.4616, -3.110625123034165e-05},
                new double[] {1.4616321, -4.3514636958769774e-08}, new double[] {1.46163214, -4.807746276832806e-09},
                new double[] {1.9, 0.35618416116405965}, new double[] {2.7, 0.7967831689911411},
                new double[] {5.5, 1.6110931485817512},
                new double[] {9.9, 2.2411803166063815}, new double[] {10.1, 2.262214357094148},
                new double[] {100.5, 4.605174352581845},
                new double[] {10000000000.0, 23.025850929890456}, new double[] {-0.3, 2.113309779635399},
                new double[] {-1.75, -2.322691628614361},
                new double[] {-10.3, 4.662403493582087});
    }

    @Test
    void polygamma() {
        check(16, GammaMath::polygamma,
                new double[] {1.0, 0.01, 10001.621213528313}, new double[] {1.0, 0.5, 4.934802200544679},
                new double[] {1.0, 1.4616, 0.9677007114650835},
                new double[] {1.0, 9.5, 0.11099728846909904}, new double[] {1.0, 1000000.0, 1.0000005000001667e-06},
                new double[] {1.0, -0.4, 9.886209670902357}, new double[] {1.0, -7.25, 19.61035453929327},
                new double[] {2.0, 0.3, -75.27253658872604},
                new double[] {2.0, 3.7, -0.09539530872855403}, new double[] {2.0, -1.6, -22.49158811431912},
                new double[] {3.0, 0.9, 9.739014093776728},
                new double[] {3.0, 25.5, 0.00012789774302263916}, new double[] {3.0, -2.2, 3768.52054063475},
                new double[] {5.0, 1.5, 11.113548602435497},
                new double[] {20.0, 4.0, -558395.585813933});
    }

    @Test
    void modifiedBesselFunctions() {
        check(16, SeriesMath::besseli,
                new double[] {0.0, 1e-10, 1.0}, new double[] {0.0, 0.7, 1.1263030183068092},
                new double[] {0.0, 5.0, 27.239871823604446},
                new double[] {0.0, 19.9, 39513376.52006682}, new double[] {0.0, 20.1, 48017874.1071365},
                new double[] {0.0, 100.0, 1.0737517071310738e+42},
                new double[] {0.0, 712.0, 2.4684110577627523e+307}, new double[] {1.0, 1e-05, 5.0000000000625004e-06},
                new double[] {1.0, 3.3, 5.180958855355928}, new double[] {1.0, -20.5, -69170831.67918438},
                new double[] {1.0, 25.0, 5657865129.878701},
                new double[] {2.0, 0.5, 0.031906149177738256}, new double[] {2.0, -4.0, 6.4221893752841055},
                new double[] {2.0, 23.5, 1218700190.8720496},
                new double[] {2.0, 30.0, 730436828561.3804}, new double[] {3.0, -7.0, -85.17548684284387},
                new double[] {5.0, 2.5, 0.03284347517202321},
                new double[] {10.0, 40.0, 4228469210516759.0});
    }

    @Test
    void derivativesOfSinc() {
        check(16, SeriesMath::sinc,
                new double[] {0.0, 1e-09, 1.0}, new double[] {0.0, 0.3, 0.8583936913341398},
                new double[] {0.0, 0.99999, 1.0000099999309549e-05},
                new double[] {0.0, 2.00001, 4.999974999335292e-06}, new double[] {0.0, -3.5, -0.09094568176679733},
                new double[] {0.0, 1000.125, 0.00012179669521365238}, new double[] {1.0, 1e-09, -3.289868133696453e-09},
                new double[] {1.0, 0.1, -0.325751267883124}, new double[] {1.0, 0.6, -1.3559469113367535},
                new double[] {1.0, -0.9, 1.178165467869117},
                new double[] {1.0, 5.3, -0.10173526983801595}, new double[] {2.0, 0.0, -3.289868133696453},
                new double[] {2.0, 0.4, -1.8719587335325203},
                new double[] {2.0, 1.2, 2.4459044611635856}, new double[] {3.0, 0.2, 3.71603178532022},
                new double[] {3.0, -2.7, -2.986272756410516},
                new double[] {4.0, 0.9, -12.900264584508133}, new double[] {4.0, 3.1, -6.367832551355399});
    }

    /** The Taylor series of the integral of {@code t^n cos(pi x t + n pi / 2)}, with 80 digits and more. */
    @Test
    void highDerivativesOfSinc() {
        check(16, SeriesMath::sinc,
                new double[] {8, 2.7, 96.32205828314632}, new double[] {12, 3.9, 26086.289406424620},
                new double[] {29, 0.1, -2608572088648.0664}, new double[] {30, 5.0, 21383037363753.841},
                new double[] {30, 9.8, -3062262374964.1789}, new double[] {40, 9.8, 451143988587064175.0},
                new double[] {60, 15.9, 4.6693680005062106e+27}, new double[] {64, 31.5, -4.6775296641465532e+29},
                new double[] {99, -0.3, -1.3267930166920747e+47}, new double[] {100, 5.25, -4.1130275128931677e+47},
                new double[] {100, 31.9, 1.6765001971622194e+47}, new double[] {100, 100.3, 1.4904910332504222e+47},
                new double[] {200, 63.5, -6.7113424706978202e+96});
    }

    @Test
    void polesAndEnds() {
        checkExactly(ErrorMath::erfc, -INFINITY, 2, INFINITY, 0, 28, 0, NAN, NAN, 0, 1);
        checkExactly(ErrorMath::ndtr, -INFINITY, 0, INFINITY, 1, -40, 0, NAN, NAN, 0, 0.5);
        checkExactly(ErrorMath::geluslope, -INFINITY, -0.0, INFINITY, 1, -41, -0.0, NAN, NAN);
        checkExactly(ErrorMath::erfinv, -1, -INFINITY, 1, INFINITY, 1.5, NAN, -INFINITY, NAN, NAN, NAN, 0, 0, -0.0,
                -0.0);
        checkExactly(GammaMath::lgamma, 0, INFINITY, -0.0, INFINITY, -1, INFINITY, -1e8, INFINITY, -INFINITY, INFINITY,
                INFINITY, INFINITY, 1, 0, 2, 0, NAN, NAN, 1e306, INFINITY);
        checkExactly(GammaMath::digamma, 0, -INFINITY, -0.0, INFINITY, -1, NAN, -INFINITY, NAN, INFINITY, INFINITY, NAN,
                NAN);
        checkExactly(x -> GammaMath.polygamma(1, x), 0, INFINITY, -2, INFINITY, INFINITY, 0, -INFINITY, NAN, NAN, NAN);
        checkExactly(x -> GammaMath.polygamma(2, x), 0, -INFINITY, -0.0, -INFINITY, -3, -INFINITY);
        checkExactly(x -> SeriesMath.besseli(0, x), 0, 1, INFINITY, NAN, 1e8, INFINITY, NAN, NAN);
        checkExactly(x -> SeriesMath.besseli(1, x), 0, 0, -0.0, 0, -1e8, -INFINITY);
        checkExactly(x -> SeriesMath.sinc(0, x), 0, 1, 7, 0, INFINITY, NAN, NAN, NAN);
        checkExactly(x -> SeriesMath.sinc(1, x), 0, 0, INFINITY, NAN);
        checkExactly(PlainMath::acosh, 1, 0, 0.5, NAN, -5, NAN, INFINITY, INFINITY);
        checkExactly(PlainMath::asinh, -0.0, -0.0, INFINITY, INFINITY, -INFINITY, -INFINITY);
        checkExactly(PlainMath::atanh, 1, INFINITY, -1, -INFINITY, 2, NAN, -0.0, -0.0);
        checkExactly(PlainMath::logit, 0, -INFINITY, 1, INFINITY, 0.5, 0, 2, NAN, -1, NAN);
    }

    /** Arguments and values by turns; zeros of either sign are equal if the value is a positive zero. */
    private static void checkExactly(DoubleUnaryOperator function, double... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            double actual = function.applyAsDouble(pairs[i]);
            assertEquals(pairs[i + 1], actual == 0 && pairs[i + 1] == 0 && 1 / pairs[i + 1] > 0 ? 0 : actual,
                    "of " + pairs[i]);
        }
    }

    /** {@code gamma(x + 1) = x gamma(x)} and its derivatives; {@code erf(erfinv x) = x}; inverses of the hyperbolic functions. */
    @Test
    void functionalEquations() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 20_000; i++) {
            double x = random.nextDouble(-9, 15);
            double scale = Math.abs(GammaMath.lgamma(x)) + Math.abs(Math.log(Math.abs(x))) + 1;
            assertEquals(GammaMath.lgamma(x) + StrictMath.log(Math.abs(x)), GammaMath.lgamma(x + 1), 4e-15 * scale);
            double reciprocal = Math.abs(1 / x) + Math.abs(GammaMath.digamma(x)) + 1;
            assertEquals(GammaMath.digamma(x) + 1 / x, GammaMath.digamma(x + 1), 1e-14 * reciprocal, () -> "of " + x);
            double power = 2 / Math.abs(x * x * x) + Math.abs(GammaMath.polygamma(2, x)) + 1;
            assertEquals(GammaMath.polygamma(2, x) + 2 / (x * x * x), GammaMath.polygamma(2, x + 1), 1e-13 * power,
                    () -> "of " + x);
            double p = random.nextDouble(-1, 1);
            assertEquals(1 - p, ErrorMath.erfc(ErrorMath.erfinv(p)), 8e-16);
            double h = random.nextDouble(-20, 20);
            assertEquals(h, PlainMath.asinh(StrictMath.sinh(h)), 4 * Math.ulp(h));
            assertEquals(Math.abs(h), PlainMath.acosh(StrictMath.cosh(h)), 1e-15 / Math.min(1, Math.abs(h)) * 8);
        }
    }

    /** The recurrences {@code I(n-1) - I(n+1) = 2n/x I(n)}, {@code j'' + 2/z j' + j = 0}. */
    @Test
    void neighboursAndDifferentialEquations() {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 5_000; i++) {
            double x = random.nextDouble(0.5, 60);
            int order = random.nextInt(1, 6);
            double middle = 2 * order / x * SeriesMath.besseli(order, x);
            double below = SeriesMath.besseli(order - 1, x);
            assertEquals(middle, below - SeriesMath.besseli(order + 1, x), 2e-14 * below, () -> "of " + x);
            double t = random.nextDouble(-8, 8);
            double z = Math.PI * t;
            double left = SeriesMath.sinc(2, t) / (Math.PI * Math.PI) * z + 2 * SeriesMath.sinc(1, t) / Math.PI
                    + z * SeriesMath.sinc(0, t);
            assertEquals(0, left, 2e-14, () -> "of " + t);
        }
    }
}
