package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Call;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Resize and Upsample: all axes of a tensor, one after the other. */
final class Resize {
    private final Call call;
    private final Tensor x;

    private Resize(Call call) {
        this.call = call;
        this.x = call.tensor(0);
    }

    /** Version 10 has scales alone, and looks for the nearest in a way of its own. */
    static Tensor of(Call call) {
        Resize resize = new Resize(call);
        if (call.version() < 11) {
            return resize.scaled(numbers(call, 1), ResizedAxis.Nearest.CEIL);
        }
        return resize.resized();
    }

    static Tensor upsample(Call call) {
        float[] scales;
        if (call.version() >= 9) {
            scales = numbers(call, 1);
        } else if (call.version() >= 7) {
            scales = floats(call.attributes().reals("scales").orElseThrow(() -> call.missing("scales")));
        } else {
            scales = new float[] {1, 1, call.attributes().real("height_scale", 1),
                call.attributes().real("width_scale", 1)};
        }
        return new Resize(call).scaled(scales, ResizedAxis.Nearest.FLOOR);
    }

    private static float[] floats(List<Float> values) {
        float[] result = new float[values.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = values.get(i);
        }
        return result;
    }

    private static float[] numbers(Call call, int input) {
        double[] values = call.reals(input);
        float[] result = new float[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) values[i];
        }
        return result;
    }

    /** The old ways: element o comes from {@code o / scale}; where that is between two, the mode says which for smaller extents. */
    private Tensor scaled(float[] scales, ResizedAxis.Nearest whereSmaller) {
        ResizedAxis.Mode mode = "nearest".equals(call.attributes().text("mode", "nearest"))
                ? ResizedAxis.Mode.NEAREST
                : ResizedAxis.Mode.LINEAR;
        requireCount("scales", scales.length, x.rank());
        List<ResizedAxis> axes = new ArrayList<>();
        for (int axis = 0; axis < scales.length; axis++) {
            ResizedAxis.Nearest nearest = scales[axis] < 1 ? whereSmaller : ResizedAxis.Nearest.FLOOR;
            ResizedAxis.Rule rule = new ResizedAxis.Rule(mode, ResizedAxis.Coordinates.ASYMMETRIC, nearest, 0,
                    ResizedAxis.Edge.REPEATED, ResizedAxis.Smoothing.NONE);
            add(axes, rule, new ResizedAxis.Extent(axis, x.dim(axis), extent(axis, scales[axis]), scales[axis], 0, 1));
        }
        return apply(axes, mode, Optional.empty());
    }

    private void requireCount(String name, int count, int expected) {
        if (count != expected) {
            throw call.refusal("another number of axes").operand(name, count).operand("input", x.shape())
                    .expected(expected + " numbers");
        }
    }

    /** Rounded down in single precision, so that 0.7 times 10 is 7. */
    private int extent(int axis, float scale) {
        float extent = (float) Math.floor(x.dim(axis) * scale);
        if (!(scale > 0) || extent > Integer.MAX_VALUE / 2) {
            throw call.refusal("no such scale").operand("scale", scale).operand("input", x.shape())
                    .expected("a number above 0");
        }
        return (int) extent;
    }

    private Tensor resized() {
        ResizedAxis.Mode mode = choice(ResizedAxis.Mode.values(), "mode", "nearest");
        ResizedAxis.Coordinates coordinates = choice(ResizedAxis.Coordinates.values(),
                "coordinate_transformation_mode", "half_pixel");
        ResizedAxis.Rule rule = new ResizedAxis.Rule(mode, coordinates,
                choice(ResizedAxis.Nearest.values(), "nearest_mode", "round_prefer_floor"),
                call.attributes().real("cubic_coeff_a", -0.75f),
                call.attributes().flag("exclude_outside") ? ResizedAxis.Edge.EXCLUDED : ResizedAxis.Edge.REPEATED,
                call.attributes().flag("antialias") ? ResizedAxis.Smoothing.ANTIALIAS : ResizedAxis.Smoothing.NONE);
        int[] chosen = call.attributes().integers("axes").orElseGet(() -> IntStream.range(0, x.rank()).toArray());
        boolean crops = coordinates == ResizedAxis.Coordinates.TF_CROP_AND_RESIZE;
        double[] region = crops ? call.reals(1) : new double[0];
        if (crops) {
            requireCount("roi", region.length, 2 * chosen.length);
        }
        int[] extents = new int[chosen.length];
        double[] scales = new double[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = x.shape().axis(call.operator(), chosen[i]);
        }
        if (given(3)) {
            bySizes(chosen, extents, scales);
        } else {
            byScales(chosen, extents, scales);
        }
        List<ResizedAxis> axes = new ArrayList<>();
        for (int i = 0; i < chosen.length; i++) {
            add(axes, rule, new ResizedAxis.Extent(chosen[i], x.dim(chosen[i]), extents[i], scales[i],
                    crops ? region[i] : 0, crops ? region[chosen.length + i] : 1));
        }
        return apply(axes, mode, crops ? Optional.of((double) call.attributes().real("extrapolation_value", 0))
                : Optional.empty());
    }

    private boolean given(int input) {
        return call.has(input) && call.tensor(input).size() > 0;
    }

    private <E extends Enum<E>> E choice(E[] values, String attribute, String otherwise) {
        String name = call.attributes().text(attribute, otherwise);
        return Arrays.stream(values).filter(value -> value.name().toLowerCase(Locale.ROOT).equals(name)).findFirst()
                .orElseThrow(() -> call.refusal("no such way to resize").operand(attribute, name)
                        .expected("one of " + Arrays.toString(values).toLowerCase(Locale.ROOT)));
    }

    private void byScales(int[] axes, int[] extents, double[] scales) {
        float[] given = numbers(call, 2);
        requireCount("scales", given.length, axes.length);
        for (int i = 0; i < axes.length; i++) {
            extents[i] = extent(axes[i], given[i]);
            scales[i] = given[i];
        }
    }

    private void bySizes(int[] axes, int[] extents, double[] scales) {
        int[] sizes = call.integers(3);
        requireCount("sizes", sizes.length, axes.length);
        for (int i = 0; i < axes.length; i++) {
            if (sizes[i] < 0 || x.dim(axes[i]) == 0 && sizes[i] > 0) {
                throw call.refusal("no such size").operand("sizes", Arrays.toString(sizes))
                        .operand("input", x.shape()).expected("0 or more, of an axis with elements");
            }
            extents[i] = sizes[i];
            scales[i] = x.dim(axes[i]) == 0 ? 1 : (double) sizes[i] / x.dim(axes[i]);
        }
        String policy = call.attributes().text("keep_aspect_ratio_policy", "stretch");
        double common = switch (policy) {
            case "stretch" -> Double.NaN;
            case "not_larger" -> Arrays.stream(scales).min().orElse(1);
            case "not_smaller" -> Arrays.stream(scales).max().orElse(1);
            case String other -> throw call.refusal("no such policy").operand("keep_aspect_ratio_policy", other)
                    .expected("stretch, not_larger or not_smaller");
        };
        if (!Double.isNaN(common)) {
            for (int i = 0; i < axes.length; i++) {
                scales[i] = common;
                extents[i] = (int) Math.floor(common * x.dim(axes[i]) + 0.5);
            }
        }
    }

    /** An axis that stays as it is is left alone. */
    private void add(List<ResizedAxis> axes, ResizedAxis.Rule rule, ResizedAxis.Extent extent) {
        boolean same = extent.from() == extent.to() && extent.scale() == 1;
        if (!same || rule.coordinates() == ResizedAxis.Coordinates.TF_CROP_AND_RESIZE) {
            axes.add(ResizedAxis.of(rule, extent));
        }
    }

    private Tensor apply(List<ResizedAxis> axes, ResizedAxis.Mode mode, Optional<Double> extrapolation) {
        Shape shape = x.shape();
        for (ResizedAxis axis : axes) {
            shape = shape.with(axis.axis(), axis.outside().length);
        }
        if (shape.size() == 0 || x.size() == 0) {
            return Tensor.zeros(shape, x.dtype());
        }
        boolean counts = !x.dtype().isFloat() && mode != ResizedAxis.Mode.NEAREST;
        Tensor result = counts ? x.cast(DType.F32) : x;
        for (ResizedAxis axis : axes) {
            result = axis.apply(result);
        }
        if (extrapolation.isPresent()) {
            for (ResizedAxis axis : axes) {
                result = axis.outside(result).where(extrapolation.get(), result);
            }
        }
        return counts ? result.cast(x.dtype()) : result;
    }
}
