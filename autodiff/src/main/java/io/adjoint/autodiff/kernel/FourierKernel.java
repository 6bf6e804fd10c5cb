package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;
import java.util.Arrays;

/**
 * The discrete Fourier transform of lines of any length, in double precision: mixed radix for prime factors up to
 * {@value #LARGEST_RADIX}, Bluestein's convolution for others.
 */
public final class FourierKernel {
    private static final int LARGEST_RADIX = 31;

    private final int n;
    private final double[] cos;
    private final double[] sin;

    /** A plan for lines of this length; {@code sign} -1 is forward, 1 backward. */
    private FourierKernel(int n, int sign) {
        this.n = n;
        this.cos = new double[n];
        this.sin = new double[n];
        for (int k = 0; k < n; k++) {
            cos[k] = cosine(k, n);
            sin[k] = sign * sine(k, n);
        }
    }

    /** {@code cos(2 pi k / n)} by way of an angle of at most an eighth of a turn, so that quarter turns are exact. */
    private static double cosine(long k, long n) {
        long eighths = 8 * k;
        if (eighths > 4 * n) {
            return cosine(n - k, n);
        } else if (eighths > 2 * n) {
            return -fraction(4 * n - eighths, n);
        }
        return fraction(eighths, n);
    }

    private static double sine(long k, long n) {
        long eighths = 8 * k;
        if (eighths > 4 * n) {
            return -sine(n - k, n);
        }
        long above = eighths - 2 * n; // sin x = cos(x - a quarter)
        return fraction(Math.abs(above), n);
    }

    /** The cosine of {@code eighths / n} eighths of a turn, at most two of them. */
    private static double fraction(long eighths, long n) {
        return eighths <= n
                ? StrictMath.cos(Math.PI / 4 * eighths / n)
                : StrictMath.sin(Math.PI / 4 * (2 * n - eighths) / n);
    }

    /** Transforms the lines along an axis of an array of pairs (real, imaginary), the innermost axis. */
    public static void run(Array x, int axis, int sign, Array out) {
        int n = x.shape().dim(axis);
        int inner = 1;
        for (int a = axis + 1; a < x.shape().rank() - 1; a++) {
            inner *= x.shape().dim(a);
        }
        if (out.size() == 0) {
            return;
        }
        FourierKernel plan = new FourierKernel(n, sign);
        Array whole = Copies.contiguous(x);
        double[] re = new double[n];
        double[] im = new double[n];
        double[] toRe = new double[n];
        double[] toIm = new double[n];
        int lines = out.size() / 2 / n;
        for (int line = 0; line < lines; line++) {
            int start = line / inner * n * inner * 2 + line % inner * 2;
            for (int i = 0; i < n; i++) {
                re[i] = read(whole, start + i * inner * 2);
                im[i] = read(whole, start + i * inner * 2 + 1);
            }
            plan.transform(re, im, 0, 1, toRe, toIm, 0, n);
            for (int i = 0; i < n; i++) {
                write(out, start + i * inner * 2, toRe[i]);
                write(out, start + i * inner * 2 + 1, toIm[i]);
            }
        }
    }

    private static double read(Array x, int at) {
        return switch (x.data()) {
            case float[] floats -> floats[x.offset() + at];
            case double[] doubles -> doubles[x.offset() + at];
            default -> throw new AssertionError("refused at the edge");
        };
    }

    private static void write(Array x, int at, double value) {
        switch (x.data()) {
            case float[] floats -> floats[x.offset() + at] = (float) value;
            case double[] doubles -> doubles[x.offset() + at] = value;
            default -> throw new AssertionError("refused at the edge");
        }
    }

