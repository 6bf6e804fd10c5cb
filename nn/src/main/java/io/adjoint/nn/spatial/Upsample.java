package io.adjoint.nn.spatial;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Corners;
import io.adjoint.autodiff.function.Interpolation;
import io.adjoint.autodiff.function.Resizing;
import io.adjoint.autodiff.function.Scale;
import io.adjoint.nn.Layer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Images with other extents, larger or smaller, see {@link Resizing#interpolate(Tensor, Interpolation, Corners, int...)}; as
 * {@code torch.nn.Upsample}. {@code UpsamplingBilinear2d(scale_factor=2)} is {@code
 * Upsample.by(2).withMode(Interpolation.LINEAR).withCorners(Corners.CENTRES)}.
 *
 * <p>Shapes: x {@code [batch, channels, extents...]} with any number of spatial axes, y the same with the extents given, or {@code
 * floor(extent * factor)}.
 *
 * @param size how large the output is
 * @param mode how a value follows from its neighbours; {@code LINEAR} is linear, bilinear or trilinear by the number of axes
 * @param corners which points of the two grids coincide, for {@code LINEAR} and {@code CUBIC}; others do not look at it
 */
public record Upsample(Size size, Interpolation mode, Corners corners) implements Layer {
    /** Refuses nulls. */
    public Upsample {
        Objects.requireNonNull(size, "size");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(corners, "corners");
    }

    /** To these extents, one for each spatial axis or one for all, by the nearest elements. */
    public static Upsample to(int... extents) {
        return new Upsample(new Extents(Filters.list(extents)), Interpolation.NEAREST, Corners.EDGES);
    }

    /** By these factors, one for each spatial axis or one for all, by the nearest elements. */
    public static Upsample by(double... factors) {
        return new Upsample(new Factors(Arrays.stream(factors).boxed().toList(), Scale.GIVEN), Interpolation.NEAREST,
                Corners.EDGES);
    }

    /** The same with another interpolation. */
    public Upsample withMode(Interpolation mode) {
        return new Upsample(size, mode, corners);
    }

    /** The same with other points that coincide. */
    public Upsample withCorners(Corners corners) {
        return new Upsample(size, mode, corners);
    }

    @Override
    public Tensor forward(Tensor x) {
        return switch (size) {
            case Extents(List<Integer> extents) -> Resizing.interpolate(x, mode, corners, Filters.ints(extents));
            case Factors(List<Double> factors, Scale scale) -> Resizing.scale(x, mode, corners, scale,
                    factors.stream().mapToDouble(Double::doubleValue).toArray());
        };
    }

    /** How large an output is. */
    public sealed interface Size {}

    /**
     * An output of these extents.
     *
     * @param extents one for each spatial axis, or one for all; 1 or more
     */
    public record Extents(List<Integer> extents) implements Size {
        /** Refuses numbers below 1, and none at all. */
        public Extents {
            extents = List.copyOf(extents);
            Pools.requireExtents("upsample", extents, 1);
        }
    }

    /**
     * An output larger by these factors.
     *
     * @param factors one for each spatial axis, or one for all; above 0
     * @param scale the ratio by which places are computed; {@code OF_EXTENTS} is PyTorch's {@code recompute_scale_factor}
     */
    public record Factors(List<Double> factors, Scale scale) implements Size {
        /** Refuses numbers that are not above 0, and none at all. */
        public Factors {
            Objects.requireNonNull(scale, "scale");
            factors = List.copyOf(factors);
            if (factors.isEmpty() || !factors.stream().allMatch(factor -> factor > 0)) {
                throw ShapeException.of("upsample", "no such factors").operand("factors", factors)
                        .expected("a number above 0 for each spatial axis, or for all");
            }
        }
    }
}
