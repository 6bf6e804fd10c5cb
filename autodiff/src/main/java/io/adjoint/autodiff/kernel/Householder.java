package io.adjoint.autodiff.kernel;

/** {@code a = Q R} by reflections, with no negative number on the diagonal of R: so it is unique where a has full rank. */
public final class Householder {
    private final int m;
    private final int n;
    private final int k;
    private final double[] r;
    private final double[] q;

    /**
     * Takes over the matrix {@code [m, n]}.
     *
     * @param k columns of Q and rows of R: {@code min(m, n)} or {@code m}
     */
    public Householder(double[] a, int m, int n, int k) {
        this.m = m;
        this.n = n;
        this.k = k;
        int exponent = Matrices.normalise(a);
        int steps = Math.min(m, n);
        double[][] mirrors = new double[steps][];
        for (int j = 0; j < steps; j++) {
            mirrors[j] = mirror(a, j);
            reflect(mirrors[j], j, a, n);
        }
        q = new double[m * k];
        for (int i = 0; i < k; i++) {
            q[i * k + i] = 1;
        }
        for (int j = steps - 1; j >= 0; j--) {
            reflect(mirrors[j], j, q, k);
        }
        r = new double[k * n];
        for (int i = 0; i < k; i++) {
            boolean turned = i < steps && a[i * n + i] < 0;
            for (int j = i; j < n; j++) {
                r[i * n + j] = turned ? -a[i * n + j] : a[i * n + j];
            }
            for (int row = 0; row < m && turned; row++) {
                q[row * k + i] = -q[row * k + i];
            }
        }
        Matrices.scale(r, -exponent);
    }

    /** The unit vector, from row j on, whose reflection clears column j below the diagonal; zeros if it is clear. */
    private double[] mirror(double[] a, int j) {
        double[] v = new double[m - j];
        double below = 0;
        for (int i = j; i < m; i++) {
            v[i - j] = a[i * n + j];
            below += i == j ? 0 : v[i - j] * v[i - j];
        }
        if (below == 0) {
            return new double[m - j];
        }
        v[0] += Math.copySign(Math.sqrt(v[0] * v[0] + below), v[0]);
        double length = Math.sqrt(v[0] * v[0] + below);
        for (int i = 0; i < v.length; i++) {
            v[i] /= length;
        }
        return v;
    }

    /** Subtracts {@code 2 v (v^T x)} from rows j on of a matrix with this many columns. */
    private void reflect(double[] v, int j, double[] x, int columns) {
        double[] along = new double[columns];
        for (int i = 0; i < v.length; i++) {
            for (int c = 0; c < columns; c++) {
                along[c] += v[i] * x[(i + j) * columns + c];
            }
        }
        for (int i = 0; i < v.length; i++) {
            for (int c = 0; c < columns; c++) {
                x[(i + j) * columns + c] -= 2 * v[i] * along[c];
            }
        }
    }

    /** Q, {@code [m, k]}. */
    public double[] q() {
        return q;
    }

    /** R, {@code [k, n]}. */
    public double[] r() {
        return r;
    }
}
