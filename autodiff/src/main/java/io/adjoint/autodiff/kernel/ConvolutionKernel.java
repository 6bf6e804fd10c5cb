package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Convolution and its two gradients, bound to arrays and then run again and again; here it is decided which way each is computed.
 * How an image is cut depends on the shapes only, so it shows in no bits from run to run.
 */
public final class ConvolutionKernel {
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
     * @param out {@code [n, filters, windows...]}, contiguous, with an element or more; overwritten
     * @param epilogue what is done with floats of the result part by part, each within an image or of whole images; its rows are the filters of all images, one
     *     below the other, and its columns windows
     */
    public Launch forward(Array images, Array weight, Array out, Epilogue epilogue) {
        if (weight.size() == 0) {
            return Launch.all(() -> Moves.fill(out, 0), afterwards(out, epilogue));
        }
        if (isPointwise(images, weight, out)) {
            return pointwise(images, weight, out, epilogue);
        }
        PatchConvolution plain = new PatchConvolution(sliding, groups, images, weight, out);
        return tiered(images, weight, out, () -> Launch.all(plain.forward(out), afterwards(out, epilogue)),
                sight -> switch (out.dtype()) {
                    case F32 -> FloatConvolution.prepare(images, weight, groups, sight, out, epilogue);
                    case F64 -> DoubleConvolution.prepare(images, weight, groups, sight, out, epilogue);
                    case BOOL, I32, I64 -> throw new AssertionError(out.dtype());
                });
    }

    /** An epilogue for all of the result, which is there. */
    private static Launch afterwards(Array out, Epilogue epilogue) {
        int rows = out.shape().dim(0) * out.shape().dim(1);
        return epilogue.on(0, 0, rows, out.size() / rows);
    }

    /** The plain way, or that of a sight where there is one and its code is compiled. */
    private Launch tiered(Array images, Array weight, Array windows, Supplier<Launch> plain,
            Function<Sight, Launch> simd) {
        Optional<Sight> sight =
                Sight.of(sliding, imageShape(images), spatial(weight.shape()), spatial(windows.shape()));
        if (sight.isEmpty() || !weight.dtype().isFloat() || mode == Simd.Mode.OFF) {
            return plain.get();
        }
        long products = (long) weight.size() / weight.shape().dim(0) * windows.size();
        return new TieredLaunch(() -> serves(weight.dtype(), products), plain, () -> simd.apply(sight.get()));
    }

