package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Convolution and its two gradients as products of matrices with the patches of one image, or of a part of it, at a time.
 * How an image is cut depends on the shapes only, so it shows in no bits from run to run.
 */
public final class ConvolutionKernel {
    /** Most elements of a matrix of patches: most images are one then. */
    private static final long PANEL = 1 << 19;

    /** Images whose shares of a weight's gradient are computed at a time, by several threads. */
    static final int IMAGES = 8;

    private final Sliding sliding;
    private final int groups;
    private final Simd.Mode mode;

    public ConvolutionKernel(Sliding sliding, int groups) {
        this(sliding, groups, Simd.mode());
    }

    ConvolutionKernel(Sliding sliding, int groups, Simd.Mode mode) {
        this.sliding = sliding;
        this.groups = groups;
        this.mode = mode;
    }

    /**
     * {@code out[n, k, o...] = sum over c, t... of image[n, c, o * stride + t * dilation - before] * weight[k, c, t...]},
     * in row-major order of (t0, c, t1...) with fused multiply-add: the first spatial axis comes before the channels, so that what
     * rows of windows have in common lies side by side.
     *
     * @param images {@code [n, channels, extents...]}
     * @param weight {@code [filters, channels / groups, taps...]}
     * @param out {@code [n, filters, windows...]}, contiguous, zeros
     */
    public void forward(Array images, Array weight, Array out) {
        if (out.size() == 0 || weight.size() == 0) {
            return;
        }
        Optional<Sight> sight =
                Sight.of(sliding, imageShape(images), spatial(weight.shape()), spatial(out.shape()));
        if (isPointwise(images, weight, out)) {
            pointwise(images, rows(Copies.contiguous(weight)), out);
        } else if (sight.isPresent() && serves(weight, out)) {
            switch (out.dtype()) {
                case F32 -> FloatConvolution.forward(images, weight, groups, sight.get(), out);
                case F64 -> DoubleConvolution.forward(images, weight, groups, sight.get(), out);
                case BOOL, I32, I64 -> throw new AssertionError(out.dtype());
            }
        } else {
            forwardByPatches(images, weight, out);
        }
    }

    /** Whether every window is one element, and they are the image. */
    private boolean isPointwise(Array images, Array weight, Array out) {
        int axes = sliding.axes();
        boolean same = true;
        for (int axis = 0; axis < axes; axis++) {
            same &= weight.shape().dim(axis + 2) == 1 && sliding.stride(axis) == 1 && sliding.position(axis, 0, 0) == 0
                    && images.shape().dim(axis + 2) == out.shape().dim(axis + 2);
        }
        return same;
    }

    /** Filters times the image itself. */
    private void pointwise(Array images, Array rows, Array out) {
        Workers.forEach(images.shape().dim(0), n -> MatMulKernel.multiply(rows,
                grouped(Copies.contiguous(at(images, n))), grouped(at(out, n))));
    }

    private void forwardByPatches(Array images, Array weight, Array out) {
        Array rows = rows(Copies.copy(firstTapsFirst(weight, 1)));
        int[] windows = spatial(out.shape());
        List<Box> boxes = Box.cover(windows, columns(images, weight));
        Workers.forEach(images.shape().dim(0), n -> {
            Array target = at(out, n);
            for (Box box : boxes) {
                Array patches = firstTapsFirst(images, weight, n, box);
                Array product = boxes.size() == 1 ? grouped(target) : product(out, rows.shape().dim(1), box.size());
                MatMulKernel.multiply(rows, matrices(patches, box), product);
                if (boxes.size() > 1) {
                    Array part = box.of(target);
                    Moves.copy(reshaped(product, part.shape()), part);
                }
            }
        });
    }

    /** The axis {@code channels} and the one behind it exchanged. */
    private static Array firstTapsFirst(Array x, int channels) {
        int[] order = new int[x.shape().rank()];
        Arrays.setAll(order, axis -> axis == channels ? axis + 1 : axis == channels + 1 ? axis - 1 : axis);
        return x.permute(order);
    }

    /** What the windows of a box see, {@code [groups, t0, channels / groups, t1..., box...]}. */
    private Array firstTapsFirst(Array images, Array weight, int n, Box box) {
        int[] dims = patchShape(images, weight, box).dims();
        dims[0] /= groups;
        int each = Shape.of(dims).size();
        Array image = at(images, n);
        int[] part = image.shape().dims();
        part[0] = dims[0];
        Array patches = Array.allocate(images.dtype(), Shape.of(groups, each));
        int taps = dims[1];
        dims[1] = dims[0];
        dims[0] = taps;
        Shape shape = Shape.of(dims);
        for (int g = 0; g < groups; g++) {
            Array ofGroup = patches.view(shape, shape.rowMajorStrides(), g * each);
            PatchKernel.gather(
                    image.view(Shape.of(part), image.strides(), image.offset() + g * part[0] * image.stride(0)),
                    firstTapsFirst(ofGroup, 0), sliding, box);
        }
        return patches;
    }

