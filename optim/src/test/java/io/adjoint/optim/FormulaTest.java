package io.adjoint.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Decompositions;
import io.adjoint.nn.Module;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Optimizers that PyTorch 1.13 has not, against the formulas of their documentation on plain numbers. */
class FormulaTest {
    private static final int STEPS = 6;
    private static final int SIZE = 3;

    private record Model(Variable p) implements Module {}

    /** What one step makes of the parameter; t is 1 for the first. */
    private interface Formula {
        double[] step(double[] p, double[] g, int t);
    }

    /** A formula in which each element goes by itself; the state is that of the element. */
    private interface Elementwise {
        double step(double p, double g, int t, double[] state);
    }

    private static Formula each(Elementwise formula) {
        double[][] state = new double[SIZE][3];
        return (p, g, t) -> {
            double[] next = new double[p.length];
            for (int i = 0; i < p.length; i++) {
                next[i] = formula.step(p[i], g[i], t, state[i]);
            }
            return next;
        };
    }

    private static void check(long seed, Transformation transformation, Formula formula) {
        Rng rng = Rng.seed(seed);
        Model model = new Model(Variable.parameter(rng.stream(100).normal(Shape.of(SIZE), DType.F64)));
        Optimizer optimizer = transformation.over(model);
        double[] p = model.p.value().toDoubles();
        for (int t = 1; t <= STEPS; t++) {
            Tensor gradient = rng.stream(t).normal(Shape.of(SIZE), DType.F64);
            optimizer.step(List.of(gradient));
            p = formula.step(p, gradient.toDoubles(), t);
            for (int i = 0; i < SIZE; i++) {
                assertEquals(p[i], model.p.value().toDoubles()[i], 1e-9 * Math.max(1, Math.abs(p[i])),
                        "element " + i + " after step " + t);
            }
        }
    }

