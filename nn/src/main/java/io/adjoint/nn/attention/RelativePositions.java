package io.adjoint.nn.attention;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.util.Optional;

/** How attention takes account of the distance between a query and a key. */
public sealed interface RelativePositions permits Rotary, Alibi {
    /**
     * Queries or keys as they are compared.
     *
     * @param heads {@code [..., places, width]}
     * @param from the place of the first
     */
    Tensor placed(Tensor heads, int from);

    /**
     * What is added to the scores, which have the shape {@code [heads, queries, keys]}.
     *
     * @param from the place of the first query; that of the first key is 0
     */
    Optional<Tensor> bias(Shape scores, int from, DType dtype);
}
