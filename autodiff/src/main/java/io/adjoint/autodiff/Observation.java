package io.adjoint.autodiff;

import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.tape.Observers;
import java.util.List;
import java.util.function.Supplier;

/**
 * Told of each operation that the calling thread computes inside a scope, tracked or not, those of gradients included, but not
 * those of a compiled program that runs: for counting, and for finding out what code does.
 *
 * {@snippet :
 * List<String> names = new ArrayList<>();
 * Observation.scope((op, inputs, result) -> names.add(op.id()), () -> model.forward(x));
 * }
 */
@FunctionalInterface
public interface Observation {
    /** An operation was computed from such inputs to such a result. */
    void computed(Op op, List<TensorSpec> inputs, TensorSpec result);

    /** Runs the body under observation and returns its result; scopes may be nested. */
    static <T> T scope(Observation observer, Supplier<T> body) {
        return Observers.with(observer, body);
    }
}
