package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Corners;
import io.adjoint.autodiff.function.Grids;
import io.adjoint.autodiff.function.Outside;
import io.adjoint.autodiff.function.SampleMode;
import io.adjoint.serialization.onnx.graph.Call;
import java.util.Arrays;

/** Images resized and sampled, and boxes in them. */
final class ImageOperators {
    private ImageOperators() {}

    static void addTo(OperatorTable table) {
        table.tensor("Resize", Resize::of).knows(1, 2, 3);
        table.tensor("Upsample", Resize::upsample).knows(1);
        table.tensor("GridSample", ImageOperators::sample);
        table.tensor("AffineGrid", ImageOperators::grid).knows(1);
        table.value("NonMaxSuppression", NonMaxSuppression::of).knows(2, 3, 4);
    }

    private static Corners corners(Call call) {
        return call.attributes().flag("align_corners") ? Corners.CENTRES : Corners.EDGES;
    }

    /** The names of modes before version 20 say the number of axes. */
    private static Tensor sample(Call call) {
        SampleMode mode = switch (call.attributes().text("mode", "linear")) {
            case "linear", "bilinear" -> SampleMode.LINEAR;
            case "cubic", "bicubic" -> SampleMode.CUBIC;
            case "nearest" -> SampleMode.NEAREST;
            case String other -> throw call.refusal("no such mode").operand("mode", other)
                    .expected("linear, nearest or cubic");
        };
        Outside outside = switch (call.attributes().text("padding_mode", "zeros")) {
            case "zeros" -> Outside.ZEROS;
            case "border" -> Outside.BORDER;
            case "reflection" -> Outside.REFLECTION;
            case String other -> throw call.refusal("no such padding").operand("padding_mode", other)
                    .expected("zeros, border or reflection");
        };
        Tensor x = call.tensor(0);
        return Grids.sample(x, call.tensor(1), mode, outside, corners(call)).cast(x.dtype());
    }

    private static Tensor grid(Call call) {
        int[] size = call.integers(1);
        if (size.length < 3) {
            throw call.refusal("not the size of images").operand("size", Arrays.toString(size))
                    .expected("[batch, channels, extents...]");
        }
        if (size[0] != call.tensor(0).dim(0)) {
            throw call.refusal("another number of images").operand("size", Arrays.toString(size))
                    .operand("theta", call.tensor(0).shape()).expected("one map for each image");
        }
        return Grids.affine(call.tensor(0), corners(call), Arrays.copyOfRange(size, 2, size.length));
    }
}
