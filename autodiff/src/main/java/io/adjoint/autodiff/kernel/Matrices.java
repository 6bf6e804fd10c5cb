package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.runtime.Array;

/**
 * Matrices as row-major arrays of doubles, in which all of linear algebra computes: F32 is rounded once, at the end. Every
 * sum runs in the order of its index.
 */
public final class Matrices {
    private Matrices() {}

    /** Elements {@code start} to {@code start + count} of a float array, by row-major number, as doubles. */
    public static double[] load(Array x, int start, int count) {
        Array whole = Copies.contiguous(x);
        double[] values = new double[count];
        int from = whole.offset() + start;
        if (whole.dtype() == DType.F64) {
            System.arraycopy(whole.doubles(), from, values, 0, count);
        } else {
            for (int i = 0; i < count; i++) {
                values[i] = whole.floats()[from + i];
            }
        }
        return values;
    }

    /** Puts values to a fresh array from the row-major number {@code start}, rounded to its dtype. */
    public static void store(double[] values, Array out, int start) {
        int to = out.offset() + start;
        if (out.dtype() == DType.F64) {
            System.arraycopy(values, 0, out.doubles(), to, values.length);
        } else {
            for (int i = 0; i < values.length; i++) {
                out.floats()[to + i] = (float) values[i];
            }
        }
    }

    /** The identity with this many rows and columns. */
    static double[] identity(int n) {
        double[] one = new double[n * n];
        for (int i = 0; i < n; i++) {
            one[i * n + i] = 1;
        }
        return one;
    }

    /** Rows and columns exchanged: {@code [m, n] -> [n, m]}. */
    static double[] transpose(double[] a, int m, int n) {
        double[] b = new double[a.length];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                b[j * m + i] = a[i * n + j];
            }
        }
        return b;
    }

    /** The product of square matrices. */
    static double[] multiply(double[] a, double[] b, int n) {
        double[] c = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                double factor = a[i * n + k];
                for (int j = 0; j < n; j++) {
                    c[i * n + j] += factor * b[k * n + j];
                }
            }
        }
        return c;
    }

    /** The product of two rows, of {@code count} elements from {@code p} and from {@code q}. */
    static double dot(double[] a, int p, double[] b, int q, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += a[p + i] * b[q + i];
        }
        return sum;
    }

    /**
     * Multiplies all by the power of two that brings the greatest to about 1, so that squares neither overflow nor vanish.
     *
     * @return the power's exponent, to be undone by {@link #scale}
     */
    static int normalise(double[] a) {
        double greatest = 0;
        for (double x : a) {
            greatest = Math.max(greatest, Math.abs(x));
        }
        if (greatest == 0 || !Double.isFinite(greatest)) {
            return 0;
        }
        int exponent = -Math.getExponent(greatest);
        scale(a, exponent);
        return exponent;
    }

    /** Multiplies all by a power of two. */
    static void scale(double[] a, int exponent) {
        for (int i = 0; i < a.length && exponent != 0; i++) {
            a[i] = Math.scalb(a[i], exponent);
        }
    }

    /** Whether all are finite. */
    static boolean isFinite(double[] a) {
        for (double x : a) {
            if (!Double.isFinite(x)) {
                return false;
            }
        }
        return true;
    }
}
