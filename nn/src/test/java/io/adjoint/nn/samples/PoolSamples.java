package io.adjoint.nn.samples;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Divisor;
import io.adjoint.autodiff.function.Pooling;
import io.adjoint.autodiff.function.Rounding;
import io.adjoint.autodiff.function.Window;
import io.adjoint.nn.Layer;
import io.adjoint.nn.spatial.AdaptiveAveragePool;
import io.adjoint.nn.spatial.AdaptiveMaxPool;
import io.adjoint.nn.spatial.AveragePool;
import io.adjoint.nn.spatial.FractionalMaxPool;
import io.adjoint.nn.spatial.LpPool;
import io.adjoint.nn.spatial.MaxPool;
import io.adjoint.nn.spatial.MaxUnpool;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Pools over one, two and three spatial axes. */
final class PoolSamples {
    private PoolSamples() {}

    static List<ModuleSampler> all() {
        return List.of(
                pool(MaxPool.class, draw -> new MaxPool(window(draw).padding(1))),
                pool(AveragePool.class, draw -> new AveragePool(window(draw).padding(draw.between(0, 1)),
                        draw.oneOf(Divisor.WINDOW, Divisor.IMAGE, Divisor.of(3)))),
                pool(LpPool.class, draw -> new LpPool(draw.oneOf(1.0, 2.0, 3.5), window(draw))),
                pool(AdaptiveMaxPool.class, draw -> AdaptiveMaxPool.of(draw.several(draw.between(1, 3), 1, 3))),
                pool(AdaptiveAveragePool.class,
                        draw -> AdaptiveAveragePool.of(draw.several(draw.between(1, 3), 1, 3))),
                new ModuleSampler(FractionalMaxPool.class, PoolSamples::fractional),
                new ModuleSampler(MaxUnpool.class, PoolSamples::unpool));
    }

    private static Window window(Draw draw) {
        int axes = draw.between(1, 3);
        Window window = Window.of(draw.several(axes, 2, 3)).dilation(draw.between(1, 2))
                .rounding(draw.oneOf(Rounding.values()));
        return draw.chance() ? window : window.stride(draw.several(axes, 1, 3));
    }

    private static <L extends Layer> ModuleSampler pool(Class<L> type, Function<Draw, L> make) {
        return new ModuleSampler(type, draw -> {
            L pool = make.apply(draw);
            int axes = switch (pool) {
                case MaxPool(Window window) -> window.axes();
                case AveragePool(Window window, _) -> window.axes();
                case LpPool(_, Window window) -> window.axes();
                case AdaptiveMaxPool(List<Integer> extents) -> extents.size();
                case AdaptiveAveragePool(List<Integer> extents) -> extents.size();
                default -> throw new AssertionError(type);
            };
            int[] extents = draw.several(axes, 5, 5);
            Tensor one = apart(draw, Draw.joined(new int[] {2}, extents));
            return ModuleSample.of(pool, draw.chance() ? one : one.unsqueeze(0), one.select(0, 0),
                    one.unsqueeze(0).unsqueeze(0), one.slice(-1, 0, 0));
        });
    }

    /** Positive numbers 0.1 apart, so that a small step changes neither a maximum nor the sign of a sum. */
    private static Tensor apart(Draw draw, int... shape) {
        Tensor order = draw.normal(Arrays.stream(shape).reduce(1, (a, b) -> a * b)).argsort(0);
        return order.cast(draw.dtype()).mul(0.1).add(0.5).reshape(shape);
    }

    /** The key stays outside of training. */
    private static ModuleSample fractional(Draw draw) {
        int axes = draw.between(1, 3);
        FractionalMaxPool pool = FractionalMaxPool.of(Collections.nCopies(axes, draw.between(1, 2)),
                draw.chance() ? FractionalMaxPool.Output.extents(draw.several(axes, 1, 3))
                        : new FractionalMaxPool.Ratios(Collections.nCopies(axes, 0.6)),
                draw.rng());
        Tensor x = apart(draw, Draw.joined(new int[] {2}, draw.several(axes, 4, 5)));
        return ModuleSample.of(pool, x, x.select(0, 0), x.slice(-1, 0, 0));
    }

    private static ModuleSample unpool(Draw draw) {
        MaxUnpool unpool = MaxUnpool.of(draw.between(1, 2), 2);
        Pooling.Maxima maxima = Pooling.maxima(draw.normal(1, 2, 2, 4), unpool.window());
        Tensor places = maxima.places();
        return new ModuleSample(unpool, in -> unpool.forward(new Pooling.Maxima(in.getFirst(), places)),
                List.of(maxima.values()), List.of(List.of(draw.normal(2, 2)), List.of(draw.normal(1, 2, 1, 3))));
    }
}
