package io.adjoint.nn.reference;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import io.adjoint.autodiff.function.Corners;
import io.adjoint.autodiff.function.Interpolation;
import io.adjoint.autodiff.function.Scale;
import io.adjoint.nn.reference.ReferenceModule.Maker;
import io.adjoint.nn.spatial.Upsample;
import java.util.List;
import java.util.Map;

/** Layers that interpolate. */
final class UpsampleMakers {
    private UpsampleMakers() {}

    static Map<String, Maker> all() {
        return Map.of(
                "Upsample", Maker.of(config -> new Upsample(size(config), mode(config.text("mode", "nearest")),
                        config.flag("align_corners", false) ? Corners.CENTRES : Corners.EDGES)),
                "UpsamplingNearest2d", Maker.of(config -> new Upsample(size(config), Interpolation.NEAREST,
                        Corners.EDGES)),
                "UpsamplingBilinear2d", Maker.of(config -> new Upsample(size(config), Interpolation.LINEAR,
                        Corners.CENTRES)));
    }

    private static Upsample.Size size(Arguments config) {
        Scale scale = config.flag("recompute_scale_factor", false) ? Scale.OF_EXTENTS : Scale.GIVEN;
        if (!config.has("scale_factor")) {
            return new Upsample.Extents(SpatialMakers.list(config.integers("size", 1)));
        }
        assertFalse(config.has("size"), "either a size or a factor");
        return new Upsample.Factors(config.get("scale_factor") instanceof JsonArray list
                ? list.asList().stream().map(JsonElement::getAsDouble).toList()
                : List.of(config.number("scale_factor", 1)), scale);
    }

    private static Interpolation mode(String mode) {
        return switch (mode) {
            case "nearest" -> Interpolation.NEAREST;
            case "nearest-exact" -> Interpolation.NEAREST_EXACT;
            case "linear", "bilinear", "trilinear" -> Interpolation.LINEAR;
            case "bicubic" -> Interpolation.CUBIC;
            case "area" -> Interpolation.AREA;
            default -> throw new AssertionError(mode);
        };
    }
}
