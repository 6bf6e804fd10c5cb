package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.AdaptivePooling;
import io.adjoint.autodiff.function.ConvolutionOptions;
import io.adjoint.autodiff.function.Convolutions;
import io.adjoint.autodiff.function.Divisor;
import io.adjoint.autodiff.function.Padding;
import io.adjoint.autodiff.function.Patches;
import io.adjoint.autodiff.function.Pooling;
import io.adjoint.autodiff.function.Rounding;
import io.adjoint.autodiff.function.Window;
import java.util.Arrays;
import java.util.List;

/** Convolution, pooling, and other functions of windows of images. */
final class WindowFunctions {
    private WindowFunctions() {}

    static void addTo(Functions table) {
        addConvolutions(table);
        addPooling(table);
        table.row("unfold", a -> a.tensor("input").unfold(a.integer("dimension"), a.integer("size"), a.integer("step")),
                "input", "dimension", "size", "step");
        table.row("nn.functional.unfold", a -> Patches.unfold(a.tensor("input"), window(a, 2)),
                "input", "kernel_size", "dilation", "padding", "stride");
        table.row("fold", a -> Patches.fold(a.tensor("input"), window(a, 2), each(a.integers("output_size"), 2)),
                "input", "output_size", "kernel_size", "dilation", "padding", "stride");
    }

    private static void addConvolutions(Functions table) {
        for (int axes = 1; axes <= 3; axes++) {
            table.row("conv" + axes + "d", a -> a.optional("bias")
                    .map(bias -> Convolutions.convolve(a.tensor("input"), a.tensor("weight"), bias, options(a)))
                    .orElseGet(() -> Convolutions.convolve(a.tensor("input"), a.tensor("weight"), options(a))),
                    "input", "weight", "bias", "padding", "stride", "groups", "dilation");
            table.row("conv_transpose" + axes + "d", a -> a.optional("bias")
                    .map(bias -> Convolutions.transposed(a.tensor("input"), a.tensor("weight"), bias, options(a)))
                    .orElseGet(() -> Convolutions.transposed(a.tensor("input"), a.tensor("weight"), options(a))),
                    "input", "weight", "bias", "padding", "stride", "groups", "dilation", "output_padding");
        }
    }

    private static ConvolutionOptions options(Arguments a) {
        ConvolutionOptions options = ConvolutionOptions.DEFAULT.groups(a.integer("groups", 1));
        options = a.has("stride") ? options.stride(a.integers("stride")) : options;
        options = a.has("dilation") ? options.dilation(a.integers("dilation")) : options;
        options = a.has("output_padding") ? options.outputPadding(a.integers("output_padding")) : options;
        return switch (a.isList("padding") ? "" : a.text("padding", "0")) {
            case "same" -> options.padding(Padding.Automatic.SAME);
            case "valid" -> options.padding(Padding.Automatic.VALID);
            default -> a.has("padding") ? options.padding(a.integers("padding")) : options;
        };
    }

    private static void addPooling(Functions table) {
        String[] max =
                {"input", "kernel_size", "stride", "padding", "dilation", "ceil_mode", "return_indices"};
        String[] average = {"input", "kernel_size", "stride", "padding", "ceil_mode", "count_include_pad",
            "divisor_override"};
        table.rows("max_pool1d", a -> maxima(a, 1), max);
        table.rows("max_pool2d", a -> maxima(a, 2), max);
        table.rows("max_pool3d", a -> maxima(a, 3), max);
        table.row("avg_pool1d", a -> average(a, 1), average);
        table.row("avg_pool2d", a -> average(a, 2), average);
        table.row("avg_pool3d", a -> average(a, 3), average);
        table.row("lp_pool1d", a -> norm(a, 1), "input", "norm_type", "kernel_size", "stride", "ceil_mode");
        table.row("lp_pool2d", a -> norm(a, 2), "input", "norm_type", "kernel_size", "stride", "ceil_mode");
        table.row("max_unpool2d", a -> {
            Window window = window(a, 2);
            return Pooling.unpool(Pooling.maxima(a.tensor("input"), window), window);
        }, "input", "kernel_size", "stride");
        for (int axes = 1; axes <= 3; axes++) {
            int spatial = axes;
            table.row("adaptive_avg_pool" + axes + "d",
                    a -> AdaptivePooling.average(a.tensor("input"), each(a.integers("output_size", -1), spatial)),
                    "input", "output_size");
            table.rows("adaptive_max_pool" + axes + "d", a -> chosen(a,
                    AdaptivePooling.maxima(a.tensor("input"), each(a.integers("output_size", -1), spatial))),
                    "input", "output_size", "return_indices");
        }
    }

    private static List<Tensor> maxima(Arguments a, int axes) {
        return chosen(a, Pooling.maxima(a.tensor("input"), window(a, axes)));
    }

    private static List<Tensor> chosen(Arguments a, Pooling.Maxima maxima) {
        return a.flag("return_indices", false) ? List.of(maxima.values(), maxima.places()) : List.of(maxima.values());
    }

    private static Tensor average(Arguments a, int axes) {
        Divisor divisor = a.has("divisor_override") ? Divisor.of(a.integer("divisor_override"))
                : a.flag("count_include_pad", true) ? Divisor.WINDOW : Divisor.IMAGE;
        return Pooling.average(a.tensor("input"), window(a, axes), divisor);
    }

    private static Tensor norm(Arguments a, int axes) {
        return Pooling.norm(a.tensor("input"), a.number("norm_type", 2), window(a, axes));
    }

    private static Window window(Arguments a, int axes) {
        Window window = Window.of(each(a.integers("kernel_size"), axes)).stride(a.integers("stride"));
        window = a.has("padding") ? window.padding(a.integers("padding")) : window;
        window = a.has("dilation") ? window.dilation(a.integers("dilation")) : window;
        return a.flag("ceil_mode", false) ? window.rounding(Rounding.CEIL) : window;
    }

    /** One number for each axis, where a single one stands for all. */
    static int[] each(int[] numbers, int axes) {
        int[] all = Arrays.copyOf(numbers, axes);
        Arrays.fill(all, Math.min(numbers.length, axes), axes, numbers[numbers.length - 1]);
        return all;
    }
}
