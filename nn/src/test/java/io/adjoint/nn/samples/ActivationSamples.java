package io.adjoint.nn.samples;

import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Activation;
import io.adjoint.nn.AlphaDropout;
import io.adjoint.nn.Celu;
import io.adjoint.nn.ChannelDropout;
import io.adjoint.nn.Dropout;
import io.adjoint.nn.Elu;
import io.adjoint.nn.FeatureAlphaDropout;
import io.adjoint.nn.Glu;
import io.adjoint.nn.Hardshrink;
import io.adjoint.nn.Hardtanh;
import io.adjoint.nn.Identity;
import io.adjoint.nn.Layer;
import io.adjoint.nn.LeakyRelu;
import io.adjoint.nn.LogSoftmax;
import io.adjoint.nn.PRelu;
import io.adjoint.nn.RRelu;
import io.adjoint.nn.Softmax;
import io.adjoint.nn.Softmax2d;
import io.adjoint.nn.Softmin;
import io.adjoint.nn.Softplus;
import io.adjoint.nn.Softshrink;
import io.adjoint.nn.Threshold;
import java.util.Arrays;
import java.util.List;

/** Activations with configuration, and what drops at random. */
final class ActivationSamples {
    private ActivationSamples() {}

    static List<ModuleSampler> all() {
        return List.of(
                new ModuleSampler(Activation.class,
                        draw -> ModuleSample.of(draw.oneOf(Activation.values()), draw.awayFromZero(2, 3))),
                new ModuleSampler(Identity.class, draw -> ModuleSample.of(new Identity(), draw.normal(2, 3))),
                new ModuleSampler(Elu.class, draw -> smooth(draw, new Elu(slope(draw)))),
                new ModuleSampler(Celu.class, draw -> smooth(draw, new Celu(slope(draw)))),
                new ModuleSampler(Glu.class,
                        draw -> ModuleSample.of(new Glu(draw.oneOf(1, -1)), draw.normal(3, 4), draw.normal(4, 3))),
                new ModuleSampler(Hardshrink.class, draw -> bent(draw, new Hardshrink(0.5))),
                new ModuleSampler(Softshrink.class, draw -> bent(draw, new Softshrink(0.5))),
                new ModuleSampler(Hardtanh.class, draw -> bent(draw, new Hardtanh(-0.5, 1))),
                new ModuleSampler(Threshold.class, draw -> bent(draw, new Threshold(draw.oneOf(-0.5, 0.0, 0.5), 2))),
                new ModuleSampler(LeakyRelu.class, draw -> smooth(draw, new LeakyRelu(draw.between(-3, 3) * 0.1))),
                new ModuleSampler(Softplus.class,
                        draw -> ModuleSample.of(Softplus.of(draw.oneOf(0.5, 1.0, 3.0)), draw.normal(2, 3))),
                new ModuleSampler(Softmax.class, draw -> ModuleSample.of(new Softmax(-1), draw.normal(2, 3))),
                new ModuleSampler(LogSoftmax.class, draw -> ModuleSample.of(new LogSoftmax(0), draw.normal(2, 3))),
                new ModuleSampler(Softmin.class, draw -> ModuleSample.of(new Softmin(1), draw.normal(2, 3))),
                new ModuleSampler(Softmax2d.class,
                        draw -> ModuleSample.of(new Softmax2d(),
                                draw.oneOf(draw.normal(2, 2, 3), draw.normal(1, 3, 2, 2)),
                                draw.normal(2, 3))),
                new ModuleSampler(PRelu.class, ActivationSamples::prelu),
                new ModuleSampler(RRelu.class, draw -> {
                    RRelu layer = RRelu.of(0.1, draw.oneOf(0.1, 0.5), draw.rng());
                    return ModuleSample.of(layer, draw.awayFromZero(2, 3));
                }),
                new ModuleSampler(Dropout.class, draw -> {
                    Dropout layer = Dropout.of(probability(draw), draw.rng());
                    return ModuleSample.of(layer, draw.normal(2, 3));
                }),
                new ModuleSampler(ChannelDropout.class, ActivationSamples::channelDropout),
                new ModuleSampler(AlphaDropout.class, draw -> {
                    AlphaDropout layer = AlphaDropout.of(probability(draw), draw.rng());
                    return ModuleSample.of(layer, draw.normal(2, 3));
                }),
                new ModuleSampler(FeatureAlphaDropout.class, draw -> {
                    FeatureAlphaDropout layer = FeatureAlphaDropout.of(probability(draw), draw.rng());
                    return ModuleSample.of(layer, draw.normal(2, 3, 2), draw.normal(3));
                }));
    }

    private static double slope(Draw draw) {
        return draw.oneOf(0.3, 1.0, 1.7);
    }

    private static double probability(Draw draw) {
        return draw.between(0, 10) * 0.1;
    }

    private static ModuleSample smooth(Draw draw, Layer layer) {
        return ModuleSample.of(layer, draw.oneOf(draw.awayFromZero(3, 2), draw.awayFromZero(4)));
    }

    /** Away from the bends, which lie at multiples of a half: in the middle of the halves between. */
    private static ModuleSample bent(Draw draw, Layer layer) {
        Tensor offset = draw.normal(3, 2).tanh().mul(0.2).add(0.25);
        return ModuleSample.of(layer, draw.normal(3, 2).mul(2).floor().mul(0.5).add(offset));
    }

    private static ModuleSample prelu(Draw draw) {
        int channels = draw.between(1, 3);
        PRelu layer = PRelu.of(channels, 0.3, draw.dtype());
        Tensor x = draw.awayFromZero(2, channels, 2);
        return channels == 1 ? ModuleSample.of(layer, x) : ModuleSample.of(layer, x, draw.normal(2, channels + 1));
    }

    private static ModuleSample channelDropout(Draw draw) {
        int places = draw.between(1, 3);
        ChannelDropout layer = switch (places) {
            case 1 -> ChannelDropout.of1d(probability(draw), draw.rng());
            case 2 -> ChannelDropout.of2d(probability(draw), draw.rng());
            default -> ChannelDropout.of3d(probability(draw), draw.rng());
        };
        int[] one = {3, 2, 1, 2};
        int[] several = {2, 3, 2, 1, 2};
        Tensor x = draw.chance() ? draw.normal(Arrays.copyOf(one, places + 1))
                : draw.normal(Arrays.copyOf(several, places + 2));
        return ModuleSample.of(layer, x, draw.normal(2));
    }
}
