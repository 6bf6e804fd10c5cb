package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.runtime.Array;
import java.util.List;
import java.util.Optional;

/** Operations whose result is their first input with something added, so that who owns that input lets it grow in place. */
public sealed interface Growing extends Op permits ScatterAdd, SliceAdd, MatMulAdd {
    /**
     * Makes the result of the first input itself.
     *
     * @param base the first input, contiguous, which nobody else reads
     * @param added the other inputs
     */
    @SuppressWarnings("exports") // the memory is the module's own affair
    void grow(Array base, List<Tensor> added);

    /** The slice of the first input to which the second one is added, if that is all. */
    default Optional<Slice> place() {
        return Optional.empty();
    }
}
