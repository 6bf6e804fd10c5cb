package io.adjoint.autodiff.kernel;

import java.util.Arrays;

/** Functions of a whole matrix. */
public final class MatrixFunctions {
    /** Coefficients of the Pade approximant of degree 13 to the exponential: Higham, The scaling and squaring method, 2005. */
    private static final double[] PADE = {64764752532480000.0, 32382376266240000.0, 7771770303897600.0,
        1187353796428800.0, 129060195264000.0, 10559470521600.0, 670442572800.0, 33522128640.0, 1323241920.0,
        40840800.0, 960960.0, 16380.0, 182.0, 1.0};

    /** Up to this 1-norm the approximant is exact to the last bit of a double: the same paper, table 2.3. */
    private static final double REACH = 5.371920351148152;

    /** A matrix with pivots further apart is treated as singular where division by the determinant is to be avoided. */
    private static final double SINGULAR = 0x1p-26;

    private MatrixFunctions() {}

    /** The exponential, by scaling and squaring; NaN if an element is not finite. */
    public static double[] exp(double[] a, int n) {
        double norm = norm(a, n);
        if (!Double.isFinite(norm)) {
            double[] none = new double[n * n];
            Arrays.fill(none, Double.NaN);
            return none;
        }
        int squarings = norm <= REACH ? 0 : Math.getExponent(norm / REACH) + 1;
        Matrices.scale(a, -squarings);
        double[] a2 = Matrices.multiply(a, a, n);
        double[] a4 = Matrices.multiply(a2, a2, n);
        double[] a6 = Matrices.multiply(a4, a2, n);
        double[] odd = Matrices.multiply(a, polynomial(a2, a4, a6, n, 1), n);
        double[] even = polynomial(a2, a4, a6, n, 0);
        double[] above = new double[n * n];
        double[] below = new double[n * n];
        for (int i = 0; i < n * n; i++) {
            above[i] = even[i] + odd[i];
            below[i] = even[i] - odd[i];
        }
        double[] x = new Lu(below, n).solve(above, n);
        for (int i = 0; i < squarings; i++) {
            x = Matrices.multiply(x, x, n);
        }
        return x;
    }

    /** The even powers of the approximant, or the odd ones with a factor taken out. */
    private static double[] polynomial(double[] a2, double[] a4, double[] a6, int n, int odd) {
        double[] high = new double[n * n];
        for (int i = 0; i < high.length; i++) {
            high[i] = PADE[12 + odd] * a6[i] + PADE[10 + odd] * a4[i] + PADE[8 + odd] * a2[i];
        }
        double[] sum = Matrices.multiply(a6, high, n);
        for (int i = 0; i < sum.length; i++) {
            sum[i] += PADE[6 + odd] * a6[i] + PADE[4 + odd] * a4[i] + PADE[2 + odd] * a2[i];
        }
        for (int i = 0; i < n; i++) {
            sum[i * n + i] += PADE[odd];
        }
        return sum;
    }

    private static double norm(double[] a, int n) {
        double greatest = 0;
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += Math.abs(a[i * n + j]);
            }
            greatest = Math.max(greatest, sum);
        }
        return greatest;
    }

    /** The signed minors, {@code det(a) a^-T}; right for singular matrices too. */
    public static double[] cofactors(double[] a, int n) {
        Lu lu = new Lu(a.clone(), n);
        if (lu.pivotRatio() > SINGULAR) {
            double[] inverse = lu.solveTransposed(Matrices.identity(n), n);
            double determinant = lu.determinant();
            Arrays.setAll(inverse, i -> determinant * inverse[i]);
            return inverse;
        }
        JacobiSvd svd = new JacobiSvd(a, n, n);
        double turn = new Lu(svd.u().clone(), n).sign() * new Lu(svd.v().clone(), n).sign();
        double[] c = new double[n * n];
        for (int k = 0; k < n; k++) {
            double others = turn;
            for (int i = 0; i < n; i++) {
                others *= i == k ? 1 : svd.s()[i];
            }
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    c[i * n + j] += others * svd.u()[i * n + k] * svd.v()[j * n + k];
                }
            }
        }
        return c;
    }

    /**
     * The pseudo-inverse {@code [n, m]} of a matrix {@code [m, n]}: singular values up to {@code tolerance} times the greatest
     * count as zero.
     */
    public static double[] pseudoInverse(double[] a, int m, int n, double tolerance) {
        JacobiSvd svd = new JacobiSvd(a, m, n);
        int k = Math.min(m, n);
        double[] p = new double[n * m];
        for (int r = 0; r < k; r++) {
            double value = svd.s()[r];
            if (value <= tolerance * svd.s()[0]) {
                continue;
            }
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < m; j++) {
                    p[i * m + j] += svd.v()[i * k + r] / value * svd.u()[j * k + r];
                }
            }
        }
        return p;
    }
}
