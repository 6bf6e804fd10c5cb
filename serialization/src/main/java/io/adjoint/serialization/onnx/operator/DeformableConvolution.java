package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Corners;
import io.adjoint.autodiff.function.Grids;
import io.adjoint.autodiff.function.Outside;
import io.adjoint.autodiff.function.SampleMode;
import io.adjoint.serialization.onnx.graph.Call;
import java.util.Arrays;
import java.util.List;

/**
 * Convolution whose windows see elements that are moved by an offset each, found between their neighbours by straight lines,
 * zero outside the images. Dai et al., "Deformable convolutional networks", 2017; with a mask: Zhu et al., 2019.
 */
final class DeformableConvolution {
    private DeformableConvolution() {}

    static Tensor of(Call call) {
        Tensor x = call.tensor(0);
        Tensor weight = call.tensor(1);
        List<Integer> size = Sliding.kernel(call, weight);
        int axes = size.size();
        Sliding sliding = Sliding.of(call, x, size);
        int groups = call.attributes().integer("group", 1);
        int parts = call.attributes().integer("offset_group", 1);
        int taps = product(size, 0);
        int places = product(sliding.windows(), 0);
        requireFit(call, axes, groups, parts, taps, sliding.windows());
        int batch = x.dim(0);
        Tensor grid = grid(call, sliding, parts, taps, places);
        int[] images = x.shape().dims();
        images[0] = batch * parts;
        images[1] = x.dim(1) / parts;
        // double precision, since points are said as shares of an extent
        Tensor seen = Grids.sample(x.reshape(images).cast(DType.F64), grid, SampleMode.LINEAR, Outside.ZEROS,
                Corners.EDGES).cast(x.dtype());
        Tensor columns = seen.reshape(batch, parts, x.dim(1) / parts, taps, places);
        Tensor masked = call.findTensor(4)
                .map(mask -> columns.mul(mask.reshape(batch, parts, 1, taps, places))).orElse(columns);
        int filters = weight.dim(0);
        Tensor product = weight.reshape(groups, filters / groups, weight.dim(1) * taps)
                .matmul(masked.reshape(batch, groups, weight.dim(1) * taps, places));
        int[] out = new int[axes + 2];
        out[0] = batch;
        out[1] = filters;
        for (int axis = 0; axis < axes; axis++) {
            out[axis + 2] = sliding.windows().get(axis);
        }
        Tensor result = product.reshape(out);
        return call.findTensor(3).map(bias -> result.add(ConvolutionOperators.perChannel(call, bias, result)))
                .orElse(result);
    }

    /** Refused where it is too large. */
    private static int product(List<Integer> extents, int first) {
        return Shape.of(extents.stream().skip(first).mapToInt(Integer::intValue).toArray()).size();
    }

    private static void requireFit(Call call, int axes, int groups, int parts, int taps, List<Integer> windows) {
        Tensor x = call.tensor(0);
        Tensor weight = call.tensor(1);
        boolean fits = (axes == 2 || axes == 3) && groups > 0 && parts > 0 && x.dim(1) % parts == 0
                && weight.dim(0) % groups == 0 && (long) weight.dim(1) * groups == x.dim(1);
        if (!fits) {
            throw call.refusal("channels and groups do not fit").operand("input", x.shape())
                    .operand("weight", weight.shape()).operand("group", groups).operand("offset_group", parts)
                    .expected("two or three spatial axes, and channels that the groups divide");
        }
        requireShape(call, "offset", call.tensor(2), (long) parts * taps * axes, windows);
        call.findTensor(4).ifPresent(mask -> requireShape(call, "mask", mask, (long) parts * taps, windows));
    }

    private static void requireShape(Call call, String name, Tensor given, long channels, List<Integer> windows) {
        int[] dims = given.shape().dims();
        if (dims.length != windows.size() + 2 || dims[0] != call.tensor(0).dim(0) || dims[1] != channels
                || !Arrays.stream(dims).skip(2).boxed().toList().equals(windows)) {
            throw call.refusal("it does not fit the windows").operand(name, given.shape()).operand("windows", windows)
                    .expected("[" + call.tensor(0).dim(0) + ", " + channels + ", windows...]");
        }
    }

    /** F64 {@code [batch * parts, taps, places, 1.., axes]}: where each tap of each window is, x first, as shares of the image. */
    private static Tensor grid(Call call, Sliding sliding, int parts, int taps, int places) {
        Tensor x = call.tensor(0);
        int axes = sliding.size().size();
        Tensor offset = call.tensor(2).cast(DType.F64).reshape(x.dim(0) * parts, taps, axes, places);
        Tensor[] points = new Tensor[axes];
        for (int axis = 0; axis < axes; axis++) {
            Tensor position = offset.select(2, axis).add(Tensor.of(base(sliding, axis, taps, places), taps, places));
            points[axes - 1 - axis] = position.mul(2).add(1).div(x.dim(axis + 2)).sub(1);
        }
        int[] dims = new int[axes + 2];
        Arrays.fill(dims, 1);
        dims[0] = x.dim(0) * parts;
        dims[1] = taps;
        dims[2] = places;
        dims[axes + 1] = axes;
        return Tensor.stack(-1, points).reshape(Shape.of(dims));
    }

    /** {@code [taps, places]}: positions along an axis without offsets. */
    private static double[] base(Sliding sliding, int axis, int taps, int places) {
        int tapsBehind = product(sliding.size(), axis + 1);
        int placesBehind = product(sliding.windows(), axis + 1);
        double[] base = new double[Shape.of(taps, places).size()];
        for (int tap = 0; tap < taps; tap++) {
            long within = (long) (tap / tapsBehind % sliding.size().get(axis)) * sliding.dilation().get(axis);
            for (int place = 0; place < places; place++) {
                long window = (long) (place / placesBehind % sliding.windows().get(axis)) * sliding.stride().get(axis);
                base[tap * places + place] = window + within - sliding.before().get(axis);
            }
        }
        return base;
    }
}
