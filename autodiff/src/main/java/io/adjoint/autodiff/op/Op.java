package io.adjoint.autodiff.op;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Moves;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.tape.Internals;
import io.adjoint.autodiff.tape.Tape;
import java.util.List;
import java.util.Optional;

/**
 * One operation with its attributes: everything that is known about it stands in its own file. Sealed by KIND, so that a
 * pass over a graph asks what sort of operation it meets, never which one; a new kind fails to compile wherever it
 * matters, a new operation does not. User code adds operations through {@link Custom}.
 */
public sealed interface Op
        permits Elementwise, Reduction, Scan, View, Contraction, Windowed, Indexing, Growing, RowOp, RandomOp,
        MatrixOp, Custom {
    /** The operation's name in messages, in printed graphs and in the catalogue, in snake case. */
    String id();

    /** What the operation computes, as a formula in {@code x} or {@code a, b, c}. */
    String formula();

    /** The ONNX operator of the same meaning, where there is one. */
    Optional<String> onnxName();

    /** How many inputs the operation takes. */
    Arity arity();

    /**
     * The shape rule: dtype and shape of the result for these inputs.
     *
     * @throws ShapeException if the inputs do not fit the operation
     */
    TensorSpec infer(List<TensorSpec> inputs);

    /** Computes the result from inputs that {@link #infer} accepted. Their gradients are none of its business. */
    Tensor compute(List<Tensor> inputs);

    /**
     * Binds the operation to arrays, to be computed again and again. The operations that programs spend their time in have a
     * way of their own, which allocates nothing when it runs; the others compute a fresh result and move it.
     *
     * @param inputs that {@link #infer} accepted
     * @param out row-major, but of a concatenation that is a part of another rows may lie apart; of the inferred dtype and shape, with an element or more; no input's memory, unless that is the first
     *     input of a {@link Growing} operation and lies the same, which then grows in place, or a part of a {@link Concat} in its
     *     place
     */
    @SuppressWarnings("exports") // arrays are the module's own
    default Launch prepare(List<Array> inputs, Array out) {
        List<Tensor> values = inputs.stream().map(Internals::tensor).toList();
        return () -> Moves.copy(Internals.array(compute(values)), out);
    }

    /** How many pairs of numbers a product multiplies and adds up; 0 for an operation that is no product. */
    default long multiplyAdds(List<TensorSpec> inputs) {
        return 0;
    }

    /**
     * How many leading axes of the result can be cut into pieces that are computed one by one, with the same bits; 0 if the result is computed as a
     * whole. A piece is computed of the same piece of each input. The axes of an input stand below the last ones of the result if
     * they are fewer, else below the first; where its extent is 1 it stretches. Only for operations with a {@link #prepare} of
     * their own.
     */
    default int separableAxes(List<TensorSpec> inputs) {
        return 0;
    }

    /** How cotangents flow back from the result to the inputs. */
    Gradient gradient();

    /**
     * Applies the operation: checks the inputs, computes, and records the step if an input is tracked.
     *
     * @throws ShapeException if the inputs do not fit the operation
     */
    default Tensor apply(Tensor... inputs) {
        arity().require(id(), inputs.length);
        return Tape.apply(this, List.of(inputs));
    }
}
