package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;

/**
 * The counter-based generator Philox 4x32-10: four 32-bit numbers as a function of a 64-bit key and a 128-bit counter,
 * without any state. Constants and rounds after Salmon et al., SC 2011.
 */
public final class Philox {
    private static final int ROUNDS = 10;
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;

    private Philox() {}

    /** Writes the four numbers for a key and a counter whose halves are {@code index} and {@code stream}. */
    public static void block(long key, long stream, long index, int[] out) {
        int c0 = (int) index;
        int c1 = (int) (index >>> 32);
        int c2 = (int) stream;
        int c3 = (int) (stream >>> 32);
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long p0 = MULTIPLIER_0 * (c0 & 0xFFFFFFFFL);
            long p1 = MULTIPLIER_1 * (c2 & 0xFFFFFFFFL);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        out[0] = c0;
        out[1] = c1;
        out[2] = c2;
        out[3] = c3;
    }

    /** Uniform numbers in [0, 1): 24 bits of one word in F32, 53 bits of two words in F64. */
    public static void uniform(long key, long stream, Array out) {
        int[] words = new int[4];
        int n = out.size();
        switch (out.dtype()) {
            case F32 -> {
                for (int i = 0; i < n; i++) {
                    if (i % 4 == 0) {
                        block(key, stream, i / 4, words);
                    }
                    out.floats()[i] = (words[i % 4] >>> 8) * 0x1p-24f;
                }
            }
            case F64 -> {
                for (int i = 0; i < n; i++) {
                    if (i % 2 == 0) {
                        block(key, stream, i / 2, words);
                    }
                    out.doubles()[i] = unit(words, i % 2);
                }
            }
            case BOOL, I32, I64 -> throw new AssertionError("refused at the edge");
        }
    }

    /** Numbers of the standard normal distribution, by the method of Box and Muller in float64. */
    public static void normal(long key, long stream, Array out) {
        int[] words = new int[4];
        double second = 0;
        for (int i = 0; i < out.size(); i++) {
            double z = second;
            if (i % 2 == 0) {
                block(key, stream, i / 2, words);
                double radius = Math.sqrt(-2 * StrictMath.log(1 - unit(words, 0)));
                double angle = 2 * Math.PI * unit(words, 1);
                z = radius * StrictMath.cos(angle);
                second = radius * StrictMath.sin(angle);
            }
            switch (out.dtype()) {
                case F32 -> out.floats()[i] = (float) z;
                case F64 -> out.doubles()[i] = z;
                case BOOL, I32, I64 -> throw new AssertionError("refused at the edge");
            }
        }
    }

    static double unit(int[] words, int pair) {
        long high = words[2 * pair] & 0xFFFFFFFFL;
        long low = words[2 * pair + 1] & 0xFFFFFFFFL;
        return ((high << 32 | low) >>> 11) * 0x1p-53;
    }
}