    /**
     * The transpose of {@link #forward} by the images: every element sums over the elements of windows that saw it, from the last
     * to the first along the first spatial axis, for each over the filters, and for each of these over the other axes, from the last to
     * the first again. It consists of convolutions whose windows slide by one, as many as
     * there are remainders by the stride; where windows do not overlap, of one matrix product.
     *
     * @param cotangent {@code [n, filters, windows...]}
     * @param images {@code [n, channels, extents...]}, contiguous, zeros: the result
     */
    public void byImages(Array cotangent, Array weight, Array images) {
        if (images.size() == 0 || weight.size() == 0 || cotangent.size() == 0) {
            return;
        }
        int[] taps = spatial(weight.shape());
        if (sliding.isApart(taps) && Arrays.stream(sliding.strides()).anyMatch(stride -> stride > 1)) {
            byImagesApart(cotangent, weight, images);
            return;
        }
        for (List<Transpose> part : Transpose.parts(sliding, taps, spatial(images.shape()))) {
            Array target = part(images, part);
            Array out = target.isContiguous() ? target : Array.allocate(images.dtype(), target.shape());
            int[] ones = part.stream().mapToInt(_ -> 1).toArray();
            long[] before = part.stream().mapToLong(Transpose::before).toArray();
            int[] dilation = part.stream().mapToInt(Transpose::dilation).toArray();
            new ConvolutionKernel(new Sliding(ones, before, dilation), groups, mode).forward(cotangent,
                    reversed(weight, part), out);
            if (out != target) {
                Moves.copy(out, target);
            }
        }
    }

    private void byImagesApart(Array cotangent, Array weight, Array images) {
        Array columns = rows(Copies.contiguous(weight)).permute(0, 2, 1);
        Array given = Copies.contiguous(cotangent);
        List<Box> boxes = Box.cover(spatial(cotangent.shape()), columns(images, weight));
        Workers.forEach(images.shape().dim(0), n -> {
            for (Box box : boxes) {
                Array patches = Array.allocate(images.dtype(), patchShape(images, weight, box));
                Array part = Copies.contiguous(box.of(at(given, n)));
                MatMulKernel.multiply(columns, grouped(part), matrices(patches, box));
                PatchKernel.scatter(patches, at(images, n), sliding, box);
            }
        });
    }

    /** The elements of images that belong to a part. */
    private Array part(Array images, List<Transpose> part) {
        int[] dims = images.shape().dims();
        int[] strides = images.strides();
        int offset = images.offset();
        for (int axis = 0; axis < part.size(); axis++) {
            dims[axis + 2] = part.get(axis).count();
            offset += part.get(axis).first() * strides[axis + 2];
            strides[axis + 2] *= sliding.stride(axis);
        }
        return images.view(Shape.of(dims), strides, offset);
    }

    /** {@code [channels, filters / groups, taps...]} with the taps of a part in reverse order. */
    private Array reversed(Array weight, List<Transpose> part) {
        int axes = sliding.axes();
        int[] dims = weight.shape().dims();
        int filters = dims[0] / groups;
        int[] shape = new int[axes + 3];
        int[] strides = new int[axes + 3];
        int offset = weight.offset();
        shape[0] = groups;
        strides[0] = filters * weight.stride(0);
        shape[1] = dims[1];
        strides[1] = weight.stride(1);
        shape[2] = filters;
        strides[2] = weight.stride(0);
        for (int axis = 0; axis < axes; axis++) {
            Transpose taps = part.get(axis);
            dims[axis + 2] = taps.taps();
            shape[axis + 3] = taps.taps();
            strides[axis + 3] = -taps.step() * weight.stride(axis + 2);
            offset += (taps.tap() + (taps.taps() - 1) * taps.step()) * weight.stride(axis + 2);
        }
        Array grouped = weight.view(Shape.of(shape), strides, offset);
        dims[0] = groups * dims[1];
        dims[1] = filters;
        return groups == 1
                ? grouped.view(Shape.of(dims), Arrays.copyOfRange(strides, 1, strides.length), offset)
                : reshaped(Copies.copy(grouped), Shape.of(dims));
    }

