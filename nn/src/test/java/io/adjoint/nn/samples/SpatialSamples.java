package io.adjoint.nn.samples;

import io.adjoint.autodiff.PadMode;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Corners;
import io.adjoint.autodiff.function.Interpolation;
import io.adjoint.autodiff.function.Padding;
import io.adjoint.autodiff.function.Scale;
import io.adjoint.autodiff.function.Window;
import io.adjoint.nn.spatial.ChannelShuffle;
import io.adjoint.nn.spatial.Convolution;
import io.adjoint.nn.spatial.Fold;
import io.adjoint.nn.spatial.LocalResponseNorm;
import io.adjoint.nn.spatial.Pad;
import io.adjoint.nn.spatial.PixelShuffle;
import io.adjoint.nn.spatial.PixelUnshuffle;
import io.adjoint.nn.spatial.TransposedConvolution;
import io.adjoint.nn.spatial.Unfold;
import io.adjoint.nn.spatial.Upsample;
import java.util.Collections;
import java.util.List;

/** Convolutions and the layers that move, repeat or weigh the elements of images; pools are in {@link PoolSamples}. */
final class SpatialSamples {
    private SpatialSamples() {}

    static List<ModuleSampler> all() {
        return List.of(new ModuleSampler(Convolution.class, SpatialSamples::convolution),
                new ModuleSampler(TransposedConvolution.class, SpatialSamples::transposed),
                new ModuleSampler(Pad.class, SpatialSamples::pad),
                new ModuleSampler(Upsample.class, SpatialSamples::upsample),
                new ModuleSampler(PixelShuffle.class, draw -> {
                    int factor = draw.between(1, 2);
                    return ModuleSample.of(new PixelShuffle(factor), draw.normal(2, 2 * factor * factor, 2, 1),
                            draw.normal(2, 3));
                }),
                new ModuleSampler(PixelUnshuffle.class, draw -> {
                    int factor = draw.between(2, 3);
                    return ModuleSample.of(new PixelUnshuffle(factor), draw.normal(2, factor, 2 * factor),
                            draw.normal(1, factor, factor + 1), draw.normal(3, 6));
                }),
                new ModuleSampler(ChannelShuffle.class, draw -> {
                    int groups = draw.between(2, 3);
                    return ModuleSample.of(new ChannelShuffle(groups), draw.normal(1, 2 * groups, 2),
                            draw.normal(1, groups + 1, 2), draw.normal(groups, 2));
                }),
                new ModuleSampler(Unfold.class, draw -> ModuleSample.of(
                        new Unfold(Window.of(2, 1).stride(draw.between(1, 2)).padding(draw.between(0, 1))),
                        draw.oneOf(draw.normal(2, 1, 3, 4), draw.normal(2, 3, 2)), draw.normal(3, 2))),
                new ModuleSampler(Fold.class, SpatialSamples::fold),
                new ModuleSampler(LocalResponseNorm.class, draw -> ModuleSample.of(
                        new LocalResponseNorm(draw.between(1, 4), 0.3, 0.75, 1), draw.normal(2, 3, 2),
                        draw.normal(3, 2))));
    }

    private static ModuleSample convolution(Draw draw) {
        int axes = draw.between(1, 3);
        int groups = draw.between(1, 2);
        int in = groups * draw.between(1, 2);
        int[] kernel = draw.several(axes, 1, 3);
        Convolution.Config config = Convolution.Config.of(in, 2 * groups, kernel).withGroups(groups)
                .withDType(draw.dtype()).withEdges(draw.oneOf(PadMode.values()));
        config = draw.chance()
                ? config.withPadding(Padding.Automatic.SAME).withDilation(draw.several(axes, 1, 2))
                : config.withPadding(draw.several(axes, 0, 2)).withStride(draw.several(axes, 1, 2));
        config = draw.chance() ? config : config.withoutBias();
        int[] extents = draw.several(axes, 5, 5);
        return ModuleSample.of(config.create(draw.rng()), images(draw, in, extents), wrong(draw, in, extents));
    }

    private static ModuleSample transposed(Draw draw) {
        int axes = draw.between(1, 3);
        int groups = draw.between(1, 2);
        int in = groups * draw.between(1, 2);
        TransposedConvolution.Config config = TransposedConvolution.Config.of(in, groups, draw.several(axes, 2, 3))
                .withGroups(groups).withDType(draw.dtype()).withStride(2).withPadding(draw.several(axes, 0, 1))
                .withOutputPadding(draw.several(axes, 0, 1)).withDilation(draw.several(axes, 1, 2));
        config = draw.chance() ? config : config.withoutBias();
        int[] extents = draw.several(axes, 2, 3);
        return ModuleSample.of(config.create(draw.rng()), images(draw, in, extents), wrong(draw, in, extents));
    }

    /** One image or a batch. */
    private static Tensor images(Draw draw, int channels, int[] extents) {
        Tensor batch = draw.normal(Draw.joined(new int[] {2, channels}, extents));
        return draw.chance() ? batch : batch.select(0, 0);
    }

    /** Images of a channel too many, and images that have lost an axis or have one too many. */
    private static Tensor[] wrong(Draw draw, int channels, int[] extents) {
        Tensor batch = draw.normal(Draw.joined(new int[] {2, channels + 1}, extents));
        Tensor lost = batch.select(0, 0).select(0, 0);
        return new Tensor[] {batch, lost, batch.unsqueeze(0)};
    }

    private static ModuleSample pad(Draw draw) {
        PadMode mode = draw.oneOf(PadMode.values());
        int axes = draw.between(1, 2);
        Pad pad = new Pad(mode, draw.between(0, 1) == 0
                ? Collections.nCopies(2 * axes, draw.between(0, 2))
                : List.of(1, -1), draw.between(-2, 2));
        return ModuleSample.of(pad, draw.normal(2, 3, 3), draw.normal());
    }

    private static ModuleSample upsample(Draw draw) {
        Upsample.Size size = draw.chance()
                ? new Upsample.Extents(List.of(draw.between(1, 4), draw.between(1, 4)))
                : new Upsample.Factors(List.of(draw.oneOf(0.7, 1.5, 2.0)), draw.oneOf(Scale.values()));
        Upsample upsample = new Upsample(size, draw.oneOf(Interpolation.values()), draw.oneOf(Corners.values()));
        return ModuleSample.of(upsample, draw.normal(2, 1, 3, 2), draw.normal(2, 3), draw.normal(2, 1, 0));
    }

    private static ModuleSample fold(Draw draw) {
        int stride = draw.between(1, 2);
        Fold fold = new Fold(List.of(3, 4), Window.of(1, 2).stride(stride));
        int patches = stride == 1 ? 9 : 4;
        return ModuleSample.of(fold, draw.oneOf(draw.normal(2, 2, patches), draw.normal(4, patches)),
                draw.normal(2, patches + 1), draw.normal(3, patches), draw.normal(4));
    }
}
