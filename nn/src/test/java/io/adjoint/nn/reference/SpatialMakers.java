package io.adjoint.nn.reference;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import io.adjoint.autodiff.PadMode;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.ConvolutionOptions;
import io.adjoint.autodiff.function.Divisor;
import io.adjoint.autodiff.function.Padding;
import io.adjoint.autodiff.function.Pooling.Maxima;
import io.adjoint.autodiff.function.Rounding;
import io.adjoint.autodiff.function.Window;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Unflatten;
import io.adjoint.nn.reference.ReferenceModule.Maker;
import io.adjoint.nn.spatial.AdaptiveAveragePool;
import io.adjoint.nn.spatial.AdaptiveMaxPool;
import io.adjoint.nn.spatial.AveragePool;
import io.adjoint.nn.spatial.ChannelShuffle;
import io.adjoint.nn.spatial.Convolution;
import io.adjoint.nn.spatial.Fold;
import io.adjoint.nn.spatial.LocalResponseNorm;
import io.adjoint.nn.spatial.LpPool;
import io.adjoint.nn.spatial.MaxPool;
import io.adjoint.nn.spatial.MaxUnpool;
import io.adjoint.nn.spatial.Pad;
import io.adjoint.nn.spatial.PixelShuffle;
import io.adjoint.nn.spatial.PixelUnshuffle;
import io.adjoint.nn.spatial.TransposedConvolution;
import io.adjoint.nn.spatial.Unfold;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Convolutions, pools, padding and other layers of images. */
final class SpatialMakers {
    private SpatialMakers() {}

    static Map<String, Maker> all() {
        Map<String, Maker> all = new LinkedHashMap<>(UpsampleMakers.all());
        for (int axes = 1; axes <= 3; axes++) {
            int n = axes;
            all.put("Conv" + n + "d", Maker.of(config -> convolution(config, n)));
            all.put("ConvTranspose" + n + "d", config -> transposed(config, n));
            all.put("MaxPool" + n + "d", config -> {
                MaxPool pool = new MaxPool(window(config, n));
                return maxima(config, pool, pool::maxima);
            });
            all.put("MaxUnpool" + n + "d", config -> unpool(config, n));
            all.put("AvgPool" + n + "d", Maker.of(config -> new AveragePool(window(config, n), divisor(config))));
            all.put("LPPool" + n + "d",
                    Maker.of(config -> new LpPool(config.number("norm_type", 2), window(config, n))));
            all.put("AdaptiveMaxPool" + n + "d", config -> {
                AdaptiveMaxPool pool = new AdaptiveMaxPool(extents(config, n));
                return maxima(config, pool, pool::maxima);
            });
            all.put("AdaptiveAvgPool" + n + "d", Maker.of(config -> new AdaptiveAveragePool(extents(config, n))));
            all.put("ZeroPad" + n + "d", Maker.of(config -> pad(config, n, PadMode.CONSTANT)));
            all.put("ConstantPad" + n + "d", Maker.of(config -> pad(config, n, PadMode.CONSTANT)));
            all.put("ReflectionPad" + n + "d", Maker.of(config -> pad(config, n, PadMode.REFLECT)));
            all.put("ReplicationPad" + n + "d", Maker.of(config -> pad(config, n, PadMode.REPLICATE)));
            all.put("CircularPad" + n + "d", Maker.of(config -> pad(config, n, PadMode.CIRCULAR)));
        }
        all.put("PixelShuffle", Maker.of(config -> new PixelShuffle(config.integer("upscale_factor"))));
        all.put("PixelUnshuffle", Maker.of(config -> new PixelUnshuffle(config.integer("downscale_factor"))));
        all.put("ChannelShuffle", Maker.of(config -> new ChannelShuffle(config.integer("groups"))));
        all.put("Fold", Maker.of(config -> new Fold(list(config.integers("output_size", 2)), window(config, 2))));
        all.put("Unfold", Maker.of(config -> new Unfold(window(config, 2))));
        all.put("LocalResponseNorm", Maker.of(config -> new LocalResponseNorm(config.integer("size"),
                config.number("alpha", 1e-4), config.number("beta", 0.75), config.number("k", 1))));
        all.put("Unflatten", Maker.of(config -> new Unflatten(config.integer("dim"),
                list(config.integers("unflattened_size", 1)))));
        return all;
    }

