package io.adjoint.optim.stage;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import java.util.List;

/** The length of several tensors as one vector. */
public final class Norms {
    private Norms() {}

    /**
     * {@code sqrt(sum x^2)} over all elements of all tensors, an F64 scalar.
     *
     * @param tensors one or more
     */
    public static Tensor global(List<Tensor> tensors) {
        return tensors.stream().map(x -> x.square().sum().cast(DType.F64)).reduce(Tensor::add).orElseThrow().sqrt();
    }
}
