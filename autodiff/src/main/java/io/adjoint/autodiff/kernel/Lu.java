package io.adjoint.autodiff.kernel;

/**
 * {@code P a = L U} of a square matrix by Gaussian elimination: the pivot of a column is its greatest element, the first
 * among equals.
 */
public final class Lu {
    private final int n;
    private final double[] lu;
    private final int[] rows;
    private int parity = 1;
    private int zeroPivot = -1;

    /** Takes over the matrix, {@code n * n} elements in row-major order. */
    public Lu(double[] a, int n) {
        this.n = n;
        this.lu = a;
        this.rows = new int[n];
        for (int i = 0; i < n; i++) {
            rows[i] = i;
        }
        for (int k = 0; k < n; k++) {
            exchange(k, pivot(k));
            if (lu[k * n + k] == 0) {
                zeroPivot = zeroPivot < 0 ? k : zeroPivot;
            } else {
                eliminate(k);
            }
        }
    }

    private int pivot(int k) {
        int best = k;
        for (int i = k + 1; i < n; i++) {
            if (Math.abs(lu[i * n + k]) > Math.abs(lu[best * n + k])) {
                best = i;
            }
        }
        return best;
    }

    private void exchange(int i, int j) {
        if (i == j) {
            return;
        }
        for (int column = 0; column < n; column++) {
            double held = lu[i * n + column];
            lu[i * n + column] = lu[j * n + column];
            lu[j * n + column] = held;
        }
        int held = rows[i];
        rows[i] = rows[j];
        rows[j] = held;
        parity = -parity;
    }

    private void eliminate(int k) {
        for (int i = k + 1; i < n; i++) {
            double factor = lu[i * n + k] / lu[k * n + k];
            lu[i * n + k] = factor;
            for (int j = k + 1; j < n; j++) {
                lu[i * n + j] -= factor * lu[k * n + j];
            }
        }
    }

    /** The number of the first pivot that is zero, -1 if none is: then the matrix is singular. */
    public int zeroPivot() {
        return zeroPivot;
    }

    /** The least pivot by the greatest, both without their signs; 1 of no matrix. */
    double pivotRatio() {
        double least = Double.POSITIVE_INFINITY;
        double greatest = 0;
        for (int i = 0; i < n; i++) {
            least = Math.min(least, Math.abs(lu[i * n + i]));
            greatest = Math.max(greatest, Math.abs(lu[i * n + i]));
        }
        return n == 0 ? 1 : greatest == 0 ? 0 : least / greatest;
    }

    /** The determinant. */
    public double determinant() {
        double product = parity;
        for (int i = 0; i < n; i++) {
            product *= lu[i * n + i];
        }
        return product;
    }

    /** The determinant's sign, 0 if it is singular. */
    public double sign() {
        double sign = parity;
        for (int i = 0; i < n; i++) {
            sign *= Math.signum(lu[i * n + i]);
        }
        return sign;
    }

    /** The logarithm of the determinant without its sign. */
    public double logAbs() {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += StrictMath.log(Math.abs(lu[i * n + i]));
        }
        return sum;
    }

    /** {@code a^-1 b} of a right side with {@code k} columns; not finite if the matrix is singular. */
    public double[] solve(double[] b, int k) {
        double[] x = new double[n * k];
        for (int i = 0; i < n; i++) {
            System.arraycopy(b, rows[i] * k, x, i * k, k);
        }
        Triangles.solve(lu, n, x, k, Triangles.Kind.UNIT_LOWER);
        Triangles.solve(lu, n, x, k, Triangles.Kind.UPPER);
        return x;
    }

    /** {@code a^-T b} of a right side with {@code k} columns; not finite if the matrix is singular. */
    public double[] solveTransposed(double[] b, int k) {
        double[] x = b.clone();
        double[] transposed = Matrices.transpose(lu, n, n);
        Triangles.solve(transposed, n, x, k, Triangles.Kind.LOWER);
        Triangles.solve(transposed, n, x, k, Triangles.Kind.UNIT_UPPER);
        double[] ordered = new double[n * k];
        for (int i = 0; i < n; i++) {
            System.arraycopy(x, i * k, ordered, rows[i] * k, k);
        }
        return ordered;
    }
}
