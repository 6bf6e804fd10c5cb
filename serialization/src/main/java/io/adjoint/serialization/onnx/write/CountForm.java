package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;
import java.util.List;

/**
 * A distribution of counts as our kernels draw from it: small ones by going up from 0, large ones by attempts, in double. Columns
 * have a row for each draw.
 */
sealed interface CountForm permits PoissonForm, BinomialForm {
    /** A count that is tried, and whether it is taken. */
    record Attempt(Tensor count, Tensor isAccepted) {}

    /** The columns of parameters, with others where they are none. */
    List<Tensor> plain(List<Tensor> parameters);

    Tensor isDefined(List<Tensor> parameters);

    Tensor mean(List<Tensor> parameters);

    Tensor variance(List<Tensor> parameters);

    /** The probability of 0. */
    Tensor first(List<Tensor> parameters);

    /** By what the probability of a count differs from that of the one before. */
    Tensor ratio(List<Tensor> parameters, Tensor count);

    /** The greatest count, which may be infinite. */
    Tensor greatest(List<Tensor> parameters);

    /** What is drawn when no attempt succeeds. */
    Tensor otherwise(List<Tensor> parameters);

    /** An attempt with two numbers, of which the first one is spread evenly over [-1/2, 1/2) and the other over (0, 1]. */
    Attempt attempt(List<Tensor> parameters, Tensor u, Tensor v);

    /** The result for a count. */
    Tensor result(List<Tensor> parameters, Tensor count);
}
