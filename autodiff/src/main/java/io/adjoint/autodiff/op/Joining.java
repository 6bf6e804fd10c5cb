package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.ReduceKernel.Combine;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;

/** Reductions that join elements to one. */
public sealed interface Joining extends Reduction permits Sum, Prod, Max, Min, Any, All {
    /** How two elements are joined. */
    @SuppressWarnings("exports") // kernels are the module's own
    Combine combine();

    @Override
    default Tensor compute(List<Tensor> inputs) {
        return Reducing.reduce(combine(), inputs.getFirst(), axes());
    }

    @Override
    @SuppressWarnings("exports")
    default Launch prepare(List<Array> inputs, Array out) {
        return Reducing.prepare(combine(), inputs.getFirst(), axes(), out);
    }

    @Override
    default int separableAxes(List<TensorSpec> inputs) {
        return axes().isEmpty() ? 0 : axes().getFirst();
    }
}
