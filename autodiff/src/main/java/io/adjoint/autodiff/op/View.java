package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
import java.util.List;
import java.util.Optional;

/**
 * Operations that look at the same elements in another arrangement. No element is copied, except by a reshape of a layout
 * that no strides can describe.
 */
public sealed interface View extends Op permits Reshape, Permute, Expand, Slice, Flip, Diagonal, Unfold {
    /** The input's array seen in the new arrangement. */
    @SuppressWarnings("exports") // arrays are the module's own
    Array view(Array x);

    /** Whether {@link #view} copies nothing of an array with these strides. */
    @SuppressWarnings("exports")
    default boolean isView(Array x) {
        return true;
    }

    /**
     * What rearranges one number for each row as this does the rows, the last axis having an extent of 1: of a view of an
     * input of this shape, with two axes or more, which leaves all rows whole.
     */
    default Optional<View> ofRows(Shape input) {
        return Optional.empty();
    }

    @Override
    default Arity arity() {
        return Arity.of(1);
    }

    @Override
    default Tensor compute(List<Tensor> inputs) {
        return Internals.tensor(view(Internals.array(inputs.getFirst())));
    }
}
