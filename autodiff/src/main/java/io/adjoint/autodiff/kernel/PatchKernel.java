package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import java.util.Arrays;

/**
 * The patches of an image that windows see, as the columns of a matrix. What a window sees outside the image is zero.
 */
final class PatchKernel {
    private PatchKernel() {}

    private interface Pair {
        void visit(Array ofImage, Array ofPatches);
    }

    /**
     * Copies what the windows of a box see.
     *
     * @param image {@code [channels, extents...]}, any strides
     * @param patches {@code [channels, taps..., box...]}, contiguous, zeros
     */
    static void gather(Array image, Array patches, Sliding sliding, Box box) {
        forEachTap(image, patches, sliding, box, Moves::copy);
    }

    /** Copies patches of windows that do not overlap to the places that they could be taken from. */
    static void scatter(Array patches, Array image, Sliding sliding, Box box) {
        forEachTap(image, patches, sliding, box, (target, source) -> Moves.copy(source, target));
    }

    private static void forEachTap(Array image, Array patches, Sliding sliding, Box box, Pair pair) {
        int axes = sliding.axes();
        int[] taps = Arrays.copyOfRange(patches.shape().dims(), 1, 1 + axes);
        int count = Shape.of(taps).size();
        int[] tap = new int[axes];
        for (int i = 0; i < count; i++) {
            visit(image, patches, sliding, box, tap, pair);
            for (int axis = axes - 1; axis >= 0 && ++tap[axis] == taps[axis]; axis--) {
                tap[axis] = 0;
            }
        }
    }

    /** All channels at one tap: the windows of the box for which the tap lies inside the image. */
    private static void visit(Array image, Array patches, Sliding sliding, Box box, int[] tap, Pair pair) {
        int axes = tap.length;
        int[] dims = new int[axes + 1];
        int[] imageStrides = new int[axes + 1];
        int[] patchStrides = new int[axes + 1];
        int imageOffset = image.offset();
        int patchOffset = patches.offset();
        dims[0] = image.shape().dim(0);
        imageStrides[0] = image.stride(0);
        patchStrides[0] = patches.stride(0);
        for (int axis = 0; axis < axes; axis++) {
            int start = box.start()[axis];
            int end = start + box.extent()[axis];
            int from = Math.max(start, sliding.first(axis, tap[axis], end));
            int to = Math.min(end, sliding.end(axis, tap[axis], end, image.shape().dim(axis + 1)));
            if (from >= to) {
                return;
            }
            dims[axis + 1] = to - from;
            imageStrides[axis + 1] = image.stride(axis + 1) * sliding.stride(axis);
            patchStrides[axis + 1] = patches.stride(1 + axes + axis);
            imageOffset += (int) sliding.position(axis, from, tap[axis]) * image.stride(axis + 1);
            patchOffset += tap[axis] * patches.stride(1 + axis) + (from - start) * patchStrides[axis + 1];
        }
        Shape shape = Shape.of(dims);
        pair.visit(image.view(shape, imageStrides, imageOffset), patches.view(shape, patchStrides, patchOffset));
    }
}
