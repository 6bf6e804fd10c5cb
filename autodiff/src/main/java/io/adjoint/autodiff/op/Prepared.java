package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
import java.util.List;

/** What the operations share that compute as programs do: bound to arrays first, then run, here just once. */
final class Prepared {
    private Prepared() {}

    /** The result, of this spec, which may have no elements. */
    static Tensor compute(Op op, TensorSpec spec, List<Tensor> inputs) {
        Array out = Array.uninitialized(spec.dtype(), spec.shape());
        op.prepare(inputs.stream().map(Internals::array).toList(), out).run();
        return Internals.tensor(out);
    }

    /** The same where only a result with elements takes work. */
    static Tensor computeSome(Op op, TensorSpec spec, List<Tensor> inputs) {
        return spec.shape().size() > 0 ? compute(op, spec, inputs)
                : Internals.tensor(Array.allocate(spec.dtype(), spec.shape()));
    }
}
