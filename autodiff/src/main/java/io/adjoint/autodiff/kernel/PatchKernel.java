package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The patches of an image that windows see, as the columns of a matrix. What a window sees outside the image is zero.
 */
final class PatchKernel {
    private PatchKernel() {}

    /** The two parts that belong together, of an image and of patches. */
    private record Pair(Array ofImage, Array ofPatches) {}

    /**
     * Copies of what the windows of a box see.
     *
     * @param image {@code [channels, extents...]}, any strides
     * @param patches {@code [channels, taps..., box...]}, any strides, to be zeros
     */
    static Moves.Copy[] gather(Array image, Array patches, Sliding sliding, Box box) {
        return pairs(image, patches, sliding, box).stream().map(pair -> new Moves.Copy(pair.ofImage, pair.ofPatches))
                .toArray(Moves.Copy[]::new);
    }

    /** Copies of patches of windows that do not overlap to the places that they could be taken from. */
    static Moves.Copy[] scatter(Array patches, Array image, Sliding sliding, Box box) {
        return pairs(image, patches, sliding, box).stream().map(pair -> new Moves.Copy(pair.ofPatches, pair.ofImage))
                .toArray(Moves.Copy[]::new);
    }

    /** One for each tap that lies inside the image. */
    private static List<Pair> pairs(Array image, Array patches, Sliding sliding, Box box) {
        int axes = sliding.axes();
        int[] taps = Arrays.copyOfRange(patches.shape().dims(), 1, 1 + axes);
        int count = Shape.of(taps).size();
        int[] tap = new int[axes];
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pair(image, patches, sliding, box, tap).ifPresent(pairs::add);
            for (int axis = axes - 1; axis >= 0 && ++tap[axis] == taps[axis]; axis--) {
                tap[axis] = 0;
            }
        }
        return pairs;
    }

    /** All channels at one tap: the windows of the box for which the tap lies inside the image. */
    private static Optional<Pair> pair(Array image, Array patches, Sliding sliding, Box box, int[] tap) {
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
                return Optional.empty();
            }
            dims[axis + 1] = to - from;
            imageStrides[axis + 1] = image.stride(axis + 1) * sliding.stride(axis);
            patchStrides[axis + 1] = patches.stride(1 + axes + axis);
            imageOffset += (int) sliding.position(axis, from, tap[axis]) * image.stride(axis + 1);
            patchOffset += tap[axis] * patches.stride(1 + axis) + (from - start) * patchStrides[axis + 1];
        }
        Shape shape = Shape.of(dims);
        return Optional.of(new Pair(image.view(shape, imageStrides, imageOffset),
                patches.view(shape, patchStrides, patchOffset)));
    }
}
