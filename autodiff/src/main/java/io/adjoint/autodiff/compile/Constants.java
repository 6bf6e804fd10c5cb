package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
import java.util.Optional;

/** The arrays of constants. */
final class Constants {
    private Constants() {}

    /** The array under a tensor. */
    static Array of(Tensor value) {
        return Internals.array(value);
    }

    /** The one number that all elements are, as a node of an expression; empty where they may differ. */
    static Optional<Lane> number(Array array) {
        for (int axis = 0; axis < array.shape().rank(); axis++) {
            if (array.stride(axis) != 0 && array.shape().dim(axis) != 1) {
                return Optional.empty();
            }
        }
        int at = array.offset();
        return Optional.of(switch (array.dtype()) {
            case BOOL -> Lane.constant(array.dtype(), array.booleans()[at] ? 1.0 : 0.0);
            case I32 -> Lane.constant(array.dtype(), (long) array.ints()[at]);
            case I64 -> Lane.constant(array.dtype(), array.longs()[at]);
            case F32 -> Lane.constant(array.dtype(), (double) array.floats()[at]);
            case F64 -> Lane.constant(array.dtype(), array.doubles()[at]);
        });
    }
}
