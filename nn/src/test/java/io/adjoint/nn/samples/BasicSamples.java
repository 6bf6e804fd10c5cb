package io.adjoint.nn.samples;

import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Activation;
import io.adjoint.nn.AdaptiveLogSoftmax;
import io.adjoint.nn.Bilinear;
import io.adjoint.nn.CosineSimilarity;
import io.adjoint.nn.Flatten;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Module;
import io.adjoint.nn.PairwiseDistance;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.Unflatten;
import java.util.List;
import java.util.function.BinaryOperator;

/** Layers that are no member of a larger family. */
final class BasicSamples {
    private BasicSamples() {}

    static List<ModuleSampler> all() {
        return List.of(new ModuleSampler(Linear.class, BasicSamples::linear),
                new ModuleSampler(AdaptiveLogSoftmax.class, BasicSamples::adaptive),
                new ModuleSampler(Bilinear.class, BasicSamples::bilinear),
                new ModuleSampler(CosineSimilarity.class, BasicSamples::cosine),
                new ModuleSampler(PairwiseDistance.class, BasicSamples::distance),
                new ModuleSampler(Sequential.class, BasicSamples::sequential),
                new ModuleSampler(Flatten.class,
                        draw -> ModuleSample.of(new Flatten(draw.between(0, 1), draw.between(1, 2)),
                                draw.normal(2, 1, 3))),
                new ModuleSampler(Unflatten.class,
                        draw -> ModuleSample.of(Unflatten.of(1, draw.oneOf(-1, 2), 3), draw.normal(2, 6, 1),
                                draw.normal(2, 5), draw.normal(6))));
    }

    private static ModuleSample linear(Draw draw) {
        int in = draw.between(1, 4);
        Linear.Config config = Linear.Config.of(in, draw.between(1, 3)).withDType(draw.dtype());
        Linear layer = (draw.chance() ? config : config.withoutBias()).create(draw.rng());
        Tensor x = draw.oneOf(draw.normal(in), draw.normal(2, in), draw.normal(2, 1, in));
        return ModuleSample.of(layer, x, draw.normal(2, in + 1), draw.normal());
    }

    private static ModuleSample adaptive(Draw draw) {
        AdaptiveLogSoftmax.Config config = AdaptiveLogSoftmax.Config.of(4, 6, draw.oneOf(List.of(2), List.of(1, 4)))
                .withDivisor(2).withDType(draw.dtype());
        AdaptiveLogSoftmax module = (draw.chance() ? config : config.withHeadBias()).create(draw.rng());
        Tensor target = draw.indices(6, 3);
        return new ModuleSample(module, in -> module.forward(in.getFirst(), target).output(),
                List.of(draw.normal(3, 4)), List.of(List.of(draw.normal(3, 5)), List.of(draw.normal(2, 4)),
                        List.of(draw.normal(3, 1, 4))));
    }

    private static ModuleSample sequential(Draw draw) {
        int in = draw.between(1, 3);
        Sequential layers = Sequential.of(
                Linear.Config.of(in, 3).withDType(draw.dtype()).create(draw.rng()), Activation.TANH,
                Linear.Config.of(3, 2).withDType(draw.dtype()).create(draw.rng()));
        return ModuleSample.of(layers, draw.normal(2, in), draw.normal(2, in + 1));
    }

    private static ModuleSample bilinear(Draw draw) {
        int left = draw.between(1, 3);
        int right = draw.between(1, 3);
        Bilinear.Config config = Bilinear.Config.of(left, right, 2).withDType(draw.dtype());
        Bilinear layer = (draw.chance() ? config : config.withoutBias()).create(draw.rng());
        return pair(layer, layer::forward, draw.normal(3, left), draw.normal(3, right),
                List.of(List.of(draw.normal(3, left + 1), draw.normal(3, right)),
                        List.of(draw.normal(3, left), draw.normal(right))));
    }

    private static ModuleSample cosine(Draw draw) {
        CosineSimilarity module = new CosineSimilarity(draw.oneOf(1, -1), 1e-8);
        return pair(module, module::forward, draw.awayFromZero(3, 2), draw.awayFromZero(3, 2),
                List.of(List.of(draw.normal(3, 2), draw.normal(2, 2))));
    }

    private static ModuleSample distance(Draw draw) {
        PairwiseDistance module =
                new PairwiseDistance(draw.oneOf(1.0, 2.0, 3.0), 1e-6, draw.oneOf(PairwiseDistance.LastAxis.values()));
        Tensor a = draw.normal(3, 2);
        return pair(module, module::forward, a, a.add(draw.awayFromZero(3, 2)),
                List.of(List.of(a, draw.normal(2, 2))));
    }

    private static ModuleSample pair(Module module, BinaryOperator<Tensor> forward, Tensor a, Tensor b,
            List<List<Tensor>> misfits) {
        return new ModuleSample(module, in -> forward.apply(in.get(0), in.get(1)), List.of(a, b), misfits);
    }
}
