package io.adjoint.nn.samples;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Activation;
import io.adjoint.nn.Dropout;
import io.adjoint.nn.Flatten;
import io.adjoint.nn.LeakyRelu;
import io.adjoint.nn.Linear;
import io.adjoint.nn.LogSoftmax;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.Softmax;
import io.adjoint.nn.Unflatten;
import java.util.List;

/** Layers that are no member of a larger family. */
final class BasicSamples {
    private BasicSamples() {}

    static List<ModuleSampler> all() {
        return List.of(new ModuleSampler(Linear.class, BasicSamples::linear),
                new ModuleSampler(Dropout.class, BasicSamples::dropout),
                new ModuleSampler(Sequential.class, BasicSamples::sequential),
                new ModuleSampler(Activation.class, BasicSamples::activation),
                new ModuleSampler(LeakyRelu.class,
                        draw -> ModuleSample.of(new LeakyRelu(draw.between(-3, 3) * 0.1), draw.awayFromZero(3, 2))),
                new ModuleSampler(Softmax.class, draw -> ModuleSample.of(new Softmax(-1), draw.normal(2, 3))),
                new ModuleSampler(LogSoftmax.class, draw -> ModuleSample.of(new LogSoftmax(0), draw.normal(2, 3))),
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

    /** The mask is held, since differences need the same one at each point. */
    private static ModuleSample dropout(Draw draw) {
        Tensor key = draw.rng().key();
        Dropout layer = new Dropout(draw.between(0, 10) * 0.1, Variable.buffer(key));
        return new ModuleSample(layer, in -> {
            Tensor before = layer.key().value();
            Tensor y = layer.forward(in.getFirst());
            layer.key().set(before);
            return y;
        }, List.of(draw.normal(2, 3)), List.of());
    }

    private static ModuleSample sequential(Draw draw) {
        int in = draw.between(1, 3);
        Sequential layers = Sequential.of(
                Linear.Config.of(in, 3).withDType(draw.dtype()).create(draw.rng()), Activation.TANH,
                Linear.Config.of(3, 2).withDType(draw.dtype()).create(draw.rng()));
        return ModuleSample.of(layers, draw.normal(2, in), draw.normal(2, in + 1));
    }

    private static ModuleSample activation(Draw draw) {
        return ModuleSample.of(draw.oneOf(Activation.values()), draw.awayFromZero(2, 3));
    }
}
