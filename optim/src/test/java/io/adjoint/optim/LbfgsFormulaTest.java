package io.adjoint.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/**
 * Each iteration goes where the whole matrix of Broyden, Fletcher, Goldfarb and Shanno leads, made of the pairs that are kept, on
 * plain numbers.
 */
class LbfgsFormulaTest {
    private static final int SIZE = 6;
    private static final int ITERATIONS = 5;
    private static final double RATE = 0.4;

    private record Model(Variable p) implements Module {}

    /** A move and the change of the gradient along it. */
    private record Pair(double[] move, double[] change) {}

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void eachDirectionIsThatOfTheWholeMatrix(@ForAll @LongRange(min = 0) long seed,
            @ForAll @IntRange(min = 1, max = ITERATIONS) int history) {
        Rng rng = Rng.seed(seed);
        Tensor root = rng.stream(1).normal(Shape.of(SIZE, SIZE), DType.F64);
        Tensor hessian = root.matmul(root.transpose()).add(Tensor.ones(SIZE).cast(DType.F64).diagEmbed());
        Model model = new Model(Variable.parameter(rng.stream(2).normal(Shape.of(SIZE), DType.F64)));
        LbfgsOptimizer optimizer = Lbfgs.of(RATE).withIterations(1).withHistory(history).over(model);
        double[] place = model.p.value().toDoubles();
        double[] before = new double[SIZE];
        double[] move = new double[SIZE];
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < ITERATIONS; i++) {
            double[] slope = times(hessian.toDoubles(), place);
            if (i > 0) {
                pairs.add(new Pair(move, sum(slope, -1, before)));
            }
            List<Pair> kept = pairs.subList(Math.max(0, pairs.size() - history), pairs.size());
            double[] toLowest = times(inverse(kept), slope);
            double length = i == 0 ? RATE * Math.min(1, 1 / absolute(slope)) : RATE;
            move = sum(new double[SIZE], -length, toLowest);
            before = slope;
            place = sum(place, 1, move);
            optimizer.minimize(() -> hessian.matmul(model.p.value()).dot(model.p.value()).mul(0.5));
            assertArrayEquals(place, model.p.value().toDoubles(), 1e-8, "after iteration " + i);
        }
    }

    /** {@code H = (I - s y'/y's) H (I - y s'/y's) + s s'/y's} for each pair, from {@code (y's / y'y) I} of the last. */
    private static double[] inverse(List<Pair> pairs) {
        double scale = pairs.isEmpty() ? 1 : dot(pairs.getLast().move, pairs.getLast().change)
                / dot(pairs.getLast().change, pairs.getLast().change);
        double[] inverse = identity(scale);
        for (Pair pair : pairs) {
            double curvature = dot(pair.move, pair.change);
            double[] left = identity(1);
            double[] right = identity(1);
            for (int i = 0; i < SIZE; i++) {
                for (int j = 0; j < SIZE; j++) {
                    left[i * SIZE + j] -= pair.move[i] * pair.change[j] / curvature;
                    right[i * SIZE + j] -= pair.change[i] * pair.move[j] / curvature;
                }
            }
            inverse = product(product(left, inverse), right);
            for (int i = 0; i < SIZE; i++) {
                for (int j = 0; j < SIZE; j++) {
                    inverse[i * SIZE + j] += pair.move[i] * pair.move[j] / curvature;
                }
            }
        }
        return inverse;
    }

    private static double[] identity(double scale) {
        double[] matrix = new double[SIZE * SIZE];
        for (int i = 0; i < SIZE; i++) {
            matrix[i * SIZE + i] = scale;
        }
        return matrix;
    }

    private static double[] product(double[] a, double[] b) {
        double[] product = new double[SIZE * SIZE];
        for (int i = 0; i < SIZE; i++) {
            for (int j = 0; j < SIZE; j++) {
                for (int k = 0; k < SIZE; k++) {
                    product[i * SIZE + j] += a[i * SIZE + k] * b[k * SIZE + j];
                }
            }
        }
        return product;
    }

    private static double[] times(double[] matrix, double[] x) {
        double[] result = new double[SIZE];
        for (int i = 0; i < SIZE; i++) {
            for (int j = 0; j < SIZE; j++) {
                result[i] += matrix[i * SIZE + j] * x[j];
            }
        }
        return result;
    }

    private static double[] sum(double[] x, double factor, double[] y) {
        double[] sum = x.clone();
        for (int i = 0; i < SIZE; i++) {
            sum[i] += factor * y[i];
        }
        return sum;
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < SIZE; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static double absolute(double[] x) {
        double sum = 0;
        for (double element : x) {
            sum += Math.abs(element);
        }
        return sum;
    }
}
