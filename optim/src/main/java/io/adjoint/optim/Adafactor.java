package io.adjoint.optim;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;

/**
 * Adam's division with a mean of squares that is kept as a row and a column (Shazeer, Stern 2018), so that the state of a matrix
 * is no larger than its edges; by the formulas and defaults of {@code torch.optim.Adafactor}:
 *
 * <pre>{@code
 * b = 1 - t^betaPower
 * R = b R + (1 - b) mean of g^2 along the last axis, C along the last but one
 * V = R C / mean(R), or for a vector the average of g^2 itself
 * u = g / sqrt(max(V, least^2))
 * p = p - learningRate decay p - max(floor, rms(p)) min(learningRate, 1 / sqrt(t)) u / max(1, rms(u) / clipping)
 * }</pre>
 *
 * for step t = 1, 2, ...; {@code least} is the distance from 1 to the next number of the dtype.
 *
 * @param learningRate the greatest relative step, 0.01 by default
 * @param betaPower how the decay approaches 1, -0.8 by default
 * @param floor the least length that steps are relative to, 1e-3 by default
 * @param clipping of the root mean square of u, 1 by default
 * @param decay of the parameters, decoupled, 0 by default
 */
public record Adafactor(Schedule learningRate, double betaPower, double floor, double clipping, double decay)
        implements Recipe {
    public Adafactor {
        if (!(betaPower <= 0 && Double.isFinite(betaPower))) {
            throw Hyper.refusal("adafactor", "betaPower", betaPower, "a finite number, 0 or less");
        }
        Hyper.notNegative("adafactor", "floor", floor);
        Hyper.positive("adafactor", "clipping", clipping);
        Hyper.notNegative("adafactor", "decay", decay);
    }

    /**
     * At a constant rate.
     *
     * @throws io.adjoint.autodiff.ShapeException if the rate is negative or not finite
     */
    public static Adafactor of(double learningRate) {
        return of(LearningRate.constant("adafactor", learningRate));
    }

    /** With PyTorch's defaults. */
    public static Adafactor of(Schedule learningRate) {
        return new Adafactor(learningRate, -0.8, 1e-3, 1, 0);
    }

    /** The same with another decay of the parameters, which is decoupled here. */
    @Override
    public Adafactor withWeightDecay(double rate) {
        return new Adafactor(learningRate, betaPower, floor, clipping, rate);
    }

    @Override
    public Chain chain() {
        PerParameter steps = spec -> spec.shape().rank() < 2
                ? new Whole(learningRate, this, Averages.zeros(spec))
                : new Factored(learningRate, this, edge(spec, -1), edge(spec, -2));
        return Chain.of(steps);
    }

    /** Zeros of the parameter's shape with an extent of 1 along the axis. */
    private static Variable edge(TensorSpec spec, int axis) {
        return Variable.buffer(Tensor.zeros(spec.shape(), spec.dtype()).sum(Axes.keep(axis)));
    }

    private Tensor beta(Tensor step) {
        return step.add(1).pow(betaPower).rsub(1);
    }

    private Tensor change(Tensor update, Tensor squares, Tensor parameter, Tensor rate, Tensor step) {
        double least = update.dtype() == DType.F64 ? Math.ulp(1.0) : Math.ulp(1f);
        Tensor direction = update.mul(squares.clampMin(least * least).rsqrt());
        Tensor length = parameter.square().mean().sqrt().clampMin(floor);
        Tensor excess = direction.square().mean().sqrt().div(clipping).clampMin(1);
        Tensor relative = rate.minimum(step.add(1).rsqrt()).cast(update.dtype());
        Tensor moved = direction.mul(relative.mul(length).div(excess));
        return moved.add(Averages.times(parameter, rate.mul(decay))).neg();
    }

    private record Whole(Schedule rate, Adafactor form, Variable squares) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            Tensor moved = Averages.move(squares, update.square(), form.beta(step));
            return form.change(update, moved, parameter, rate.at(step), step);
        }
    }

    private record Factored(Schedule rate, Adafactor form, Variable rows, Variable columns)
            implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            Tensor square = update.square();
            Tensor row = Averages.move(rows, square.mean(Axes.keep(-1)), form.beta(step));
            Tensor column = Averages.move(columns, square.mean(Axes.keep(-2)), form.beta(step));
            double least = update.dtype() == DType.F64 ? Math.ulp(1.0) : Math.ulp(1f);
            Tensor squares = row.mul(column).div(row.mean(Axes.keep(-2)).clampMin(least));
            return form.change(update, squares, parameter, rate.at(step), step);
        }
    }
}