    private static double length(double[] x) {
        double sum = 0;
        for (double element : x) {
            sum += element * element;
        }
        return Math.sqrt(sum);
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void adaBelief(@ForAll @LongRange(min = 0) long seed) {
        check(seed, AdaBelief.of(0.1).withBetas(0.8, 0.9).withEpsilon(1e-3), each((p, g, t, s) -> {
            s[0] = 0.8 * s[0] + 0.2 * g;
            s[1] = 0.9 * s[1] + 0.1 * (g - s[0]) * (g - s[0]) + 1e-3;
            return p - 0.1 * s[0] / (1 - Math.pow(0.8, t)) / (Math.sqrt(s[1] / (1 - Math.pow(0.9, t))) + 1e-3);
        }));
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void yogi(@ForAll @LongRange(min = 0) long seed) {
        check(seed, Yogi.of(0.1).withBetas(0.8, 0.9).withInitial(0.5), each((p, g, t, s) -> {
            double v = t == 1 ? 0.5 : s[1];
            s[0] = 0.8 * s[0] + 0.2 * g;
            s[1] = v - 0.1 * Math.signum(v - g * g) * g * g;
            return p - 0.1 * s[0] / (1 - Math.pow(0.8, t)) / (Math.sqrt(s[1] / (1 - Math.pow(0.9, t))) + 1e-3);
        }));
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void lion(@ForAll @LongRange(min = 0) long seed) {
        check(seed, Lion.of(0.1).withBetas(0.7, 0.9).withWeightDecay(0.3), each((p, g, _, s) -> {
            double u = Math.signum(0.7 * s[0] + (1 - 0.7) * g);
            s[0] = 0.9 * s[0] + 0.1 * g;
            return p - 0.1 * (u + 0.3 * p);
        }));
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void sophiaWithoutCurvature(@ForAll @LongRange(min = 0) long seed) {
        check(seed, Sophia.of(0.1).withBetas(0.7, 0.9).withWeightDecay(0.3), each((p, g, _, s) -> {
            s[0] = 0.7 * s[0] + 0.3 * g;
            return p - 0.1 * (Math.signum(s[0]) + 0.3 * p);
        }));
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void lars(@ForAll @LongRange(min = 0) long seed) {
        double[][] v = {new double[SIZE]};
        check(seed, Lars.of(0.1).withMomentum(0.8).withWeightDecay(0.2).withTrust(0.5), (p, g, _) -> {
            double local = 0.5 * length(p) / (length(g) + 0.2 * length(p));
            double[] next = new double[SIZE];
            for (int i = 0; i < SIZE; i++) {
                v[0][i] = 0.8 * v[0][i] + 0.1 * local * (g[i] + 0.2 * p[i]);
                next[i] = p[i] - v[0][i];
            }
            return next;
        });
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void lamb(@ForAll @LongRange(min = 0) long seed) {
        double[] m = new double[SIZE];
        double[] v = new double[SIZE];
        check(seed, Lamb.of(0.1).withWeightDecay(0.2), (p, g, t) -> {
            double[] r = new double[SIZE];
            for (int i = 0; i < SIZE; i++) {
                m[i] = 0.9 * m[i] + 0.1 * g[i];
                v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
                r[i] = m[i] / (1 - Math.pow(0.9, t)) / (Math.sqrt(v[i] / (1 - Math.pow(0.999, t))) + 1e-6) + 0.2 * p[i];
            }
            double ratio = length(p) / length(r);
            double[] next = new double[SIZE];
            for (int i = 0; i < SIZE; i++) {
                next[i] = p[i] - 0.1 * ratio * r[i];
            }
            return next;
        });
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void adafactorOfAVector(@ForAll @LongRange(min = 0) long seed) {
        double[] v = new double[SIZE];
        check(seed, Adafactor.of(0.1).withWeightDecay(0.2), (p, g, t) -> {
            double keep = 1 - Math.pow(t, -0.8);
            double[] u = new double[SIZE];
            for (int i = 0; i < SIZE; i++) {
                v[i] = keep * v[i] + (1 - keep) * g[i] * g[i];
                u[i] = g[i] / Math.sqrt(v[i]);
            }
            double root = Math.sqrt(SIZE);
            double alpha = Math.max(1e-3, length(p) / root) * Math.min(0.1, 1 / Math.sqrt(t));
            double[] next = new double[SIZE];
            for (int i = 0; i < SIZE; i++) {
                next[i] = p[i] * (1 - 0.1 * 0.2) - alpha * u[i] / Math.max(1, length(u) / root);
            }
            return next;
        });
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void lookahead(@ForAll @LongRange(min = 0) long seed) {
        check(seed, new Lookahead(Sgd.of(0.1), 2, 0.3), each((p, g, t, slow) -> {
            if (t == 1) {
                slow[0] = p;
            }
            double fast = p - 0.1 * g;
            if (t % 2 == 0) {
                slow[0] += 0.3 * (fast - slow[0]);
                return slow[0];
            }
            return fast;
        }));
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void scheduleFreeSgd(@ForAll @LongRange(min = 0) long seed) {
        check(seed, ScheduleFree.sgd(0.1).withWarmup(3).withWeightDecay(0.2).withBeta(0.8), each((p, g, t, s) -> {
            if (t == 1) { // z, x, and the sum of squared rates
                s[0] = p;
                s[1] = p;
            }
            double rate = 0.1 * Math.min(1, t / 3.0);
            s[2] += rate * rate;
            s[0] -= rate * (g + 0.2 * p);
            s[1] += rate * rate / s[2] * (s[0] - s[1]);
            return 0.2 * s[0] + 0.8 * s[1];
        }));
    }

    /** The rows and columns of a square of rank 1 say all of it, so both forms of Adafactor agree. */
    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void adafactorOfAMatrix(@ForAll @LongRange(min = 0) long seed) {
        Rng rng = Rng.seed(seed);
        Tensor start = rng.normal(Shape.of(4, 3), DType.F64);
        Model matrix = new Model(Variable.parameter(start));
        Model vector = new Model(Variable.parameter(start.reshape(12)));
        Tensor g = rng.stream(1).normal(Shape.of(4), DType.F64).outer(rng.stream(2).normal(Shape.of(3), DType.F64));
        Adafactor.of(0.1).over(matrix).step(List.of(g));
        Adafactor.of(0.1).over(vector).step(List.of(g.reshape(12)));
        assertEquals(0, matrix.p.value().reshape(12).sub(vector.p.value()).abs().max().item(), 1e-12);
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void muonMakesSingularValuesAboutOne(@ForAll @LongRange(min = 0) long seed) {
        Tensor g = Rng.seed(seed).normal(Shape.of(5, 3), DType.F64);
        Model model = new Model(Variable.parameter(Tensor.zeros(Shape.of(5, 3), DType.F64)));
        Muon.of(1).over(model).step(List.of(g));
        Tensor move = model.p.value().neg().div(Math.sqrt(5.0 / 3));
        double[] values = Decompositions.svdvals(move).toDoubles();
        for (double value : values) {
            assertEquals(0.95, value, 0.3);
        }
        // the singular vectors are those of the gradient: the product with it is symmetric and positive
        Tensor product = g.transpose().matmul(move);
        assertEquals(0, product.sub(product.transpose()).abs().max().item(), 1e-9);
        assertEquals(true, Decompositions.eigvalsh(product).min().item() > 0);
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void theFirstStepOfShampooIsTheNearestOrthogonalMatrix(@ForAll @LongRange(min = 0) long seed) {
        Tensor g = Rng.seed(seed).normal(Shape.of(3, 3), DType.F64);
        Model model = new Model(Variable.parameter(Tensor.zeros(Shape.of(3, 3), DType.F64)));
        Shampoo.of(1).withEpsilon(1e-14).over(model).step(List.of(g));
        var parts = Decompositions.svd(g);
        if (parts.s().min().item() > 0.05) {
            Tensor expected = parts.u().matmul(parts.v().transpose()).neg();
            assertEquals(0, model.p.value().sub(expected).abs().max().item(), 1e-6);
        }
    }
}
