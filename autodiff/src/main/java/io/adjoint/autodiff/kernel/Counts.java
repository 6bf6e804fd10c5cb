package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.lane.GammaMath;

/**
 * Random counts, each a function of the key, its index and the parameters. Small ones are found by going up from 0 until the
 * probabilities passed reach a uniform number, large ones by rejection from a transformed uniform number (Hoermann 1993, PTRS
 * and BTRS), whose attempts are blocks of the counter; after {@link #ATTEMPTS}, which has a chance of 10^-40, the mode is
 * taken.
 */
public final class Counts {
    /** A count for parameters that are none. */
    public static final long NONE = -1;

    private static final int ATTEMPTS = 128;

    /** Means below are found from 0 upwards. */
    private static final double SMALL = 10;

    /** Means above are rounded normal numbers: the steps of their logarithms would be lost in rounding. */
    private static final double GREAT = 1e12;

    private final long key;
    private final long stream;
    private final int[] words = new int[4];

    /** Counts of this key. */
    public Counts(long key, long stream) {
        this.key = key;
        this.stream = stream;
    }

    private void block(long index, long attempt) {
        Philox.block(key, stream, attempt << 32 | index, words);
    }

    /** The count with this mean at this index; {@link #NONE} unless the mean is finite and not negative. */
    public long poisson(int index, double mean) {
        if (!(mean >= 0 && mean < Double.POSITIVE_INFINITY)) {
            return NONE;
        }
        if (mean < SMALL) {
            block(index, 0);
            double left = Philox.unit(words, 0);
            double chance = StrictMath.exp(-mean);
            long count = 0;
            while (left >= chance && count < 1000) {
                left -= chance;
                count++;
                chance *= mean / count;
            }
            return count;
        }
        if (mean > GREAT) {
            return (long) Math.max(0, Math.rint(mean + Math.sqrt(mean) * normal(index)));
        }
        double b = 0.931 + 2.53 * Math.sqrt(mean);
        double a = -0.059 + 0.02483 * b;
        double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
        double surely = 0.9277 - 3.6224 / (b - 2);
        double log = StrictMath.log(mean);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            block(index, attempt);
            double u = Philox.unit(words, 0) - 0.5;
            double v = 1 - Philox.unit(words, 1);
            double edge = 0.5 - Math.abs(u);
            double count = Math.floor((2 * a / edge + b) * u + mean + 0.43);
            if (edge >= 0.07 && v <= surely) {
                return (long) count;
            }
            boolean isOutside = count < 0 || edge < 0.013 && v > edge;
            if (!isOutside && StrictMath.log(v * inverseAlpha / (a / (edge * edge) + b))
                    <= count * log - mean - GammaMath.lgamma(count + 1)) {
                return (long) count;
            }
        }
        return (long) mean;
    }

    /**
     * The count of successes among so many trials at this index; {@link #NONE} unless the trials are a whole number from 0 and
     * the chance is in [0, 1].
     */
    public long binomial(int index, double trials, double chance) {
        if (!(trials >= 0 && trials == Math.rint(trials) && trials < 0x1p53 && chance >= 0 && chance <= 1)) {
            return NONE;
        }
        double p = Math.min(chance, 1 - chance);
        double count = trials * p < SMALL ? fewSuccesses(index, trials, p)
                : trials * p > GREAT ? Math.rint(trials * p + Math.sqrt(trials * p * (1 - p)) * normal(index))
                : manySuccesses(index, trials, p);
        return (long) (chance <= 0.5 ? count : trials - count);
    }

    private double fewSuccesses(int index, double trials, double p) {
        block(index, 0);
        double left = Philox.unit(words, 0);
        double chance = StrictMath.exp(trials * StrictMath.log1p(-p));
        double count = 0;
        while (left >= chance && count < trials && count < 1000) {
            left -= chance;
            count++;
            chance *= (trials - count + 1) / count * (p / (1 - p));
        }
        return count;
    }

    private double manySuccesses(int index, double trials, double p) {
        double deviation = Math.sqrt(trials * p * (1 - p));
        double b = 1.15 + 2.53 * deviation;
        double a = -0.0873 + 0.0248 * b + 0.01 * p;
        double centre = trials * p + 0.5;
        double surely = 0.92 - 4.2 / b;
        double alpha = (2.83 + 5.1 / b) * deviation;
        double odds = StrictMath.log(p / (1 - p));
        double mode = Math.floor((trials + 1) * p);
        double top = GammaMath.lgamma(mode + 1) + GammaMath.lgamma(trials - mode + 1);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            block(index, attempt);
            double u = Philox.unit(words, 0) - 0.5;
            double v = 1 - Philox.unit(words, 1);
            double edge = 0.5 - Math.abs(u);
            double count = Math.floor((2 * a / edge + b) * u + centre);
            if (edge >= 0.07 && v <= surely) {
                return count;
            }
            if (count >= 0 && count <= trials && StrictMath.log(v * alpha / (a / (edge * edge) + b))
                    <= top - GammaMath.lgamma(count + 1) - GammaMath.lgamma(trials - count + 1)
                            + (count - mode) * odds) {
                return count;
            }
        }
        return mode;
    }

    private double normal(int index) {
        block(index, 0);
        return Math.sqrt(-2 * StrictMath.log(1 - Philox.unit(words, 0)))
                * StrictMath.cos(2 * Math.PI * Philox.unit(words, 1));
    }
}
