package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;

/**
 * {@link Adam} that divides only once the mean of squares is reliable (Liu et al. 2020), with the formulas and defaults of
 * {@code torch.optim.RAdam}:
 *
 * <pre>{@code
 * m and v as Adam, M = m / (1 - beta1^t)
 * R = 2 / (1 - beta2) - 1
 * r = R - 2 t beta2^t / (1 - beta2^t)
 * r > 5:  p = p - learningRate M sqrt((r - 4) (r - 2) R / ((R - 4) (R - 2) r)) sqrt(1 - beta2^t) / (sqrt(v) + epsilon)
 * else:   p = p - learningRate M
 * }</pre>
 *
 * for step t = 1, 2, ...
 *
 * @param learningRate per step
 * @param beta1 decay of the mean of gradients, 0.9 by default
 * @param beta2 decay of the mean of squares, 0.999 by default
 * @param epsilon keeps the divisor off zero, 1e-8 by default
 */
public record RAdam(Schedule learningRate, double beta1, double beta2, double epsilon) implements Recipe {
    /** The length of the average above which a step divides. */
    private static final double RELIABLE = 5;

    public RAdam {
        Hyper.decay("radam", "beta1", beta1);
        Hyper.decay("radam", "beta2", beta2);
        Hyper.notNegative("radam", "epsilon", epsilon);
    }

    /**
     * At a constant rate.
     *
     * @throws io.adjoint.autodiff.ShapeException if the rate is negative or not finite
     */
    public static RAdam of(double learningRate) {
        return of(LearningRate.constant("radam", learningRate));
    }

    /** With PyTorch's defaults; their rate is 0.001. */
    public static RAdam of(Schedule learningRate) {
        return new RAdam(learningRate, 0.9, 0.999, 1e-8);
    }

    /** The same with another epsilon. */
    public RAdam withEpsilon(double value) {
        return new RAdam(learningRate, beta1, beta2, value);
    }

    /** The same with other decays. */
    public RAdam withBetas(double first, double second) {
        return new RAdam(learningRate, first, second, epsilon);
    }

    @Override
    public Chain chain() {
        PerParameter direction = spec -> new Moving(this, Averages.zeros(spec), Averages.zeros(spec));
        return Chain.of(direction, new LearningRate(learningRate));
    }

    private record Moving(RAdam form, Variable mean, Variable squares) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            Tensor average = Averages.over(Averages.move(mean, update, form.beta1),
                    Averages.weight(form.beta1, step));
            Tensor squared = Averages.move(squares, update.square(), form.beta2);
            double limit = 2 / (1 - form.beta2) - 1;
            if (limit <= RELIABLE) {
                return average; // no step divides
            }
            Tensor weight = Averages.weight(form.beta2, step);
            Tensor length = step.add(1).mul(2).mul(weight.rsub(1)).div(weight).rsub(limit);
            // of a shorter one the root would be that of a negative number, a NaN even though it is thrown away
            Tensor used = length.clampMin(RELIABLE);
            Tensor rectified = used.sub(4).mul(used.sub(2)).mul(limit)
                    .div(used.mul((limit - 4) * (limit - 2))).mul(weight).sqrt();
            Tensor divided = Averages.times(average.div(squared.sqrt().add(form.epsilon)), rectified);
            return length.gt(RELIABLE).where(divided, average);
        }
    }
}