    /**
     * The transpose of {@link #forward} by the weight: of each image, box after box, each sum over the windows in order; then the
     * images in order.
     *
     * @param cotangent {@code [n, filters, windows...]}
     * @param weight {@code [filters, channels / groups, taps...]}, contiguous, zeros: the result
     */
    public void byWeight(Array images, Array cotangent, Array weight) {
        if (images.size() == 0 || weight.size() == 0 || cotangent.size() == 0) {
            return;
        }
        Array total = rows(weight);
        Array given = Copies.contiguous(cotangent);
        List<Box> boxes = Box.cover(spatial(cotangent.shape()), columns(images, weight));
        Optional<Sight> sight =
                Sight.of(sliding, imageShape(images), spatial(weight.shape()), spatial(given.shape()));
        if (sight.isPresent() && serves(weight, given)) {
            int[] numbers = new int[boxes.size() + 1];
            for (int b = 0; b < boxes.size(); b++) {
                numbers[b + 1] = numbers[b] + boxes.get(b).size();
            }
            switch (weight.dtype()) {
                case F32 -> FloatConvolutionWeight.byWeight(images, given, sight.get(), numbers, total);
                case F64 -> DoubleConvolutionWeight.byWeight(images, given, sight.get(), numbers, total);
                case BOOL, I32, I64 -> throw new AssertionError(weight.dtype());
            }
            return;
        }
        int batch = images.shape().dim(0);
        Array[] sums = new Array[Math.min(batch, Workers.threads() == 1 ? 1 : IMAGES)];
        Arrays.setAll(sums, _ -> Array.allocate(weight.dtype(), total.shape()));
        for (int n = 0; n < batch; n += sums.length) {
            int first = n;
            int count = Math.min(sums.length, batch - n);
            Workers.forEach(count, i -> byWeight(images, weight, given, first + i, boxes, sums[i]));
            for (int i = 0; i < count; i++) {
                Accumulate.add(sums[i], total);
            }
        }
    }

    /** One image's share. */
    private void byWeight(Array images, Array weight, Array cotangent, int n, List<Box> boxes, Array sum) {
        Array product = boxes.size() == 1 ? sum : Array.allocate(sum.dtype(), sum.shape());
        for (int b = 0; b < boxes.size(); b++) {
            Box box = boxes.get(b);
            Array patches = patches(images, weight, n, box);
            Array part = Copies.contiguous(box.of(at(cotangent, n)));
            MatMulKernel.multiply(grouped(part), matrices(patches, box).permute(0, 2, 1), b == 0 ? sum : product);
            if (b > 0) {
                Accumulate.add(product, sum);
            }
        }
    }

    /** Whether the SIMD path is compiled, or the plain one is to compute this. */
    private boolean serves(Array weight, Array windows) {
        long products = (long) weight.size() / weight.shape().dim(0) * windows.size();
        return weight.dtype().isFloat() && switch (mode) {
            case OFF -> false;
            case EAGER -> true;
            case AUTO -> weight.dtype() == DType.F32 ? FloatConvolution.serves(products)
                    : DoubleConvolution.serves(products);
        };
    }

    static Shape imageShape(Array images) {
        return Shape.of(Arrays.copyOfRange(images.shape().dims(), 1, images.shape().rank()));
    }

    /** How many windows at a time. */
    private static long columns(Array images, Array weight) {
        long taps = weight.size() / ((long) weight.shape().dim(0) * weight.shape().dim(1));
        return PANEL / (images.shape().dim(1) * taps);
    }

    private Array patches(Array images, Array weight, int n, Box box) {
        Array patches = Array.allocate(images.dtype(), patchShape(images, weight, box));
        PatchKernel.gather(at(images, n), patches, sliding, box);
        return patches;
    }

    private static Shape patchShape(Array images, Array weight, Box box) {
        int[] taps = spatial(weight.shape());
        int[] dims = new int[1 + 2 * taps.length];
        dims[0] = images.shape().dim(1);
        System.arraycopy(taps, 0, dims, 1, taps.length);
        System.arraycopy(box.extent(), 0, dims, 1 + taps.length, taps.length);
        return Shape.of(dims);
    }

    private static int[] spatial(Shape shape) {
        return Arrays.copyOfRange(shape.dims(), 2, shape.rank());
    }

    /** One of a batch. */
    static Array at(Array batch, int n) {
        int rank = batch.shape().rank();
        return batch.view(Shape.of(Arrays.copyOfRange(batch.shape().dims(), 1, rank)),
                Arrays.copyOfRange(batch.strides(), 1, rank), batch.offset() + n * batch.stride(0));
    }

    /** A contiguous weight as {@code [groups, filters / groups, (channels / groups) * taps]}. */
    private Array rows(Array weight) {
        int filters = weight.shape().dim(0);
        return reshaped(weight, Shape.of(groups, filters / groups, weight.size() / filters));
    }

    /** Contiguous channels of windows as {@code [groups, channels / groups, windows]}. */
    private Array grouped(Array channels) {
        int count = channels.shape().dim(0);
        return reshaped(channels, Shape.of(groups, count / groups, channels.size() / count));
    }

    /** Patches as {@code [groups, (channels / groups) * taps, windows]}. */
    private Array matrices(Array patches, Box box) {
        int windows = box.size();
        return reshaped(patches, Shape.of(groups, patches.size() / windows / groups, windows));
    }

    private Array product(Array out, int rows, int columns) {
        return Array.allocate(out.dtype(), Shape.of(groups, rows, columns));
    }

    private static Array reshaped(Array contiguous, Shape shape) {
        return contiguous.view(shape, shape.rowMajorStrides(), contiguous.offset());
    }
}
