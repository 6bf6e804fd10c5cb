package io.adjoint.autodiff;

import java.util.function.Supplier;

/**
 * The scope in which a model learns. Inside it the values of parameters are tracked, and layers that behave differently
 * while learning (dropout, batch norm) do so; outside neither happens, so nobody has to switch a model over. A scope
 * belongs to the thread that opened it and ends with the body.
 *
 * {@snippet :
 * Gradients gradients = Training.scope(() -> loss(model.forward(x), y).gradients(model.parameters()));
 * }
 */
public final class Training {
    private static final ScopedValue<Boolean> ACTIVE = ScopedValue.newInstance();

    private Training() {}

    /** Runs the body as training and returns its result. */
    public static <T> T scope(Supplier<T> body) {
        return ScopedValue.where(ACTIVE, true).call(body::get);
    }

    /** Runs the body as inference, also inside a training scope. */
    public static <T> T suspended(Supplier<T> body) {
        return ScopedValue.where(ACTIVE, false).call(body::get);
    }

    /** Whether the calling code runs inside a training scope. */
    public static boolean isActive() {
        return ACTIVE.orElse(false);
    }
}
