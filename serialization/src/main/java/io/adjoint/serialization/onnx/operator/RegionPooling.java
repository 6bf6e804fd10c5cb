package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Call;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Pooling of regions of images, each to the same extents. */
final class RegionPooling {
    private static final int MOST_POINTS = 1 << 16;

    private final Call call;
    private final Tensor x;
    private final int height;
    private final int width;

    private RegionPooling(Call call, int height, int width) {
        this.call = call;
        this.x = call.tensor(0);
        this.height = height;
        this.width = width;
        if (x.rank() != 4 || height < 1 || width < 1) {
            throw call.refusal("no such output").operand("input", x.shape()).operand("height", height)
                    .operand("width", width).expected("[batch, channels, height, width], and extents of 1 or more");
        }
    }

    /** The maximum of each part of a region whose edges are rounded. Girshick, "Fast R-CNN", 2015. */
    static Tensor max(Call call) {
        int[] pooled = call.attributes().integers("pooled_shape").orElseThrow(() -> call.missing("pooled_shape"));
        if (pooled.length != 2) {
            throw call.refusal("not two extents").operand("pooled_shape", Arrays.toString(pooled))
                    .expected("height and width");
        }
        return new RegionPooling(call, pooled[0], pooled[1]).max();
    }

    private Tensor max() {
        Tensor regions = requireRegions(5);
        double scale = call.attributes().real("spatial_scale", 1);
        double[] values = regions.detached().cast(DType.F64).toDoubles();
        List<Tensor> parts = new ArrayList<>();
        for (int r = 0; r < regions.dim(0); r++) {
            int image = (int) values[5 * r];
            if (image < 0 || image >= x.dim(0)) {
                throw call.refusal("no such image").operand("image", values[5 * r])
                        .expected("0 to " + (x.dim(0) - 1));
            }
            int[] edges = new int[4];
            for (int i = 0; i < 4; i++) {
                edges[i] = (int) Math.round(values[5 * r + 1 + i] * scale);
            }
            for (int py = 0; py < height; py++) {
                for (int px = 0; px < width; px++) {
                    parts.add(part(image, span(edges[1], edges[3], py, height, x.dim(2)),
                            span(edges[0], edges[2], px, width, x.dim(3))));
                }
            }
        }
        Shape shape = Shape.of(regions.dim(0), height, width, x.dim(1));
        Tensor pooled = parts.isEmpty() ? Tensor.zeros(shape, x.dtype())
                : Tensor.stack(0, parts.toArray(Tensor[]::new)).reshape(shape);
        return pooled.permute(0, 3, 1, 2);
    }

    private static int[] span(int start, int end, int part, int parts, int extent) {
        double size = Math.max((double) end - start + 1, 1) / parts;
        return new int[] {(int) Math.clamp(Math.floor(part * size) + start, 0, extent),
            (int) Math.clamp(Math.ceil((part + 1) * size) + start, 0, extent)};
    }

    private Tensor part(int image, int[] rows, int[] columns) {
        return rows[1] <= rows[0] || columns[1] <= columns[0] ? Tensor.zeros(Shape.of(x.dim(1)), x.dtype())
                : x.select(0, image).slice(1, rows[0], rows[1]).slice(2, columns[0], columns[1]).max(1, 2);
    }

    private Tensor requireRegions(int numbers) {
        Tensor regions = call.tensor(1);
        if (regions.rank() != 2 || regions.dim(1) != numbers) {
            throw call.refusal("not regions").operand("regions", regions.shape())
                    .expected("[regions, " + numbers + "]");
        }
        return regions;
    }

    /** The mean or maximum of points in each part of a region. He et al., "Mask R-CNN", 2017. */
    static Tensor align(Call call) {
        return new RegionPooling(call, call.attributes().integer("output_height", 1),
                call.attributes().integer("output_width", 1)).align();
    }

