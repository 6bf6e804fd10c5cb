package io.adjoint.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import java.util.List;

/** Some steps of an optimizer beside those of a formula on plain numbers. */
final class Formulas {
    private static final int STEPS = 6;
    static final int SIZE = 3;

    private Formulas() {}

    record Model(Variable p) implements Module {}

    /** What one step makes of the parameter, row by row; t is 1 for the first. */
    interface Formula {
        double[] step(double[] p, double[] g, int t);
    }

    /** A formula in which each element goes by itself; the state is that of the element. */
    interface Elementwise {
        double step(double p, double g, int t, double[] state);
    }

    static Formula each(Elementwise formula) {
        double[][] state = new double[SIZE][3];
        return (p, g, t) -> {
            double[] next = new double[p.length];
            for (int i = 0; i < p.length; i++) {
                next[i] = formula.step(p[i], g[i], t, state[i]);
            }
            return next;
        };
    }

    static Optimizer check(long seed, Transformation transformation, Formula formula) {
        return check(seed, Shape.of(SIZE), transformation, formula);
    }

    /** The optimizer after the steps. */
    static Optimizer check(long seed, Shape shape, Transformation transformation, Formula formula) {
        Rng rng = Rng.seed(seed);
        Model model = new Model(Variable.parameter(rng.stream(100).normal(shape, DType.F64)));
        Optimizer optimizer = transformation.over(model);
        double[] p = model.p.value().toDoubles();
        for (int t = 1; t <= STEPS; t++) {
            Tensor gradient = rng.stream(t).normal(shape, DType.F64);
            optimizer.step(List.of(gradient));
            p = formula.step(p, gradient.toDoubles(), t);
            for (int i = 0; i < p.length; i++) {
                assertEquals(p[i], model.p.value().toDoubles()[i], 1e-9 * Math.max(1, Math.abs(p[i])),
                        "element " + i + " after step " + t);
            }
        }
        return optimizer;
    }

    static double length(double[] x) {
        double sum = 0;
        for (double element : x) {
            sum += element * element;
        }
        return Math.sqrt(sum);
    }
}
