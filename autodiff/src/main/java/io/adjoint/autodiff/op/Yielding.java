package io.adjoint.autodiff.op;

import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;

/** Operations that come by the result of another one, which can be had with theirs. */
public sealed interface Yielding permits WindowMaxima, CrossEntropy {
    /**
     * {@link Op#prepare} with the result of the other operation, to the bit.
     *
     * @param other of that result's dtype, contiguous, with as many elements
     */
    @SuppressWarnings("exports")
    Launch prepareBoth(List<Array> inputs, Array out, Array other);
}
