package io.adjoint.autodiff.lane;

import io.adjoint.autodiff.DType;
import java.util.SplittableRandom;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;

/** The functions of two arguments in F32, what they should be in double, and the error in ulp that they may have. */
public enum FloatPair {
    POW(LaneFunctions::power, (a, b) -> a == 1 ? 1 : StrictMath.pow(a, b), 4, Draw.POWERS),
    ATAN2(LaneMath::atan2, StrictMath::atan2, 2, Draw.BITS),
    HYPOT(LaneFunctions::hypot, StrictMath::hypot, 0.501, Draw.BITS),
    XLOGY(LaneFunctions::xlogy, (a, b) -> a * StrictMath.log(b), 3, Draw.POSITIVE),
    LOG_ADD_EXP(LaneFunctions::logaddexp, FloatPair::logAddExp, 2, Draw.EXPONENTS),
    LOG_ADD_EXP2(LaneFunctions::logaddexp2, FloatPair::logAddExp2, 2, Draw.EXPONENTS);

    /** How many pairs are drawn for each function. */
    public static final int DRAWS = 300_000;

    /** Where pairs are drawn from. */
    private enum Draw {
        /** Any floats, the second one often near the first. */
        BITS {
            @Override
            float[] next(SplittableRandom random, int i) {
                float y = Float.intBitsToFloat(random.nextInt());
                float x = i % 2 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) (y * random.nextDouble(-3, 3));
                return new float[] {y, x};
            }
        },
        /** Moderate numbers, and any that have a logarithm. */
        POSITIVE {
            @Override
            float[] next(SplittableRandom random, int i) {
                float bits = Math.abs(Float.intBitsToFloat(random.nextInt()));
                return new float[] {(float) random.nextDouble(-9, 9), i % 2 == 0 ? bits : random.nextFloat() * 8};
            }
        },
        /** Bases near one and far from it, and exponents by which results lie over the whole range of floats. */
        POWERS {
            @Override
            float[] next(SplittableRandom random, int i) {
                double near = 1 + Math.scalb(random.nextDouble(-0.5, 0.5), -random.nextInt(24));
                float x = (float) (i % 2 == 0 ? near : StrictMath.exp(random.nextDouble(-103, 88)));
                return new float[] {x, (float) (random.nextDouble(-104, 89) / StrictMath.log(x))};
            }
        },
        /** Exponents whose powers are floats, the second one often near the first. */
        EXPONENTS {
            @Override
            float[] next(SplittableRandom random, int i) {
                float x = (float) random.nextDouble(-120, 120);
                return new float[] {x,
                    i % 2 == 0 ? (float) random.nextDouble(-120, 120) : x + (float) random.nextDouble(-3, 3)};
            }
        };

        abstract float[] next(SplittableRandom random, int i);
    }

    private final BinaryOperator<Lane> function;
    private final DoubleBinaryOperator exact;
    private final double ulps;
    private final Draw draw;

    FloatPair(BinaryOperator<Lane> function, DoubleBinaryOperator exact, double ulps, Draw draw) {
        this.function = function;
        this.exact = exact;
        this.ulps = ulps;
        this.draw = draw;
    }

    private static double logAddExp(double x, double y) {
        return Math.max(x, y) + StrictMath.log1p(StrictMath.exp(-Math.abs(x - y)));
    }

    private static double logAddExp2(double x, double y) {
        return Math.max(x, y) + StrictMath.log1p(StrictMath.pow(2, -Math.abs(x - y))) / StrictMath.log(2);
    }

    Lane expression() {
        return function.apply(Lane.input(0, DType.F32), Lane.input(1, DType.F32));
    }

    double exact(double x, double y) {
        return exact.applyAsDouble(x, y);
    }

    /** The error that is guaranteed. */
    public double ulps() {
        return ulps;
    }

    float[] next(SplittableRandom random, int i) {
        return draw.next(random, i);
    }

    /** Whether errors count in ulps of the largest among result, arguments and a half: near 0 the result is a difference. */
    public boolean isDifference() {
        return draw == Draw.EXPONENTS;
    }

    double error(float actual, float x, float y) {
        double wanted = exact(x, y);
        if (isDifference()) {
            double most = Math.max(Math.max(0.5, Math.abs(wanted)), Math.max(Math.abs(x), Math.abs(y)));
            return Math.abs(actual - wanted) / Math.ulp((float) most);
        }
        return Ulps.error(actual, wanted);
    }
}
