package io.adjoint.autodiff;

import java.util.List;

/**
 * The memory of a {@link Program} for inputs of some specs, in bytes: what its arrays take, known before the first run, for as
 * many threads as may be used where it is asked for or first run. What operations on rows compute on the way, a few rows at a time for each
 * share of the work, is not counted.
 *
 * @param signature dtypes and shapes of the inputs
 * @param slab what is computed on the way, and the inputs as they are copied in; kept from one run to the next
 * @param constants the captured tensors
 * @param variables the values of all variables that are read or written
 * @param kept captured tensors and variables that no run changes, once more in the order in which products read them; programs
 *     with the same ones share it
 * @param inputs the tensors that it is called with
 * @param outputs the tensors that it returns, fresh ones in each call
 */
public record ProgramMemory(List<TensorSpec> signature, long slab, long constants, long variables, long kept,
        long inputs, long outputs) {
    public ProgramMemory {
        signature = List.copyOf(signature);
    }

    /** All there is at the end of a call, when the most is there. */
    public long peak() {
        return slab + constants + variables + kept + inputs + outputs;
    }
}
