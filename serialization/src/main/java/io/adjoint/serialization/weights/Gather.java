package io.adjoint.serialization.weights;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** The elements of a view one after the other, wherever they lie. */
final class Gather {
    private final MemorySegment bytes;
    private final TorchTensor view;
    private final int width;
    private final int[] index;
    private long at;

    Gather(MemorySegment bytes, TorchTensor view, int width) {
        this.bytes = bytes;
        this.view = view;
        this.width = width;
        this.index = new int[view.sizes().size()];
        this.at = view.offset();
    }

    /** The next elements, as they lie in the storage. */
    ByteBuffer next(int count) {
        byte[] block = new byte[count * width];
        MemorySegment target = MemorySegment.ofArray(block);
        for (int i = 0; i < count; i++) {
            MemorySegment.copy(bytes, at * width, target, (long) i * width, width);
            advance();
        }
        return ByteBuffer.wrap(block);
    }

    private void advance() {
        for (int axis = index.length - 1; axis >= 0; axis--) {
            long stride = view.strides().get(axis);
            at += stride;
            if (++index[axis] < view.sizes().get(axis)) {
                return;
            }
            at -= stride * index[axis];
            index[axis] = 0;
        }
    }
}