    /** Whether the SIMD path is compiled, or the plain one is to compute so many products. */
    private boolean serves(DType type, long products) {
        return mode == Simd.Mode.EAGER
                || (type == DType.F32 ? FloatConvolution.serves(products) : DoubleConvolution.serves(products));
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

    /** Filters times the images themselves. */
    private Launch pointwise(Array images, Array weight, Array out, Epilogue epilogue) {
        Copies.Staged given = Copies.staged(images);
        Copies.Staged filters = Copies.staged(weight);
        int batch = out.shape().dim(0);
        int each = weight.shape().dim(0) / groups;
        int depth = weight.shape().dim(1);
        int windows = out.size() / batch / weight.shape().dim(0);
        Array left = filters.array().view(Shape.of(batch, groups, each, depth), new int[] {0, each * depth, depth, 1},
                filters.array().offset());
        Array right = reshaped(given.array(), Shape.of(batch * groups, depth, windows));
        Array product = reshaped(out, Shape.of(batch * groups, each, windows));
        if (out.dtype().isFloat() || groups == 1) {
            Array stack = out.dtype().isFloat() ? left
                    : left.view(Shape.of(batch, each, depth), new int[] {0, depth, 1}, left.offset());
            return Launch.all(given.load(), filters.load(),
                    MatMulKernel.prepare(stack, right, product, Begin.ZERO, Keeping.NOTHING, epilogue));
        }
        Copies.Staged rows = Copies.copied(left);
        return Launch.all(given.load(), filters.load(), rows.load(), MatMulKernel.prepare(
                reshaped(rows.array(), Shape.of(batch * groups, each, depth)), right, product));
    }

    /**
     * The transpose of {@link #forward} by the images: every element sums over the elements of windows that saw it, from the last
     * to the first along the first spatial axis, for each over the filters, and for each of these over the other axes, from the last to
     * the first again. It consists of convolutions whose windows slide by one, as many as
     * there are remainders by the stride; where windows do not overlap, of one matrix product.
     *
     * @param cotangent {@code [n, filters, windows...]}
     * @param images {@code [n, channels, extents...]}, contiguous, with an element or more: the result; overwritten
     * @param epilogue as for {@link #forward}, with channels for rows and elements for columns
     */
    public Launch byImages(Array cotangent, Array weight, Array images, Epilogue epilogue) {
        if (weight.size() == 0 || cotangent.size() == 0) {
            return Launch.all(() -> Moves.fill(images, 0), afterwards(images, epilogue));
        }
        int[] taps = spatial(weight.shape());
        boolean slidesByOne = Arrays.stream(sliding.strides()).allMatch(stride -> stride == 1);
        if (sliding.isApart(taps) && !slidesByOne) {
            return Launch.all(new PatchConvolution(sliding, groups, images, weight, cotangent).byImages(cotangent),
                    afterwards(images, epilogue));
        }
        List<Launch> steps = new ArrayList<>();
        if (!slidesByOne) { // an element may be in no window
            steps.add(() -> Moves.fill(images, 0));
        }
        for (List<Transpose> part : Transpose.parts(sliding, taps, spatial(images.shape()))) {
            Array target = part(images, part);
            Array out = target.isContiguous() ? target : Array.resident(images.dtype(), target.shape());
            Copies.Staged reversed = reversed(weight, part);
            int[] ones = part.stream().mapToInt(_ -> 1).toArray();
            long[] before = part.stream().mapToLong(Transpose::before).toArray();
            int[] dilation = part.stream().mapToInt(Transpose::dilation).toArray();
            steps.add(reversed.load());
            steps.add(new ConvolutionKernel(new Sliding(ones, before, dilation), groups, mode).forward(cotangent,
                    reversed.array(), out, slidesByOne ? epilogue : Epilogue.NONE));
            if (out != target) {
                steps.add(Moves.prepare(out, target));
            }
        }
        if (!slidesByOne) {
            steps.add(afterwards(images, epilogue));
        }
        return Launch.all(steps.toArray(Launch[]::new));
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
    private Copies.Staged reversed(Array weight, List<Transpose> part) {
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
        if (groups == 1) {
            return new Copies.Staged(
                    grouped.view(Shape.of(dims), Arrays.copyOfRange(strides, 1, strides.length), offset),
                    Launch.NOTHING);
        }
        Copies.Staged copied = Copies.copied(grouped);
        return new Copies.Staged(reshaped(copied.array(), Shape.of(dims)), copied.load());
    }

    /**
     * The transpose of {@link #forward} by the weight: of each image, box after box, each sum over the windows in order; then the
     * images in order.
     *
     * @param cotangent {@code [n, filters, windows...]}
     * @param weight {@code [filters, channels / groups, taps...]}, contiguous, with an element or more: the result; overwritten
     */
    public Launch byWeight(Array images, Array cotangent, Array weight) {
        if (images.size() == 0 || cotangent.size() == 0) {
            return () -> Moves.fill(weight, 0);
        }
        PatchConvolution plain = new PatchConvolution(sliding, groups, images, weight, cotangent);
        return tiered(images, weight, cotangent, () -> plain.byWeight(cotangent), sight -> {
            Copies.Staged given = Copies.staged(cotangent);
            return Launch.all(given.load(), switch (weight.dtype()) {
                case F32 ->
                    FloatConvolutionWeight.prepare(images, given.array(), groups, sight, plain.boxNumbers(), weight);
                case F64 ->
                    DoubleConvolutionWeight.prepare(images, given.array(), groups, sight, plain.boxNumbers(), weight);
                case BOOL, I32, I64 -> throw new AssertionError(weight.dtype());
            });
        });
    }

    static Shape imageShape(Array images) {
        return Shape.of(Arrays.copyOfRange(images.shape().dims(), 1, images.shape().rank()));
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

    private static Array reshaped(Array contiguous, Shape shape) {
        return contiguous.view(shape, shape.rowMajorStrides(), contiguous.offset());
    }
}
