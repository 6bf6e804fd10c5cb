package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.kernel.Moves;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.tape.Internals;
import java.util.List;
import java.util.Optional;

/**
 * An operation of the user's own, with all rights of the built-in ones: a shape rule, a computation on tensors, and a
 * gradient rule in tensor operations. Usually a record, so that its attributes print.
 *
 * <p>{@code compute} runs on constants: what it does there is not recorded, so the gradient rule is all that counts.
 */
public non-sealed interface Custom extends Op {
    /** Custom operations have no formula unless they say so. */
    @Override
    default String formula() {
        return "";
    }

    /** Any number of inputs unless the operation says otherwise. */
    @Override
    default Arity arity() {
        return Arity.ANY;
    }

    @Override
    default Optional<String> onnxName() {
        return Optional.empty();
    }

    /** Computes on copies, since the operation may keep what it sees. */
    @Override
    @SuppressWarnings("exports")
    default Launch prepare(List<Array> inputs, Array out) {
        return () -> {
            List<Tensor> copies = inputs.stream().map(Copies::of).map(Internals::tensor).toList();
            Moves.copy(Internals.array(compute(copies)), out);
        };
    }
}
