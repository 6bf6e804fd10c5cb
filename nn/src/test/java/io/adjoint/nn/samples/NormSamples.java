package io.adjoint.nn.samples;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Module;
import io.adjoint.nn.norm.BatchNorm;
import io.adjoint.nn.norm.GroupNorm;
import io.adjoint.nn.norm.InstanceNorm;
import io.adjoint.nn.norm.LayerNorm;
import io.adjoint.nn.norm.RmsNorm;
import io.adjoint.nn.norm.Scaling;
import io.adjoint.nn.norm.SpectralNorm;
import io.adjoint.nn.norm.Tracking;
import io.adjoint.nn.norm.WeightNorm;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Layers that normalise. */
final class NormSamples {
    private NormSamples() {}

    static List<ModuleSampler> all() {
        return List.of(new ModuleSampler(BatchNorm.class, NormSamples::batch),
                new ModuleSampler(InstanceNorm.class, NormSamples::instance),
                new ModuleSampler(GroupNorm.class, NormSamples::group),
                new ModuleSampler(LayerNorm.class, NormSamples::layer),
                new ModuleSampler(RmsNorm.class, NormSamples::rootMeanSquare),
                new ModuleSampler(WeightNorm.class, NormSamples::weight),
                new ModuleSampler(SpectralNorm.class, NormSamples::spectral));
    }

    private static ModuleSample batch(Draw draw) {
        int places = draw.between(1, 3);
        int channels = draw.between(1, 3);
        BatchNorm.Config config = BatchNorm.Config.of(places, channels).withDType(draw.dtype()).withEpsilon(0.1)
                .withScaling(draw.oneOf(Scaling.values())).withTracking(draw.oneOf(Tracking.values()));
        BatchNorm layer = (draw.chance() ? config : config.withCumulativeAverage()).create();
        vary(draw, layer);
        int[] dims = {3, channels, 2, 1, 2};
        Tensor x = places == 1 && draw.chance() ? draw.normal(3, channels)
                : draw.normal(Arrays.copyOf(dims, places + 2));
        dims[1]++;
        return ModuleSample.of(layer, x, draw.normal(Arrays.copyOf(dims, places + 2)), draw.normal(channels));
    }

    private static ModuleSample instance(Draw draw) {
        int places = draw.between(1, 3);
        int channels = draw.between(1, 3);
        InstanceNorm layer = InstanceNorm.Config.of(places, channels).withDType(draw.dtype()).withEpsilon(0.1)
                .withScaling(draw.oneOf(Scaling.values())).withTracking(draw.oneOf(Tracking.values())).create();
        vary(draw, layer);
        int[] dims = {2, channels, 3, 1, 2};
        Tensor x = draw.normal(Arrays.copyOf(dims, places + 2));
        dims[1]++;
        return ModuleSample.of(layer, draw.chance() ? x : x.select(0, 1), draw.normal(Arrays.copyOf(dims, places + 2)),
                draw.normal(channels));
    }

    private static ModuleSample group(Draw draw) {
        int groups = draw.between(1, 3);
        int channels = groups * draw.between(1, 2);
        GroupNorm layer = GroupNorm.Config.of(groups, channels).withDType(draw.dtype()).withEpsilon(0.1)
                .withScaling(draw.oneOf(Scaling.values())).create();
        vary(draw, layer);
        return ModuleSample.of(layer, draw.oneOf(draw.normal(2, channels), draw.normal(2, channels, 3)),
                draw.normal(2, channels + 1), draw.normal(channels));
    }

    private static ModuleSample layer(Draw draw) {
        int width = draw.between(1, 4);
        LayerNorm.Config config = draw.chance() ? LayerNorm.Config.of(width) : LayerNorm.Config.of(2, width);
        LayerNorm layer = config.withDType(draw.dtype()).withEpsilon(0.1).withScaling(draw.oneOf(Scaling.values()))
                .create();
        vary(draw, layer);
        return ModuleSample.of(layer, draw.oneOf(draw.normal(2, width), draw.normal(3, 2, width)),
                draw.normal(2, width + 1), draw.normal());
    }

    private static ModuleSample rootMeanSquare(Draw draw) {
        int width = draw.between(1, 4);
        RmsNorm.Config config = RmsNorm.Config.of(width).withDType(draw.dtype())
                .withScaling(draw.oneOf(Scaling.NONE, Scaling.WEIGHT));
        RmsNorm layer = (width > 1 && draw.chance() ? config : config.withEpsilon(0.1)).create();
        vary(draw, layer);
        return ModuleSample.of(layer, draw.oneOf(draw.normal(width), draw.normal(3, 2, width)),
                draw.normal(2, width + 1), draw.normal());
    }

    /** What is ones and zeros at first becomes other numbers; variances stay above 0. */
    private static void vary(Draw draw, Module module) {
        module.variables().values().stream().filter(v -> v.spec().dtype().isFloat()).forEach(v -> v
                .set(v.value().add(draw.normal(v.spec().shape().dims()).tanh().mul(0.5))));
    }

    private static ModuleSample weight(Draw draw) {
        int in = draw.between(1, 3);
        Linear linear = linear(draw, draw.normal(2, in).add(0.1));
        WeightNorm layer = draw.oneOf(WeightNorm.of(linear), WeightNorm.of(linear, 1), WeightNorm.whole(linear));
        return ModuleSample.of(layer, draw.normal(3, in), draw.normal(3, in + 1));
    }

    /**
     * One singular value far above the others, so that the vectors become the singular ones
     * in one call. The gradient takes them for constants, which is right to first order only.
     */
    private static ModuleSample spectral(Draw draw) {
        int in = draw.between(1, 3);
        Tensor weight = draw.awayFromZero(2, 1).mul(draw.awayFromZero(1, in)).add(draw.normal(2, in).mul(0.001));
        SpectralNorm layer = SpectralNorm.of(linear(draw, weight), draw.between(8, 10), 1e-12, draw.rng());
        return new ModuleSample(layer, x -> layer.forward(x.getFirst()), List.of(draw.normal(3, in)),
                List.of(List.of(draw.normal(3, in + 1))), 1);
    }

    private static Linear linear(Draw draw, Tensor weight) {
        return new Linear(Variable.parameter(weight),
                draw.chance() ? Optional.of(Variable.parameter(draw.normal(2))) : Optional.empty());
    }
}
