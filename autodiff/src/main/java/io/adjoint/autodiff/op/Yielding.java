package io.adjoint.autodiff.op;

import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.Optional;

/**
 * Operations that come by the results of others, which can be had with theirs: all that one walk over what they read is good for.
 * They can also be given what they would else compute on the way.
 */
public sealed interface Yielding permits WindowMaxima, CrossEntropy, Normalise, NormaliseGradient {
    /**
     * Another operation on some of the inputs.
     *
     * @param inputs their numbers among the inputs of this one
     */
    record Call(Op op, List<Integer> inputs) {}

    /** The operations whose results come by, but for those of {@link WindowMaxima}, which are gathered through views. */
    List<Call> yields(List<TensorSpec> inputs);

    /** The operations whose results it computes on the way, unless it is given them. */
    default List<Call> needs(List<TensorSpec> inputs) {
        return List.of();
    }

    /**
     * {@link Op#prepare} with the results of other operations, to the bit.
     *
     * @param out with an element or more
     * @param given what is there of each of {@link #needs}; an empty list if nothing is
     * @param others where the result of each of {@link #yields} belongs if it is wanted, contiguous; an empty list if none is
     */
    @SuppressWarnings("exports")
    Launch prepareYielding(List<Array> inputs, List<Optional<Array>> given, Array out, List<Optional<Array>> others);
}
