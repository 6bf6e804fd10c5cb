package io.adjoint.autodiff.kernel;

/** Triangular matrices: solving with one, and taking the root of a positive definite one. */
public final class Triangles {
    private Triangles() {}

    /** Which elements of a matrix count. */
    public enum Kind {
        /** Those on and below the diagonal. */
        LOWER,
        /** Those on and above the diagonal. */
        UPPER,
        /** Those below the diagonal, which holds ones. */
        UNIT_LOWER,
        /** Those above the diagonal, which holds ones. */
        UNIT_UPPER;

        /** The triangle of a matrix made of these elements. */
        public static Kind of(boolean lower, boolean unit) {
            if (lower) {
                return unit ? UNIT_LOWER : LOWER;
            }
            return unit ? UNIT_UPPER : UPPER;
        }

        private boolean isLower() {
            return this == LOWER || this == UNIT_LOWER;
        }

        private boolean isUnit() {
            return this == UNIT_LOWER || this == UNIT_UPPER;
        }
    }

    /** Turns {@code k} right sides, the columns of {@code x}, into solutions; not finite if the diagonal has a zero. */
    public static void solve(double[] a, int n, double[] x, int k, Kind kind) {
        for (int step = 0; step < n; step++) {
            int i = kind.isLower() ? step : n - 1 - step;
            int from = kind.isLower() ? 0 : i + 1;
            int to = kind.isLower() ? i : n;
            for (int p = from; p < to; p++) {
                double factor = a[i * n + p];
                for (int j = 0; j < k; j++) {
                    x[i * k + j] -= factor * x[p * k + j];
                }
            }
            for (int j = 0; j < k && !kind.isUnit(); j++) {
                x[i * k + j] /= a[i * n + i];
            }
        }
    }

    /** As {@link #solve}, with the transpose of the triangle. */
    public static void solveTransposed(double[] a, int n, double[] x, int k, Kind kind) {
        solve(Matrices.transpose(a, n, n), n, x, k, Kind.of(!kind.isLower(), kind.isUnit()));
    }

    /**
     * Turns a symmetric matrix, of which the lower triangle is read, into its lower Cholesky factor.
     *
     * @return the order of the first leading minor that is not positive, 0 if all are
     */
    public static int root(double[] a, int n) {
        for (int j = 0; j < n; j++) {
            double pivot = a[j * n + j] - Matrices.dot(a, j * n, a, j * n, j);
            if (!(pivot > 0)) {
                return j + 1;
            }
            a[j * n + j] = Math.sqrt(pivot);
            for (int i = j + 1; i < n; i++) {
                a[i * n + j] = (a[i * n + j] - Matrices.dot(a, i * n, a, j * n, j)) / a[j * n + j];
                a[j * n + i] = 0;
            }
        }
        return 0;
    }
}
