package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.TensorSpec;
import java.util.List;
import java.util.Optional;

/**
 * Random numbers as a function of a key, an I64 tensor {@code [seed, stream]}, and of the element's index: the same key
 * gives the same bits wherever and in whatever order they are computed. The generator is Philox 4x32-10 (Salmon, Moraes,
 * Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3; SC 2011).
 */
public sealed interface RandomOp extends Op permits Uniform, Normal {
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
        TensorSpec key = inputs.getFirst();
        if (key.dtype() != DType.I64 || !key.shape().equals(Shape.of(2))) {
            throw ShapeException.of(id(), "not a random key").operand("key", key)
                    .expected("I64[2], a seed and a stream");
        }
        if (!dtype().isFloat()) {
            throw ShapeException.of(id(), "not a float dtype").operand("dtype", dtype()).expected("F32 or F64");
        }
        return new TensorSpec(dtype(), shape());
    }

    @Override
    default Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    default Gradient gradient() {
        return Gradient.none("random");
    }
}
