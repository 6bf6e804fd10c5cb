package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;

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

    /** Operations for a block, roughly. */
    private static final int COST = 8 * ROUNDS;

    private static final int NORMAL_COST = 3 * COST;

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

    /**
     * Writes uniform numbers in [0, 1), again and again: 24 bits of one word in F32, 53 bits of two words in F64.
     *
     * @param key I64 {@code [key, stream]}
     * @param out F32 or F64, contiguous
     */
    public static Launch uniform(Array key, Array out) {
        int each = out.dtype() == DType.F32 ? 4 : 2;
        return blocks(key, each, COST, out, switch (out.dtype()) {
            case F32 -> (words, at, count) -> {
                float[] numbers = out.floats();
                for (int i = 0; i < count; i++) {
                    numbers[at + i] = (words[i] >>> 8) * 0x1p-24f;
                }
            };
            case F64 -> (words, at, count) -> {
                for (int i = 0; i < count; i++) {
                    out.doubles()[at + i] = unit(words, i);
                }
            };
            case BOOL, I32, I64 -> throw new AssertionError("refused at the edge");
        });
    }

    /** The same for numbers of the standard normal distribution, by the method of Box and Muller in float64. */
    public static Launch normal(Array key, Array out) {
        return blocks(key, 2, NORMAL_COST, out, (words, at, count) -> {
            double radius = Math.sqrt(-2 * StrictMath.log(1 - unit(words, 0)));
            double angle = 2 * Math.PI * unit(words, 1);
            write(radius * StrictMath.cos(angle), out, at);
            if (count > 1) {
                write(radius * StrictMath.sin(angle), out, at + 1);
            }
        });
    }

    private static void write(double z, Array out, int at) {
        switch (out.dtype()) {
            case F32 -> out.floats()[at] = (float) z;
            case F64 -> out.doubles()[at] = z;
            case BOOL, I32, I64 -> throw new AssertionError("refused at the edge");
        }
    }

    /** Makes {@code count} numbers, from position {@code at} on, of four words. */
    private interface Numbers {
        void make(int[] words, int at, int count);
    }

    private static Launch blocks(Array key, int each, int cost, Array out, Numbers numbers) {
        int size = out.size();
        return Pieces.prepare(Math.ceilDiv(size, each), cost, () -> {
            int[] words = new int[4];
            return (from, to) -> {
                long seed = key.longs()[key.position(0)];
                long stream = key.longs()[key.position(1)];
                for (int block = from; block < to; block++) {
                    block(seed, stream, block, words);
                    numbers.make(words, out.offset() + block * each, Math.min(each, size - block * each));
                }
            };
        });
    }

    static double unit(int[] words, int pair) {
        long high = words[2 * pair] & 0xFFFFFFFFL;
        long low = words[2 * pair + 1] & 0xFFFFFFFFL;
        return ((high << 32 | low) >>> 11) * 0x1p-53;
    }
}