    /** The transform of every {@code stride}-th element from {@code from}, {@code count} of them. */
    private void transform(double[] re, double[] im, int from, int stride, double[] toRe, double[] toIm, int to,
            int count) {
        if (count == 1) {
            toRe[to] = re[from];
            toIm[to] = im[from];
            return;
        }
        int radix = leastFactor(count);
        if (radix > LARGEST_RADIX) {
            convolve(re, im, from, stride, toRe, toIm, to, count);
            return;
        }
        int part = count / radix;
        for (int r = 0; r < radix; r++) {
            transform(re, im, from + r * stride, stride * radix, toRe, toIm, to + r * part, part);
        }
        double[] partRe = new double[radix];
        double[] partIm = new double[radix];
        int turn = n / count;
        for (int k = 0; k < part; k++) {
            for (int r = 0; r < radix; r++) {
                int w = (int) ((long) r * k * turn % n);
                int at = to + r * part + k;
                partRe[r] = toRe[at] * cos[w] - toIm[at] * sin[w];
                partIm[r] = toRe[at] * sin[w] + toIm[at] * cos[w];
            }
            for (int q = 0; q < radix; q++) {
                double sumRe = partRe[0];
                double sumIm = partIm[0];
                for (int r = 1; r < radix; r++) {
                    int w = (int) ((long) q * r % radix * part * turn);
                    sumRe += partRe[r] * cos[w] - partIm[r] * sin[w];
                    sumIm += partRe[r] * sin[w] + partIm[r] * cos[w];
                }
                toRe[to + q * part + k] = sumRe;
                toIm[to + q * part + k] = sumIm;
            }
        }
    }

    private static int leastFactor(int count) {
        for (int p = 2; (long) p * p <= count; p++) {
            if (count % p == 0) {
                return p;
            }
        }
        return count;
    }

    /** Bluestein: with {@code j k = (j^2 + k^2 - (k - j)^2) / 2} the transform is a convolution with a chirp. */
    private void convolve(double[] re, double[] im, int from, int stride, double[] toRe, double[] toIm, int to,
            int count) {
        int size = Integer.highestOneBit(count) << 2; // a power of two of at least 2 count - 1
        FourierKernel chirps = new FourierKernel(2 * count, 1);
        double direction = Math.signum(sin[n / count]); // an angle of less than half a turn
        double[] chirpRe = new double[count];
        double[] chirpIm = new double[count];
        double[] aRe = new double[size];
        double[] aIm = new double[size];
        double[] bRe = new double[size];
        double[] bIm = new double[size];
        for (int k = 0; k < count; k++) {
            int square = (int) ((long) k * k % (2L * count));
            chirpRe[k] = chirps.cos[square];
            chirpIm[k] = direction * chirps.sin[square];
            double x = re[from + k * stride];
            double y = im[from + k * stride];
            aRe[k] = x * chirpRe[k] - y * chirpIm[k];
            aIm[k] = x * chirpIm[k] + y * chirpRe[k];
            bRe[k] = chirpRe[k];
            bIm[k] = -chirpIm[k];
            bRe[(size - k) % size] = bRe[k];
            bIm[(size - k) % size] = bIm[k];
        }
        FourierKernel there = new FourierKernel(size, -1);
        double[] cRe = new double[size];
        double[] cIm = new double[size];
        there.transform(aRe, aIm, 0, 1, cRe, cIm, 0, size);
        there.transform(bRe, bIm, 0, 1, aRe, aIm, 0, size);
        for (int k = 0; k < size; k++) {
            bRe[k] = cRe[k] * aRe[k] - cIm[k] * aIm[k];
            bIm[k] = cRe[k] * aIm[k] + cIm[k] * aRe[k];
        }
        Arrays.setAll(there.sin, k -> -there.sin[k]);
        there.transform(bRe, bIm, 0, 1, cRe, cIm, 0, size);
        for (int k = 0; k < count; k++) {
            double x = cRe[k] / size;
            double y = cIm[k] / size;
            toRe[to + k] = x * chirpRe[k] - y * chirpIm[k];
            toIm[to + k] = x * chirpIm[k] + y * chirpRe[k];
        }
    }
}
