package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Det;
import io.adjoint.autodiff.op.Dft;
import io.adjoint.autodiff.op.MatrixOp;
import java.util.List;
import java.util.Optional;

/** Determinants and Fourier transforms; ONNX has no other operation on whole matrices. */
final class MatrixLowering {
    private final Emitter nodes;

    MatrixLowering(Emitter nodes) {
        this.nodes = nodes;
    }

    Optional<Term> lower(MatrixOp op, List<Term> inputs, TensorSpec spec) {
        return switch (op) {
            case Det() -> Optional.of(nodes.node("Det", spec, inputs));
            case Dft(int axis, boolean backward) -> Optional.of(transform(axis, backward, inputs.getFirst()));
            default -> Optional.empty();
        };
    }

    /** The operator wants a batch axis in front, and divides on the way back. */
    private Term transform(int axis, boolean backward, Term x) {
        if (x.shape().size() == 0) {
            return x; // nothing to transform, which the operator refuses
        }
        Term batched = axis == 0 ? nodes.reshape(x, prepend(x)) : x;
        Term length = nodes.constant(Tensor.scalar(x.dim(axis), DType.I64));
        Term result = nodes.node("DFT", batched.spec(),
                List.of(batched, length, nodes.number(axis + batched.rank() - x.rank(), DType.I64)),
                Attribute.of("inverse", backward ? 1 : 0));
        Term flat = nodes.reshape(result, x.shape());
        return backward ? nodes.node("Mul", x.spec(), List.of(flat, nodes.number(x.dim(axis), x.dtype()))) : flat;
    }

    private static Shape prepend(Term x) {
        int[] dims = new int[x.rank() + 1];
        dims[0] = 1;
        System.arraycopy(x.shape().dims(), 0, dims, 1, x.rank());
        return Shape.of(dims);
    }
}
