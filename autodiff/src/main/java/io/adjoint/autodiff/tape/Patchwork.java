package io.adjoint.autodiff.tape;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.MapKernel;
import io.adjoint.autodiff.kernel.Moves;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.op.Slice;
import io.adjoint.autodiff.runtime.Array;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A cotangent to which slices contribute that do not overlap, as those of a tensor that was taken apart: each is written to its
 * place, and zeros only where none is. Its bits are those of zeros to which all are added.
 */
final class Patchwork {
    /** A sum that begins with 0 is never -0. */
    private static final Map<DType, MapKernel> FROM_ZERO = new EnumMap<>(DType.class);

    static {
        for (DType type : List.of(DType.F32, DType.F64)) {
            FROM_ZERO.put(type, MapKernel.of(Lane.input(0, type).add(Lane.constant(type, 0.0))));
        }
    }

    private final Array whole;
    private final int axis;
    private final BitSet written = new BitSet();

    Patchwork(TensorSpec spec, int axis) {
        this.whole = Array.uninitialized(spec.dtype(), spec.shape());
        this.axis = axis;
    }

    /** The memory, of which only a part is written. */
    Array memory() {
        return whole;
    }

    /** Writes what a slice contributes, if it is the first one at its place, in rows of some elements; whether it is. */
    boolean put(Slice slice, Array share) {
        if (slice.axis() != axis || slice.step() != 1 || share.size() == 0
                || inner(share.shape()) == 1 || isWritten(slice.start(), slice.stop())) {
            return false;
        }
        FROM_ZERO.get(whole.dtype()).prepare(new Array[] {share}, slice.view(whole)).run();
        written.set(slice.start(), slice.stop());
        return true;
    }

    /** How many elements lie next to each other in a slice of this shape. */
    private int inner(Shape shape) {
        int elements = 1;
        for (int i = axis; i < shape.rank(); i++) {
            elements *= shape.dim(i);
        }
        return elements;
    }

    private boolean isWritten(int start, int stop) {
        int next = written.nextSetBit(start);
        return next >= 0 && next < stop;
    }

    /** The whole of it. */
    Tensor finish() {
        int extent = whole.shape().dim(axis);
        Array zero = Array.allocate(whole.dtype(), Shape.scalar());
        for (int start = written.nextClearBit(0); start < extent;) {
            int next = written.nextSetBit(start);
            int stop = next < 0 ? extent : next;
            Array gap = new Slice(axis, start, stop, 1).view(whole);
            Moves.copy(zero.broadcastTo(gap.shape()), gap);
            start = written.nextClearBit(stop);
        }
        return Internals.tensor(whole);
    }
}
