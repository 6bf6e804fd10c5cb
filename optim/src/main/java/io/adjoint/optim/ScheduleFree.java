package io.adjoint.optim;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;

/**
 * An average of the iterates in the place of a schedule for the rate (Defazio et al. 2024): gradients are taken between the
 * last iterate z and the average x.
 *
 * <pre>{@code
 * y = (1 - beta) z + beta x                     the parameters while training
 * z = z - rate[t] (direction of g(y) + decay y)
 * x = x + c (z - x)                             c = rate[t]^2 / (rate[1]^2 + ... + rate[t]^2)
 * }</pre>
 *
 * The direction is g itself or {@code g / (sqrt(v / (1 - beta2^t)) + epsilon)} with a mean of squares v as in {@link Adam}; the
 * rate rises in a straight line while warming up. The average x is what {@link Optimizer#averages} gives: judge and save the
 * model inside {@link Optimizer#withAverages}.
 *
 * @param learningRate the rate after the warm-up; a constant, usually greater than with a schedule
 * @param beta how near to the average gradients are taken, 0.9 by default, above 0
 * @param warmup steps of the warm-up, 0 by default
 * @param direction plain or scaled
 * @param decay 0 by default
 */
public record ScheduleFree(double learningRate, double beta, long warmup, Direction direction, double decay)
        implements Recipe {
    /** Where z goes. */
    public sealed interface Direction {
        /** The gradient itself, as SGD. */
        record Plain() implements Direction {}

        /**
         * The gradient divided by its root mean square, as AdamW.
         *
         * @param beta2 decay of the mean of squares
         * @param epsilon keeps the divisor off zero
         */
        record Scaled(double beta2, double epsilon) implements Direction {
            public Scaled {
                Hyper.decay("schedule_free", "beta2", beta2);
                Hyper.notNegative("schedule_free", "epsilon", epsilon);
            }
        }
    }

    public ScheduleFree {
        Hyper.positive("schedule_free", "rate", learningRate);
        Hyper.share("schedule_free", "beta", Hyper.positive("schedule_free", "beta", beta));
        Hyper.count("schedule_free", "warmup", warmup, 0);
        Hyper.notNegative("schedule_free", "decay", decay);
    }

    /** Schedule-free SGD. */
    public static ScheduleFree sgd(double learningRate) {
        return new ScheduleFree(learningRate, 0.9, 0, new Direction.Plain(), 0);
    }

    /** Schedule-free AdamW. */
    public static ScheduleFree adamW(double learningRate) {
        return new ScheduleFree(learningRate, 0.9, 0, new Direction.Scaled(0.999, 1e-8), 0);
    }

    /** The same with a warm-up. */
    public ScheduleFree withWarmup(long steps) {
        return new ScheduleFree(learningRate, beta, steps, direction, decay);
    }

    /** The same with gradients taken nearer to the average or farther from it. */
    public ScheduleFree withBeta(double share) {
        return new ScheduleFree(learningRate, share, warmup, direction, decay);
    }

    /** The same with another decay, which is taken at y. */
    @Override
    public ScheduleFree withWeightDecay(double rate) {
        return new ScheduleFree(learningRate, beta, warmup, direction, rate);
    }

    @Override
    public Chain chain() {
        PerParameter averaging = spec -> new Averaging(this, Averages.zeros(spec),
                Variable.buffer(Tensor.scalar(0, DType.F64)));
        PerParameter decaying = new WeightDecay(decay);
        return switch (direction) {
            case Direction.Plain() -> Chain.of(decaying, averaging);
            case Direction.Scaled(double beta2, double epsilon) -> Chain.of(
                    new Adam(Schedule.constant(1), Schedule.constant(0), beta2, epsilon, Adam.Square.LAST).direction(),
                    decaying, averaging);
        };
    }

    private record Averaging(ScheduleFree form, Variable iterate, Variable weight) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            Tensor z = step.eq(0).where(parameter, iterate.value()); // all three begin where the parameter does
            Tensor rate = step.add(1).div(Math.max(1, form.warmup)).minimum(1).mul(form.learningRate);
            Tensor sum = weight.value().add(rate.square());
            Tensor share = rate.square().div(sum);
            Tensor nextZ = z.sub(Averages.times(update, rate));
            Tensor x = form.mean(parameter, z);
            Tensor nextX = x.add(Averages.times(nextZ.sub(x), share));
            iterate.set(nextZ);
            weight.set(sum);
            return nextZ.lerp(nextX, form.beta).sub(parameter);
        }

        @Override
        public Tensor average(Tensor parameter, Tensor step) {
            return weight.value().eq(0).where(parameter, form.mean(parameter, iterate.value()));
        }
    }

    /** x from y and z, so that it needs no memory. */
    private Tensor mean(Tensor y, Tensor z) {
        return y.sub(z).div(beta).add(z);
    }
}
