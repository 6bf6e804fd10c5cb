package io.adjoint.autodiff.tape;

import io.adjoint.autodiff.Observation;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Op;
import java.util.List;
import java.util.function.Supplier;

/** Who is told of the operations that the calling thread computes. */
public final class Observers {
    private static final ScopedValue<Observation> OPEN = ScopedValue.newInstance();

    private Observers() {}

    /** Runs the body with this observer, and with those around it. */
    public static <T> T with(Observation observer, Supplier<T> body) {
        Observation both = OPEN.isBound() ? joined(OPEN.get(), observer) : observer;
        return ScopedValue.where(OPEN, both).call(body::get);
    }

    private static Observation joined(Observation outer, Observation inner) {
        return (op, inputs, result) -> {
            inner.computed(op, inputs, result);
            outer.computed(op, inputs, result);
        };
    }

    /** Whether anybody is told. */
    static boolean areThere() {
        return OPEN.isBound();
    }

    static void tell(Op op, List<TensorSpec> inputs, TensorSpec result) {
        if (OPEN.isBound()) {
            OPEN.get().computed(op, inputs, result);
        }
    }
}
