package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.TensorSpec;
import java.util.List;

/** Random numbers of one distribution without parameters. */
public sealed interface Noise extends RandomOp permits Uniform, Normal {
    /** Shape of the result. */
    Shape shape();

    /** Dtype of the result, F32 or F64. */
    DType dtype();

    @Override
    default Arity arity() {
        return Arity.of(1);
    }

    @Override
    default TensorSpec infer(List<TensorSpec> inputs) {
        RandomOp.requireKey(id(), inputs.getFirst());
        if (!dtype().isFloat()) {
            throw ShapeException.of(id(), "not a float dtype").operand("dtype", dtype()).expected("F32 or F64");
        }
        return new TensorSpec(dtype(), shape());
    }
}
