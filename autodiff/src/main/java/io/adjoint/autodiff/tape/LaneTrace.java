package io.adjoint.autodiff.tape;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.runtime.Array;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A run of elementwise operations on tensors without values that stand for expressions: each operation adds its expression to
 * those of its inputs.
 */
final class LaneTrace implements Trace {
    private final Map<Array, Lane> formulas = new IdentityHashMap<>();
    private final List<Step> steps = new ArrayList<>();

    /** An operation on tensors of the trace or constants, and the tensor that stands for its result. */
    record Step(Elementwise op, List<Tensor> inputs, Tensor result) {}

    /** Says that the code does more than elementwise operations. */
    private static final class NotElementwise extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotElementwise() {
            super(null, null, false, false);
        }
    }

    /** What the code returns; empty if it does more than elementwise operations. */
    Optional<Tensor> run(Supplier<Tensor> code) {
        try {
            Tensor result = ScopedValue.where(OPEN, this).call(code::get);
            formula(result);
            return Optional.of(result);
        } catch (NotElementwise e) {
            return Optional.empty();
        }
    }

    /** A scalar that stands for an expression. */
    Tensor stand(Lane formula) {
        return stand(formula, Shape.scalar());
    }

    /** A tensor that stands for an expression of each of its elements. */
    Tensor stand(Lane formula, Shape shape) {
        Array array = Array.symbolic(formula.type(), shape);
        formulas.put(array, formula);
        return Internals.tensor(array);
    }

    /** What {@link Tape#apply} comes to within the trace. */
    Tensor apply(Op op, List<Tensor> inputs) {
        if (!(op instanceof Elementwise elementwise)) {
            throw new NotElementwise();
        }
        List<Lane> lanes = inputs.stream().map(this::formula).toList();
        Shape shape = Shape.scalar();
        for (Tensor input : inputs) {
            shape = Shape.broadcast(op.id(), shape, input.shape());
        }
        Tensor result = stand(elementwise.numerics(lanes), shape);
        steps.add(new Step(elementwise, inputs, result));
        return result;
    }

    /** The operations so far, in order. */
    List<Step> steps() {
        return steps;
    }

    /** What a tensor of the trace stands for, or the number that a scalar is. */
    Lane formula(Tensor x) {
        Array array = Internals.array(x);
        Lane known = formulas.get(array);
        if (known != null) {
            return known;
        }
        if (array.shape().rank() != 0) {
            throw new NotElementwise();
        }
        return switch (array.dtype()) {
            case F32 -> Lane.constant(DType.F32, (double) array.floats()[array.offset()]);
            case F64 -> Lane.constant(DType.F64, array.doubles()[array.offset()]);
            case I32 -> Lane.constant(DType.I32, (long) array.ints()[array.offset()]);
            case I64 -> Lane.constant(DType.I64, array.longs()[array.offset()]);
            case BOOL -> throw new NotElementwise();
        };
    }
}
