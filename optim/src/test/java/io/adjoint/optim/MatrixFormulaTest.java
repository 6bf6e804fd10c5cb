package io.adjoint.optim;

import static io.adjoint.optim.Formulas.check;
import static io.adjoint.optim.Formulas.length;

import io.adjoint.autodiff.Shape;
import io.adjoint.optim.Formulas.Formula;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Several steps of the optimizers that treat matrices as such, against the formulas of their documentation on plain numbers. */
class MatrixFormulaTest {
    /** Row by row, as elements come. */
    private record Matrix(int rows, int columns, double[] elements) {
        static Matrix zeros(int rows, int columns) {
            return new Matrix(rows, columns, new double[rows * columns]);
        }

        static Matrix diagonal(int places, double value) {
            Matrix result = zeros(places, places);
            for (int i = 0; i < places; i++) {
                result.elements[i * places + i] = value;
            }
            return result;
        }

        double at(int row, int column) {
            return elements[row * columns + column];
        }

        Matrix transposed() {
            Matrix result = zeros(columns, rows);
            for (int i = 0; i < elements.length; i++) {
                result.elements[i % columns * rows + i / columns] = elements[i];
            }
            return result;
        }

        /** {@code factor this + otherFactor other}. */
        Matrix mixed(double factor, double otherFactor, Matrix other) {
            Matrix result = zeros(rows, columns);
            for (int i = 0; i < elements.length; i++) {
                result.elements[i] = factor * elements[i] + otherFactor * other.elements[i];
            }
            return result;
        }

        Matrix plus(Matrix other) {
            return mixed(1, 1, other);
        }

        Matrix times(double factor) {
            return mixed(factor, 0, this);
        }

        Matrix times(Matrix other) {
            Matrix result = zeros(rows, other.columns);
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < other.columns; j++) {
                    for (int k = 0; k < columns; k++) {
                        result.elements[i * other.columns + j] += at(i, k) * other.at(k, j);
                    }
                }
            }
            return result;
        }

        double determinant() {
            return at(0, 0) * at(1, 1) - at(0, 1) * at(1, 0);
        }

        /** Of two rows and columns, by Cayley and Hamilton. */
        Matrix squareRoot() {
            double root = Math.sqrt(determinant());
            double trace = Math.sqrt(at(0, 0) + at(1, 1) + 2 * root);
            return plus(diagonal(2, root)).times(1 / trace);
        }

        /** Of two rows and columns. */
        Matrix inverse() {
            return new Matrix(2, 2, new double[] {at(1, 1), -at(0, 1), -at(1, 0), at(0, 0)}).times(1 / determinant());
        }
    }

    private static Matrix orthogonalised(Matrix matrix) {
        Matrix x = matrix.times(1 / length(matrix.elements));
        for (int i = 0; i < 5; i++) {
            Matrix a = x.times(x.transposed());
            x = x.times(3.4445).plus(a.mixed(-4.775, 2.0315, a.times(a)).times(x));
        }
        return x;
    }

    /** Of 3 rows and 2 columns, at a rate of 0.1 with a momentum of 0.8. */
    private static Formula muon(Muon.Look look, double decay) {
        Matrix[] momentum = {Matrix.zeros(3, 2)};
        return (p, g, _) -> {
            Matrix gradient = new Matrix(3, 2, g);
            momentum[0] = momentum[0].mixed(0.8, 0.2, gradient);
            Matrix ahead = look == Muon.Look.AHEAD ? gradient.mixed(0.2, 0.8, momentum[0]) : momentum[0];
            Matrix direction = orthogonalised(ahead.transposed()).transposed().times(Math.sqrt(3 / 2.0));
            return new Matrix(3, 2, p).mixed(1 - 0.1 * decay, -0.1, direction).elements;
        };
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void muon(@ForAll @LongRange(min = 0) long seed) {
        check(seed, Shape.of(3, 2), Muon.of(0.1).withMomentum(0.8, Muon.Look.AHEAD), muon(Muon.Look.AHEAD, 0.1));
        check(seed, Shape.of(3, 2), Muon.of(0.1).withMomentum(0.8, Muon.Look.HERE).withWeightDecay(0.5),
                muon(Muon.Look.HERE, 0.5));
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void shampooSumsUp(@ForAll @LongRange(min = 0) long seed) {
        Matrix[] sums = {Matrix.diagonal(2, 0.1), Matrix.diagonal(2, 0.1)};
        check(seed, Shape.of(2, 2), Shampoo.of(0.3).withEpsilon(0.1), (p, g, _) -> {
            Matrix gradient = new Matrix(2, 2, g);
            sums[0] = sums[0].plus(gradient.times(gradient.transposed()));
            sums[1] = sums[1].plus(gradient.transposed().times(gradient));
            Matrix left = sums[0].squareRoot().squareRoot().inverse();
            Matrix right = sums[1].squareRoot().squareRoot().inverse();
            return new Matrix(2, 2, p).mixed(1, -0.3, left.times(gradient).times(right)).elements;
        });
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void adafactorAveragesRowsAndColumns(@ForAll @LongRange(min = 0) long seed) {
        double[] row = new double[2];
        double[] column = new double[3];
        check(seed, Shape.of(2, 3), Adafactor.of(0.1), (p, g, t) -> {
            double keep = 1 - Math.pow(t, -0.8);
            for (int i = 0; i < 2; i++) {
                row[i] = keep * row[i]
                        + (1 - keep) * (g[3 * i] * g[3 * i] + g[3 * i + 1] * g[3 * i + 1] + g[3 * i + 2] * g[3 * i + 2])
                                / 3;
            }
            for (int j = 0; j < 3; j++) {
                column[j] = keep * column[j] + (1 - keep) * (g[j] * g[j] + g[j + 3] * g[j + 3]) / 2;
            }
            double[] u = new double[6];
            for (int i = 0; i < 6; i++) {
                u[i] = g[i] / Math.sqrt(row[i / 3] * column[i % 3] / ((row[0] + row[1]) / 2));
            }
            double alpha = Math.max(1e-3, length(p) / Math.sqrt(6)) * Math.min(0.1, 1 / Math.sqrt(t));
            return new Matrix(2, 3, p)
                    .mixed(1, -alpha / Math.max(1, length(u) / Math.sqrt(6)), new Matrix(2, 3, u)).elements;
        });
    }
}
