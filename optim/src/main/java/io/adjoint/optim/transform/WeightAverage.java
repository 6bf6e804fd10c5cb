package io.adjoint.optim.transform;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.PerParameter;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;

/**
 * Averages the parameters over the steps without changing them. Put it at the end of a chain; {@code Optimizer.averages} gives
 * the averages, and {@code Optimizer.withAverages} runs a validation with them. Running statistics of batch normalisation
 * belong to the parameters that made them and are best computed anew.
 *
 * @param weighting how much each step counts
 * @param start the first step that counts, 0 or more
 * @param every only each so many-th step counts, 1 or more
 */
public record WeightAverage(Weighting weighting, long start, long every) implements PerParameter {
    /** How much the parameters of a step count. */
    public sealed interface Weighting {
        /**
         * Later ones more: {@code a = decay a + (1 - decay) p}, beginning with the first p.
         *
         * @param decay 0.999 is usual
         */
        record Exponential(double decay) implements Weighting {
            public Exponential {
                Hyper.decay("weight_average", "decay", decay);
            }
        }

        /** All the same: stochastic weight averaging (Izmailov, Podoprikhin, Garipov, Vetrov, Wilson 2018). */
        record Equal() implements Weighting {}
    }

    public WeightAverage {
        Hyper.count("weight_average", "start", start, 0);
        Hyper.count("weight_average", "every", every, 1);
    }

    /** An exponential average from the first step on. */
    public static WeightAverage exponential(double decay) {
        return new WeightAverage(new Weighting.Exponential(decay), 0, 1);
    }

    /** The mean of the parameters after each so many-th step. */
    public static WeightAverage equal(long start, long every) {
        return new WeightAverage(new Weighting.Equal(), start, every);
    }

    @Override
    public Rule rule(TensorSpec spec) {
        return new Averaging(this, Averages.zeros(spec), Variable.buffer(Tensor.scalar(0, DType.F64)));
    }

    private record Averaging(WeightAverage form, Variable average, Variable count) implements Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            Tensor moved = parameter.add(update);
            Tensor before = average.value();
            Tensor counted = count.value();
            Tensor since = step.sub(form.start);
            Tensor takes = since.ge(0).and(since.remainder(form.every).eq(0));
            Tensor next = switch (form.weighting) {
                case Weighting.Exponential(double decay) ->
                    counted.eq(0).where(moved, before.mul(decay).add(moved.mul(1 - decay)));
                case Weighting.Equal() -> before.add(Averages.over(moved.sub(before), counted.add(1)));
            };
            average.set(takes.where(next, before));
            count.set(counted.add(takes.cast(DType.F64)));
            return update;
        }

        @Override
        public Tensor average(Tensor parameter, Tensor step) {
            return count.value().eq(0).where(parameter, average.value());
        }
    }
}
