package io.adjoint.optim.transform;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.hyper.Hyper;
import java.util.stream.IntStream;

/**
 * No unit is longer than a bound (Srebro, Shraibman 2005). A unit is what leads to one output: a row of a matrix, a filter; a
 * vector counts as one unit.
 *
 * @param most the greatest Euclidean length, above 0
 */
public record MaxNorm(double most) implements Projection {
    public MaxNorm {
        Hyper.positive("max_norm", "most", most);
    }

    @Override
    public Tensor project(Tensor value) {
        Tensor length = value.rank() < 2 ? value.norm()
                : value.norm(2, Axes.keep(IntStream.range(1, value.rank()).toArray()));
        // a length of 0 would make a NaN, even though it is thrown away
        return length.gt(most).where(value.mul(length.clampMin(most).rdiv(most)), value);
    }
}
