package io.adjoint.optim;

import static io.adjoint.optim.Formulas.SIZE;
import static io.adjoint.optim.Formulas.check;
import static io.adjoint.optim.Formulas.each;
import static io.adjoint.optim.Formulas.length;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Decompositions;
import io.adjoint.optim.Formulas.Model;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Optimizers and forms that the values of PyTorch 1.13 have not, against the formulas of their documentation on plain numbers. */
class FormulaTest {
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
    void nadamWithTheNextMomentum(@ForAll @LongRange(min = 0) long seed) {
        check(seed, NAdam.of(0.1).withBetas(0.8, 0.9).withMomentumDecay(0.5), each((p, g, t, s) -> {
            double now = 0.8 * (1 - 0.5 * Math.pow(0.96, t * 0.5));
            double next = 0.8 * (1 - 0.5 * Math.pow(0.96, (t + 1) * 0.5));
            s[0] = 0.8 * s[0] + 0.2 * g;
            s[1] = 0.9 * s[1] + 0.1 * g * g;
            s[2] = (t == 1 ? 1 : s[2]) * now;
            double n = next * s[0] / (1 - s[2] * next) + (1 - now) * g / (1 - s[2]);
            return p - 0.1 * n / (Math.sqrt(s[1] / (1 - Math.pow(0.9, t))) + 1e-8);
        }));
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void asgdAverages(@ForAll @LongRange(min = 0) long seed) {
        double[] average = new double[SIZE];
        Optimizer optimizer = check(seed, Asgd.of(0.1).withDecay(0.3, 0.6).withStart(2), (p, g, t) -> {
            double eta = 0.1 / Math.pow(1 + 0.3 * 0.1 * (t - 1), 0.6);
            double[] next = new double[SIZE];
            for (int i = 0; i < SIZE; i++) {
                next[i] = (1 - 0.3 * eta) * p[i] - eta * g[i];
                average[i] += (next[i] - average[i]) / Math.max(1, t - 1 - 2);
            }
            return next;
        });
        assertArrayEquals(average, optimizer.averages().getFirst().toDoubles(), 1e-9);
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

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void scheduleFreeAdamW(@ForAll @LongRange(min = 0) long seed) {
        check(seed, ScheduleFree.adamW(0.1).withWeightDecay(0.2), each((p, g, t, s) -> {
            if (t == 1) { // z, x and the mean of squares; at a constant rate x is the mean of all z
                s[0] = p;
                s[1] = p;
            }
            s[2] = 0.999 * s[2] + 0.001 * g * g;
            s[0] -= 0.1 * (g / (Math.sqrt(s[2] / (1 - Math.pow(0.999, t))) + 1e-8) + 0.2 * p);
            s[1] += (s[0] - s[1]) / t;
            return 0.1 * s[0] + 0.9 * s[1];
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
        assertEquals(0, matrix.p().value().reshape(12).sub(vector.p().value()).abs().max().item(), 1e-12);
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void muonMakesSingularValuesAboutOne(@ForAll @LongRange(min = 0) long seed) {
        Tensor g = Rng.seed(seed).normal(Shape.of(5, 3), DType.F64);
        Model model = new Model(Variable.parameter(Tensor.zeros(Shape.of(5, 3), DType.F64)));
        Muon.of(1).over(model).step(List.of(g));
        Tensor move = model.p().value().neg().div(Math.sqrt(5.0 / 3));
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
            assertEquals(0, model.p().value().sub(expected).abs().max().item(), 1e-6);
        }
    }
}
