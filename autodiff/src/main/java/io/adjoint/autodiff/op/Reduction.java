package io.adjoint.autodiff.op;

import java.util.List;

/**
 * Operations that join the elements along some axes, which vanish from the result. The order in which elements are joined
 * is a function of the shape alone: 32 interleaved partial results over the reduced axes in row-major order, joined as a
 * fixed tree; where axes that stay lie between reduced ones, those behind the last such axis are reduced first.
 */
public sealed interface Reduction extends Op permits Joining, ArgMax, ArgMin {
    /** The reduced axes, each in {@code [0, rank)}, ascending. */
    List<Integer> axes();

    @Override
    default Arity arity() {
        return Arity.of(1);
    }
}
