package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Corners;
import io.adjoint.autodiff.function.Grids;
import io.adjoint.autodiff.function.Interpolation;
import io.adjoint.autodiff.function.Outside;
import io.adjoint.autodiff.function.Resizing;
import io.adjoint.autodiff.function.SampleMode;
import io.adjoint.autodiff.function.Scale;
import java.util.Arrays;

/** Functions that give images other extents, or sample them at points between their elements. */
final class ResizingFunctions {
    private ResizingFunctions() {}

    static void addTo(Functions table) {
        table.row("interpolate", ResizingFunctions::interpolate,
                "input", "size", "mode", "scale_factor", "align_corners", "recompute_scale_factor");
        table.row("grid_sample", a -> Grids.sample(a.tensor("input"), a.tensor("grid"),
                switch (a.text("mode", "bilinear")) {
                    case "nearest" -> SampleMode.NEAREST;
                    case "bicubic" -> SampleMode.CUBIC;
                    default -> SampleMode.LINEAR;
                }, switch (a.text("padding_mode", "zeros")) {
                    case "border" -> Outside.BORDER;
                    case "reflection" -> Outside.REFLECTION;
                    default -> Outside.ZEROS;
                }, corners(a)), "input", "grid", "mode", "padding_mode", "align_corners");
        table.row("pixel_shuffle", a -> Resizing.pixelShuffle(a.tensor("input"), a.integer("upscale_factor")),
                "input", "upscale_factor");
        table.row("pixel_unshuffle", a -> Resizing.pixelUnshuffle(a.tensor("input"), a.integer("downscale_factor")),
                "input", "downscale_factor");
        table.row("affine_grid", a -> {
            int[] size = a.integers("size");
            return Grids.affine(a.tensor("theta"), corners(a), Arrays.copyOfRange(size, 2, size.length));
        }, "theta", "size", "align_corners");
    }

    private static Corners corners(Arguments a) {
        return a.flag("align_corners", false) ? Corners.CENTRES : Corners.EDGES;
    }

    private static Tensor interpolate(Arguments a) {
        Interpolation mode = switch (a.text("mode", "nearest")) {
            case "nearest" -> Interpolation.NEAREST;
            case "nearest-exact" -> Interpolation.NEAREST_EXACT;
            case "bicubic" -> Interpolation.CUBIC;
            case "area" -> Interpolation.AREA;
            default -> Interpolation.LINEAR;
        };
        if (a.has("size")) {
            return Resizing.interpolate(a.tensor("input"), mode, corners(a), a.integers("size"));
        }
        Scale scale = a.flag("recompute_scale_factor", false) ? Scale.OF_EXTENTS : Scale.GIVEN;
        return Resizing.scale(a.tensor("input"), mode, corners(a), scale, a.numbers("scale_factor"));
    }
}
