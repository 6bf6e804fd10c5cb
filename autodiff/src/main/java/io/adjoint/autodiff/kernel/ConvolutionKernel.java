package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;
import java.util.Arrays;
import java.util.List;

/**
 * Convolution and its two gradients as products of matrices with the patches of one image, or of a part of it, at a time.
 * How an image is cut depends on the shapes only, so it shows in no bits from run to run.
 */
public final class ConvolutionKernel {
    /** Most elements of a matrix of patches: such a matrix and the result's part stay in the second-level cache. */
    private static final long PANEL = 1 << 18;

    private final Sliding sliding;
    private final int groups;

    public ConvolutionKernel(Sliding sliding, int groups) {
        this.sliding = sliding;
        this.groups = groups;
    }

    /**
     * {@code out[n, k, o...] = sum over c, t... of image[n, c, o * stride + t * dilation - before] * weight[k, c, t...]},
     * in row-major order of (c, t...) with fused multiply-add.
     *
     * @param images {@code [n, channels, extents...]}
     * @param weight {@code [filters, channels / groups, taps...]}
     * @param out {@code [n, filters, windows...]}, contiguous, zeros
     */
    public void forward(Array images, Array weight, Array out) {
        if (out.size() == 0 || weight.size() == 0) {
            return;
        }
        Array rows = rows(Copies.contiguous(weight));
        int[] windows = spatial(out.shape());
        List<Box> boxes = Box.cover(windows, columns(images, weight));
        Workers.forEach(images.shape().dim(0), n -> {
            Array target = at(out, n);
            for (Box box : boxes) {
                Array patches = patches(images, weight, n, box);
                Array product = boxes.size() == 1 ? grouped(target) : product(out, rows.shape().dim(1), box.size());
                MatMulKernel.multiply(rows, matrices(patches, box), product);
                if (boxes.size() > 1) {
                    Array part = box.of(target);
                    Moves.copy(reshaped(product, part.shape()), part);
                }
            }
        });
    }

    /**
     * The transpose of {@link #forward} by the images: every window adds its weighted taps to what it saw.
     *
     * @param cotangent {@code [n, filters, windows...]}
     * @param images {@code [n, channels, extents...]}, contiguous, zeros: the result
     */
    public void byImages(Array cotangent, Array weight, Array images) {
        if (images.size() == 0 || weight.size() == 0 || cotangent.size() == 0) {
            return;
        }
        Array columns = rows(Copies.contiguous(weight)).permute(0, 2, 1);
        Array given = Copies.contiguous(cotangent);
        List<Box> boxes = Box.cover(spatial(cotangent.shape()), columns(images, weight));
        Workers.forEach(images.shape().dim(0), n -> {
            for (Box box : boxes) {
                Array patches = Array.allocate(images.dtype(), patchShape(images, weight, box));
                Array part = Copies.contiguous(box.of(at(given, n)));
                MatMulKernel.multiply(columns, grouped(part), matrices(patches, box));
                PatchKernel.scatterAdd(patches, at(images, n), sliding, box);
            }
        });
    }

    /**
     * The transpose of {@link #forward} by the weight: image after image, box after box, each sum over the windows in order.
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
        Array product = Array.allocate(weight.dtype(), total.shape());
        for (int n = 0; n < images.shape().dim(0); n++) {
            for (Box box : Box.cover(spatial(cotangent.shape()), columns(images, weight))) {
                Array patches = patches(images, weight, n, box);
                Array part = Copies.contiguous(box.of(at(given, n)));
                MatMulKernel.multiply(grouped(part), matrices(patches, box).permute(0, 2, 1), product);
                Accumulate.add(product, total);
            }
        }
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
    private static Array at(Array batch, int n) {
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
