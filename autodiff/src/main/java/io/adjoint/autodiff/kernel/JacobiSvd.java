package io.adjoint.autodiff.kernel;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * {@code a = U S V^T} with singular values descending, by Jacobi rotations of the columns (Hestenes). In each column of U the
 * element of greatest magnitude, the first among equals, is positive.
 */
public final class JacobiSvd {
    private static final int SWEEPS = 60;

    private final double[] u;
    private final double[] s;
    private final double[] v;

    /** Takes over the matrix {@code [m, n]}. */
    public JacobiSvd(double[] a, int m, int n) {
        boolean tall = m >= n;
        int length = Math.max(m, n);
        int k = Math.min(m, n);
        int exponent = Matrices.normalise(a);
        boolean finite = Matrices.isFinite(a);
        double[] left = tall ? Matrices.transpose(a, m, n) : a; // k rows: what will be U S, or V S of a wide matrix
        double[] right = Matrices.identity(k);
        if (finite) {
            orthogonalise(left, right, k, length);
        }
        double[] norms = new double[k];
        Arrays.setAll(norms, i -> finite ? norm(left, i, length) : Double.NaN);
        Integer[] order = IntStream.range(0, k).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> -norms[i]));
        s = new double[k];
        double[] wide = new double[k * length];
        double[] narrow = new double[k * k];
        double negligible = k == 0 ? 0 : norms[order[0]] * length * 0x1p-52;
        for (int j = 0; j < k; j++) {
            s[j] = norms[order[j]];
            for (int i = 0; i < length; i++) {
                wide[j * length + i] = left[order[j] * length + i] / s[j];
            }
            if (s[j] <= negligible) {
                complete(wide, j, length);
            }
            for (int i = 0; i < k; i++) {
                narrow[j * k + i] = finite ? right[order[j] * k + i] : Double.NaN;
            }
        }
        double[] uRows = tall ? wide : narrow;
        double[] vRows = tall ? narrow : wide;
        for (int j = 0; j < k; j++) {
            if (Signs.ofGreatest(uRows, j * m, 1, m) < 0) {
                negate(uRows, j * m, m);
                negate(vRows, j * n, n);
            }
        }
        u = Matrices.transpose(uRows, k, m);
        v = Matrices.transpose(vRows, k, n);
        Matrices.scale(s, -exponent);
    }

    /** Rotates pairs of rows of {@code w}, and of {@code v} along with them, until all rows are orthogonal. */
    private static void orthogonalise(double[] w, double[] v, int rows, int length) {
        double tolerance = Math.sqrt(length) * 0x1p-52;
        double total = Math.sqrt(Matrices.dot(w, 0, w, 0, w.length));
        double noise = total * length * 0x1p-53; // a shorter row is what rounding left of none
        boolean turned = true;
        for (int sweep = 0; sweep < SWEEPS && turned; sweep++) {
            turned = false;
            for (int p = 0; p < rows; p++) {
                for (int q = p + 1; q < rows; q++) {
                    double pp = Matrices.dot(w, p * length, w, p * length, length);
                    double qq = Matrices.dot(w, q * length, w, q * length, length);
                    double pq = Matrices.dot(w, p * length, w, q * length, length);
                    if (Math.abs(pq) > tolerance * Math.max(Math.sqrt(pp), noise) * Math.max(Math.sqrt(qq), noise)) {
                        double zeta = (qq - pp) / (2 * pq);
                        double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.sqrt(zeta * zeta + 1));
                        double c = 1 / Math.sqrt(t * t + 1);
                        rotate(w, p * length, q * length, length, c, t * c);
                        rotate(v, p * rows, q * rows, rows, c, t * c);
                        turned = true;
                    }
                }
            }
        }
    }

    private static void rotate(double[] x, int p, int q, int count, double c, double s) {
        for (int i = 0; i < count; i++) {
            double xp = x[p + i];
            double xq = x[q + i];
            x[p + i] = c * xp - s * xq;
            x[q + i] = s * xp + c * xq;
        }
    }

    private static double norm(double[] x, int row, int length) {
        return Math.sqrt(Matrices.dot(x, row * length, x, row * length, length));
    }

    /** Makes row j the first unit vector, made orthogonal to the rows before it, that has something left. */
    private static void complete(double[] x, int j, int length) {
        for (int axis = 0; axis < length; axis++) {
            Arrays.fill(x, j * length, (j + 1) * length, 0);
            x[j * length + axis] = 1;
            for (int pass = 0; pass < 2; pass++) { // the second takes away what the first one's rounding left
                for (int row = 0; row < j; row++) {
                    double along = Matrices.dot(x, j * length, x, row * length, length);
                    for (int i = 0; i < length; i++) {
                        x[j * length + i] -= along * x[row * length + i];
                    }
                }
            }
            double rest = norm(x, j, length);
            if (rest * rest * 2 * length > 1) {
                for (int i = 0; i < length; i++) {
                    x[j * length + i] /= rest;
                }
                return;
            }
        }
    }

    private static void negate(double[] x, int start, int count) {
        for (int i = start; i < start + count; i++) {
            x[i] = -x[i];
        }
    }

    /** U, {@code [m, min(m, n)]}. */
    public double[] u() {
        return u;
    }

    /** The singular values. */
    public double[] s() {
        return s;
    }

    /** V, {@code [n, min(m, n)]}. */
    public double[] v() {
        return v;
    }
}
