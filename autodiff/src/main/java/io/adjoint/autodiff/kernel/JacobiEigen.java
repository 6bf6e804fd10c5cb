package io.adjoint.autodiff.kernel;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Eigenvalues, ascending, and eigenvectors of a symmetric matrix by cyclic Jacobi rotations. In each eigenvector the element
 * of greatest magnitude, the first among equals, is positive.
 */
public final class JacobiEigen {
    private static final int SWEEPS = 60;

    private final int n;
    private final double[] values;
    private final double[] vectors;

    /** Takes over the matrix, of which the lower triangle is read. */
    public JacobiEigen(double[] a, int n) {
        this.n = n;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                a[i * n + j] = a[j * n + i];
            }
        }
        int exponent = Matrices.normalise(a);
        double[] rows = Matrices.identity(n); // row i becomes eigenvector i
        double negligible = Math.sqrt(Matrices.dot(a, 0, a, 0, a.length)) * 0x1p-56;
        boolean finite = Matrices.isFinite(a);
        boolean turned = finite;
        for (int sweep = 0; sweep < SWEEPS && turned; sweep++) {
            turned = false;
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    if (Math.abs(a[p * n + q]) > negligible) {
                        rotate(a, rows, p, q);
                        turned = true;
                    }
                }
            }
        }
        Integer[] order = IntStream.range(0, n).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> a[i * n + i]));
        values = new double[n];
        vectors = new double[n * n];
        for (int j = 0; j < n; j++) {
            values[j] = finite ? a[order[j] * n + order[j]] : Double.NaN;
            double sign = Signs.ofGreatest(rows, order[j] * n, 1, n);
            for (int i = 0; i < n; i++) {
                vectors[i * n + j] = finite ? sign * rows[order[j] * n + i] : Double.NaN;
            }
        }
        Matrices.scale(values, -exponent);
    }

    private void rotate(double[] a, double[] rows, int p, int q) {
        double apq = a[p * n + q];
        double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
        double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        double app = a[p * n + p] - t * apq;
        double aqq = a[q * n + q] + t * apq;
        for (int i = 0; i < n; i++) {
            double ip = a[i * n + p];
            double iq = a[i * n + q];
            a[i * n + p] = c * ip - s * iq;
            a[i * n + q] = s * ip + c * iq;
            a[p * n + i] = a[i * n + p];
            a[q * n + i] = a[i * n + q];
        }
        a[p * n + p] = app;
        a[q * n + q] = aqq;
        a[p * n + q] = 0;
        a[q * n + p] = 0;
        for (int i = 0; i < n; i++) {
            double vp = rows[p * n + i];
            double vq = rows[q * n + i];
            rows[p * n + i] = c * vp - s * vq;
            rows[q * n + i] = s * vp + c * vq;
        }
    }

    /** The eigenvalues, {@code [n]}. */
    public double[] values() {
        return values;
    }

    /** The eigenvectors, column j belonging to value j: {@code [n, n]}. */
    public double[] vectors() {
        return vectors;
    }
}
