package io.adjoint.optim.samples;

import io.adjoint.optim.AdaBelief;
import io.adjoint.optim.Adadelta;
import io.adjoint.optim.Adafactor;
import io.adjoint.optim.Adagrad;
import io.adjoint.optim.Adam;
import io.adjoint.optim.AdamW;
import io.adjoint.optim.Adamax;
import io.adjoint.optim.Asgd;
import io.adjoint.optim.Chain;
import io.adjoint.optim.Lamb;
import io.adjoint.optim.Lars;
import io.adjoint.optim.LearningRate;
import io.adjoint.optim.Lion;
import io.adjoint.optim.Lookahead;
import io.adjoint.optim.Momentum;
import io.adjoint.optim.Muon;
import io.adjoint.optim.NAdam;
import io.adjoint.optim.RAdam;
import io.adjoint.optim.RmsProp;
import io.adjoint.optim.Rprop;
import io.adjoint.optim.Sam;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.ScheduleFree;
import io.adjoint.optim.Sgd;
import io.adjoint.optim.Shampoo;
import io.adjoint.optim.Sophia;
import io.adjoint.optim.Transformation;
import io.adjoint.optim.TrustRatio;
import io.adjoint.optim.Uphill;
import io.adjoint.optim.WeightDecay;
import io.adjoint.optim.Yogi;
import io.adjoint.optim.samples.OptimizerSample.Finds;
import io.adjoint.optim.samples.OptimizerSample.Maker;
import io.adjoint.optim.schedule.CosineDecay;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The samples of all optimizers and transformations; {@code OptimizerLawTest} misses one that has none. */
public final class OptimizerSamples {
    private OptimizerSamples() {}

    public static List<OptimizerSample> all() {
        return Stream.of(descending(), adaptive(), wrapping(), TransformationSamples.all()).flatMap(List::stream)
                .toList();
    }

    static OptimizerSample sample(Class<? extends Transformation> type, String name, double bowl, double valley,
            Function<Schedule, Transformation> recipe) {
        Maker maker = (rate, steps) -> recipe.apply(CosineDecay.of(rate, steps));
        return new OptimizerSample(type, name, maker, bowl, valley, Finds.LOWEST);
    }

    private static OptimizerSample fixed(Class<? extends Transformation> type, String name, double bowl, double valley,
            Function<Double, Transformation> recipe) {
        return new OptimizerSample(type, name, (rate, _) -> recipe.apply(rate), bowl, valley,
                Finds.LOWEST);
    }

    private static List<OptimizerSample> descending() {
        return List.of(
                sample(Sgd.class, "", 0.3, 0.001, Sgd::of),
                sample(Sgd.class, "with momentum", 0.1, 3e-4, rate -> Sgd.of(rate).withMomentum(0.9)),
                sample(Sgd.class, "with dampening", 0.1, 5e-4,
                        rate -> Sgd.of(rate).withMomentum(new Momentum(0.8, 0.3, false))),
                sample(Sgd.class, "after Nesterov", 0.1, 3e-4, rate -> Sgd.of(rate).withNesterov(0.9)),
                sample(Momentum.class, "", 0.1, 3e-4, rate -> Chain.of(Momentum.of(0.9), new LearningRate(rate))),
                sample(LearningRate.class, "", 0.3, 0.001, LearningRate::new),
                sample(Chain.class, "", 0.3, 0.001, rate -> Chain.of(new LearningRate(rate))),
                fixed(Asgd.class, "", 0.3, 0.001, Asgd::of),
                new OptimizerSample(Asgd.class, "averaging", (rate, steps) -> Asgd.of(rate).withStart(steps / 2.0), 0.3,
                        0.001, Finds.LOWEST),
                fixed(Rprop.class, "", 0.1, 0.01, Rprop::of),
                sample(Lars.class, "", 1, 0.02, rate -> Lars.of(rate).withTrust(0.1)),
                sample(Muon.class, "", 0.3, 0.05, rate -> Muon.of(rate).withWeightDecay(0)
                        .withRest(AdamW.of(rate).withWeightDecay(0))),
                sample(Muon.class, "of the momentum", 0.3, 0.05, rate -> Muon.of(rate).withWeightDecay(0)
                        .withMomentum(0.9, Muon.Look.HERE).withRest(AdamW.of(rate).withWeightDecay(0))),
                sample(Lion.class, "", 0.1, 0.002, Lion::of),
                sample(Shampoo.class, "", 1, 0.6, Shampoo::of),
                sample(Shampoo.class, "with diagonals", 1, 0.6, rate -> Shampoo.of(rate).withLongest(2)));
    }

    private static List<OptimizerSample> adaptive() {
        return List.of(
                sample(Adagrad.class, "", 1, 0.5, Adagrad::of),
                sample(Adadelta.class, "", 10, 0.1, rate -> Adadelta.of(rate).withEpsilon(1e-4)),
                sample(RmsProp.class, "", 0.1, 0.005, RmsProp::of),
                sample(RmsProp.class, "centred with momentum", 0.02, 3e-4,
                        rate -> RmsProp.of(rate).centred().withMomentum(0.9).withEpsilon(1e-2)),
                sample(Adam.class, "", 0.2, 0.2, Adam::of),
                sample(Adam.class, "as AMSGrad", 0.2, 0.2, rate -> Adam.of(rate).withAmsgrad()),
                sample(AdamW.class, "", 0.2, 0.2, rate -> AdamW.of(rate).withWeightDecay(1e-5)),
                sample(Adamax.class, "", 0.2, 0.2, Adamax::of),
                sample(NAdam.class, "", 0.2, 0.05, NAdam::of),
                sample(NAdam.class, "of old", 0.2, 0.05,
                        rate -> NAdam.of(rate).withProducts(NAdam.Products.NEXT_TWICE)),
                sample(RAdam.class, "", 0.2, 0.001, RAdam::of), // its first steps are as long as the gradient
                sample(AdaBelief.class, "", 0.2, 0.2, AdaBelief::of),
                sample(Yogi.class, "", 0.2, 0.2, Yogi::of),
                sample(Lamb.class, "", 0.1, 0.03, Lamb::of),
                sample(Adafactor.class, "", 0.3, 0.1, Adafactor::of),
                sample(Sophia.class, "", 0.2, 0.02, rate -> Sophia.of(rate).withWeightDecay(0)));
    }

    private static List<OptimizerSample> wrapping() {
        return List.of(
                sample(Sam.class, "", 0.1, 3e-4, rate -> Sam.of(Sgd.of(rate).withMomentum(0.9)).withRho(1e-3)),
                sample(Sam.class, "in its adaptive form", 0.1, 3e-4,
                        rate -> Sam.of(Sgd.of(rate).withMomentum(0.9)).withRho(1e-3).adaptive()),
                sample(Lookahead.class, "", 0.2, 0.2, rate -> Lookahead.of(Adam.of(rate))),
                fixed(ScheduleFree.class, "SGD", 0.5, 0.001, ScheduleFree::sgd),
                fixed(ScheduleFree.class, "AdamW", 0.3, 0.1, rate -> ScheduleFree.adamW(rate).withWarmup(10)),
                sample(TrustRatio.class, "", 0.1, 0.02,
                        rate -> Chain.of(new TrustRatio(1), new LearningRate(rate))),
                sample(Uphill.class, "", 0.3, 0.001, rate -> new Uphill(new Uphill(Sgd.of(rate)))),
                sample(WeightDecay.class, "", 0.3, 0.001, rate -> Sgd.of(rate).withWeightDecay(1e-6)));
    }
}