    private static Convolution convolution(Arguments config, int axes) {
        PadMode edges = switch (config.text("padding_mode", "zeros")) {
            case "zeros" -> PadMode.CONSTANT;
            case "reflect" -> PadMode.REFLECT;
            case "replicate" -> PadMode.REPLICATE;
            case "circular" -> PadMode.CIRCULAR;
            default -> throw new AssertionError(config.text("padding_mode", ""));
        };
        Padding padding = !config.isText("padding") ? Padding.of(config.integers("padding", axes, 0))
                : config.text("padding", "").equals("same") ? Padding.Automatic.SAME : Padding.Automatic.VALID;
        Convolution.Config convolution = Convolution.Config
                .of(config.integer("in_channels"), config.integer("out_channels"), config.integers("kernel_size", axes))
                .withOptions(options(config, axes).padding(padding)).withEdges(edges).withDType(config.dtype());
        return (config.flag("bias", true) ? convolution : convolution.withoutBias()).create(config.rng());
    }

    private static ReferenceModule transposed(Arguments config, int axes) {
        if (!config.text("padding_mode", "zeros").equals("zeros")) {
            throw new AssertionError("PyTorch has no other padding here");
        }
        TransposedConvolution.Config standard = TransposedConvolution.Config
                .of(config.integer("in_channels"), config.integer("out_channels"), config.integers("kernel_size", axes))
                .withOptions(options(config, axes).padding(config.integers("padding", axes, 0))
                        .outputPadding(config.integers("output_padding", axes, 0)))
                .withDType(config.dtype());
        TransposedConvolution layer = (config.flag("bias", true) ? standard : standard.withoutBias())
                .create(config.rng());
        return new ReferenceModule(layer, in -> List.of(in.has("output_size")
                ? layer.forwardTo(in.tensor("input"), spatial(in, axes))
                : layer.forward(in.tensor("input"))));
    }

    private static ConvolutionOptions options(Arguments config, int axes) {
        return ConvolutionOptions.DEFAULT.stride(config.integers("stride", axes, 1))
                .dilation(config.integers("dilation", axes, 1)).groups(config.integer("groups", 1));
    }

    private static Window window(Arguments config, int axes) {
        Window window = Window.of(config.integers("kernel_size", axes)).padding(config.integers("padding", axes, 0))
                .dilation(config.integers("dilation", axes, 1))
                .rounding(config.flag("ceil_mode", false) ? Rounding.CEIL : Rounding.FLOOR);
        return config.has("stride") ? window.stride(config.integers("stride", axes)) : window;
    }

    private static Divisor divisor(Arguments config) {
        Divisor counted = config.flag("count_include_pad", true) ? Divisor.WINDOW : Divisor.IMAGE;
        return config.has("divisor_override") ? Divisor.of(config.integer("divisor_override")) : counted;
    }

    private static ReferenceModule maxima(Arguments config, Layer pool,
            Function<Tensor, Maxima> maxima) {
        if (!config.flag("return_indices", false)) {
            return new ReferenceModule(pool, in -> List.of(pool.forward(in.tensor("input"))));
        }
        return new ReferenceModule(pool, in -> {
            Maxima found = maxima.apply(in.tensor("input"));
            return List.of(found.values(), found.places());
        });
    }

    private static ReferenceModule unpool(Arguments config, int axes) {
        MaxUnpool unpool = new MaxUnpool(window(config, axes));
        return new ReferenceModule(unpool, in -> {
            Maxima maxima = new Maxima(in.tensor("input"), in.tensor("indices"));
            return List.of(in.has("output_size") ? unpool.forward(maxima, spatial(in, axes)) : unpool.forward(maxima));
        });
    }

    private static Pad pad(Arguments config, int axes, PadMode mode) {
        return new Pad(mode, list(config.integers("padding", 2 * axes)), config.number("value", 0));
    }

    /** The spatial axes of an output size, before which batch and channels may stand. */
    private static int[] spatial(Arguments in, int axes) {
        int[] size = in.integers("output_size", axes);
        return Arrays.copyOfRange(size, size.length - axes, size.length);
    }

    /** Extents of which some may be {@code None}. */
    private static List<Integer> extents(Arguments config, int axes) {
        return config.get("output_size") instanceof JsonArray sizes
                ? sizes.asList().stream().map(SpatialMakers::extent).toList()
                : list(config.integers("output_size", axes));
    }

    private static int extent(JsonElement size) {
        return size.isJsonNull() ? -1 : size.getAsInt();
    }

    static List<Integer> list(int... numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }
}
