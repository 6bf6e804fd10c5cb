package io.adjoint.optim.samples;

import static io.adjoint.optim.samples.OptimizerSamples.sample;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Adam;
import io.adjoint.optim.Asgd;
import io.adjoint.optim.Chain;
import io.adjoint.optim.LearningRate;
import io.adjoint.optim.Momentum;
import io.adjoint.optim.RAdam;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.Sgd;
import io.adjoint.optim.Transformation;
import io.adjoint.optim.samples.OptimizerSample.Finds;
import io.adjoint.optim.schedule.Multiplicative;
import io.adjoint.optim.schedule.Plateau;
import io.adjoint.optim.transform.Accumulate;
import io.adjoint.optim.transform.AdaptiveClip;
import io.adjoint.optim.transform.Centralise;
import io.adjoint.optim.transform.ClipByBlockNorm;
import io.adjoint.optim.transform.ClipByGlobalNorm;
import io.adjoint.optim.transform.ClipByValue;
import io.adjoint.optim.transform.MaxNorm;
import io.adjoint.optim.transform.MovingAverage;
import io.adjoint.optim.transform.Noise;
import io.adjoint.optim.transform.NonNegative;
import io.adjoint.optim.transform.Partition;
import io.adjoint.optim.transform.Scale;
import io.adjoint.optim.transform.Simplex;
import io.adjoint.optim.transform.SkipNonFinite;
import io.adjoint.optim.transform.WeightAverage;
import java.util.List;
import java.util.function.Function;

/** Transformations with gradient descent or Adam around or behind them. */
final class TransformationSamples {
    private TransformationSamples() {}

    static List<OptimizerSample> all() {
        return List.of(
                before(new ClipByValue(1)),
                before(new ClipByGlobalNorm(1)),
                before(new ClipByBlockNorm(1)),
                sample(AdaptiveClip.class, "", 0.3, 0.002, rate -> Chain.of(AdaptiveClip.of(2), Sgd.of(rate))),
                before(new MovingAverage(0.5)),
                before(Scale.of(0.9)),
                some(Centralise.class, rate -> Chain.of(new Centralise(), Sgd.of(rate))),
                some(Noise.class, rate -> Chain.of(Noise.of(0.01, Rng.seed(3)), Adam.of(rate))),
                sample(Accumulate.class, "", 0.3, 0.002, rate -> new Accumulate(3, Sgd.of(new Faster(rate, 3)))),
                sample(Accumulate.class, "in front of Adam", 0.3, 0.2,
                        rate -> new Accumulate(2, Adam.of(new Faster(rate, 2)))),
                sample(SkipNonFinite.class, "", 0.2, 0.2, rate -> new SkipNonFinite(Adam.of(rate))),
                sample(Partition.class, "", 0.3, 0.001, rate -> Partition.of(
                        new Partition.Group("matrix", Sgd.of(rate)),
                        new Partition.Group(".*", Adam.of(rate.times(Schedule.constant(5)))))),
                some(Partition.class, rate -> Partition.freezing("vector", Adam.of(rate))),
                some(NonNegative.class, rate -> Chain.of(Sgd.of(rate), new NonNegative())),
                some(MaxNorm.class, rate -> Chain.of(Sgd.of(rate), new MaxNorm(1))),
                some(Simplex.class, rate -> Chain.of(Sgd.of(rate), new Simplex())),
                sample(WeightAverage.class, "later ones more", 0.2, 0.2,
                        rate -> Chain.of(Adam.of(rate), WeightAverage.exponential(0.9))),
                sample(WeightAverage.class, "all the same", 0.2, 0.2,
                        rate -> Chain.of(Adam.of(rate), WeightAverage.equal(800, 2))),
                some(Sgd.class, rate -> Sgd.of(Multiplicative.of(0.1, Schedule.constant(0.99)))),
                // so early that the tests of a few steps see averages
                some(WeightAverage.class, rate -> Chain.of(Adam.of(rate), WeightAverage.equal(2, 2))),
                some(RAdam.class, rate -> RAdam.of(rate).withBetas(0.9, 0.6)), // so short an average never divides
                some(Asgd.class, _ -> Asgd.of(0.1).withStart(2)),
                some(Sgd.class, rate -> Sgd.of(Plateau.of(0.1))),
                some(Sgd.class, rate -> Sgd.of(rate).withMomentum(Momentum.of(step -> step.mul(-0.01).exp()))));
    }

    private static OptimizerSample before(Transformation first) {
        return sample(first.getClass(), "", 0.3, 0.001, rate -> Chain.of(first, new LearningRate(rate)));
    }

    private static OptimizerSample some(Class<? extends Transformation> type,
            Function<Schedule, Transformation> recipe) {
        OptimizerSample sample = sample(type, "", 0.1, 0.01, recipe);
        return new OptimizerSample(type, "that finds some point", sample.maker(), 0.1, 0.01, Finds.SOME);
    }

    /** A schedule of so many times fewer steps; a lambda would hide what it is made of. */
    private record Faster(Schedule schedule, double times) implements Schedule {
        @Override
        public Tensor at(Tensor step) {
            return schedule.at(step.mul(times));
        }
    }
}