    private Tensor align() {
        Tensor regions = requireRegions(4);
        Tensor images = call.tensor(2).cast(DType.I64);
        if (images.rank() != 1 || images.dim(0) != regions.dim(0)) {
            throw call.refusal("not one image for each region").operand("images", images.shape())
                    .operand("regions", regions.shape()).expected("[" + regions.dim(0) + "]");
        }
        // version 10 knew no other way
        boolean centred = call.version() >= 16
                && switch (call.attributes().text("coordinate_transformation_mode", "half_pixel")) {
                    case "half_pixel" -> true;
                    case "output_half_pixel" -> false;
                    case String other -> throw call.refusal("no such coordinates").operand("mode", other)
                            .expected("half_pixel or output_half_pixel");
                };
        Tensor edges = regions.cast(x.dtype()).mul(call.attributes().real("spatial_scale", 1))
                .sub(centred ? 0.5 : 0);
        Tensor left = edges.select(1, 0);
        Tensor top = edges.select(1, 1);
        Tensor across = edges.select(1, 2).sub(left);
        Tensor down = edges.select(1, 3).sub(top);
        Tensor wide = centred ? across : across.maximum(1);
        Tensor high = centred ? down : down.maximum(1);
        int points = call.attributes().integer("sampling_ratio", 0);
        if (points > 0) {
            return pooled(images, points(top, high, height, points), points, points(left, wide, width, points), points);
        }
        // as many points as a part has elements: each region has its own number of them
        int[] rows = counts(high, height);
        int[] columns = counts(wide, width);
        Tensor[] each = new Tensor[rows.length];
        for (int r = 0; r < each.length; r++) {
            each[r] = rows[r] < 1 || columns[r] < 1 ? Tensor.zeros(Shape.of(1, x.dim(1), height, width), x.dtype())
                    : pooled(images.slice(0, r, r + 1),
                            points(top.slice(0, r, r + 1), high.slice(0, r, r + 1), height, rows[r]), rows[r],
                            points(left.slice(0, r, r + 1), wide.slice(0, r, r + 1), width, columns[r]), columns[r]);
        }
        return each.length == 0 ? Tensor.zeros(Shape.of(0, x.dim(1), height, width), x.dtype())
                : Tensor.concat(0, each);
    }

    private int[] counts(Tensor size, int parts) {
        return Arrays.stream(size.detached().cast(DType.F64).toDoubles()).mapToInt(extent -> {
            if (extent > MOST_POINTS) {
                throw call.refusal("the region is too large").operand("extent", extent)
                        .expected("at most " + MOST_POINTS);
            }
            return (int) Math.ceil(extent / parts);
        }).toArray();
    }

    /** {@code [regions, parts * count]}: the points along an axis. */
    private static Tensor points(Tensor start, Tensor size, int parts, int count) {
        double[] shares = new double[Shape.of(parts, count).size()];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = (i + 0.5) / shares.length;
        }
        return size.unsqueeze(1).mul(Tensor.of(shares).cast(size.dtype())).add(start.unsqueeze(1));
    }

    private Tensor pooled(Tensor images, Tensor ys, int rows, Tensor xs, int columns) {
        Axis down = new Axis(ys, x.dim(2));
        Axis right = new Axis(xs, x.dim(3));
        Tensor plane = x.permute(1, 0, 2, 3).flatten(1);
        Tensor exists = down.exists.unsqueeze(2).and(right.exists.unsqueeze(1));
        Tensor first = images.mul(x.dim(2)).reshape(images.dim(0), 1, 1);
        boolean largest = switch (call.attributes().text("mode", "avg")) {
            case "avg" -> false;
            case "max" -> true;
            case String other -> throw call.refusal("no such mode").operand("mode", other).expected("avg or max");
        };
        Tensor joined = null;
        for (int tap = 0; tap < 4; tap++) {
            Tensor place = first.add(down.places[tap / 2].unsqueeze(2)).mul(x.dim(3))
                    .add(right.places[tap % 2].unsqueeze(1));
            Tensor weight = down.weights[tap / 2].unsqueeze(2).mul(right.weights[tap % 2].unsqueeze(1));
            int[] dims = {x.dim(1), place.dim(0), place.dim(1), place.dim(2)};
            Tensor seen = plane.indexSelect(1, place.flatten(0)).reshape(dims).mul(exists.where(weight, 0));
            joined = joined == null ? seen : largest ? joined.maximum(seen) : joined.add(seen);
        }
        Tensor parts = joined.reshape(x.dim(1), images.dim(0), height, rows, width, columns);
        return (largest ? parts.max(3, 5) : parts.mean(3, 5)).permute(1, 0, 2, 3);
    }

    /** Points along an axis: the neighbours of each with their weights; one more than 1 outside does not exist. */
    private static final class Axis {
        private final Tensor exists;
        private final Tensor[] places;
        private final Tensor[] weights;

        private Axis(Tensor points, int extent) {
            exists = points.ge(-1).and(points.le(extent));
            Tensor inside = points.maximum(0).minimum(extent - 1.0);
            Tensor below = inside.detached().floor();
            Tensor part = inside.sub(below);
            places = new Tensor[] {below.cast(DType.I64), below.add(1).minimum(extent - 1.0).cast(DType.I64)};
            weights = new Tensor[] {part.rsub(1), part};
        }
    }
}
