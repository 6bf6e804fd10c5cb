package io.adjoint.nn;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The scope in which dropout drops outside of {@link Training}, while everything else stays in inference: predictions become
 * samples of what the model might say (Gal and Ghahramani, "Dropout as a Bayesian approximation", 2016). Masks are a function
 * of the scope's key, the layer's and the number of the call, and the layers' own keys stay as they are, so the same key gives
 * the same prediction, and threads may predict at once. A scope belongs to the thread that opened it and ends with the body.
 */
public final class DropoutScope {
    private record State(Tensor key, AtomicLong calls) {}

    private static final ScopedValue<State> STATE = ScopedValue.newInstance();

    private DropoutScope() {}

    /** Runs the body with dropout and returns its result. */
    public static <T> T sampling(Rng rng, Supplier<T> body) {
        return ScopedValue.where(STATE, new State(rng.key(), new AtomicLong())).call(body::get);
    }

    /** Whether the calling code runs inside of such a scope. */
    public static boolean isActive() {
        return STATE.isBound();
    }

    /** Whether layers drop: in training, or in this scope. */
    static boolean drops() {
        return isActive() || Training.isActive();
    }

    /** The key of the next mask of a layer with this key. */
    static Tensor next(Tensor layer) {
        State state = STATE.get();
        return layer.add(state.key).add(Tensor.of(new long[] {0, state.calls.getAndIncrement()}));
    }
}
