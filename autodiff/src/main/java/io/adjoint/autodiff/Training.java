package io.adjoint.autodiff;

import io.adjoint.autodiff.tape.Places;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
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
    /**
     * What a piece of code is run for.
     *
     * @param isActive whether a model learns
     * @param trained the parameters that are tracked; empty for all
     */
    public record Mode(boolean isActive, Optional<Set<Variable>> trained) {
        private static final Mode ALL = new Mode(true, Optional.empty());

        private static final Mode NONE = new Mode(false, Optional.of(Set.of()));
    }

    private static final ScopedValue<Mode> MODE = ScopedValue.newInstance();

    private Training() {}

    /** Runs the body as training and returns its result. */
    public static <T> T scope(Supplier<T> body) {
        return ScopedValue.where(MODE, Mode.ALL).call(body::get);
    }

    /**
     * Runs the body as training of some parameters. The values of all others are constants, so nothing is recorded on their
     * behalf, and a gradient by them is 0.
     */
    public static <T> T scope(Collection<Variable> trained, Supplier<T> body) {
        return ScopedValue.where(MODE, new Mode(true, Optional.of(Set.copyOf(trained)))).call(body::get);
    }

    /** Runs the body as inference, also inside a training scope. */
    public static <T> T suspended(Supplier<T> body) {
        return ScopedValue.where(MODE, Mode.NONE).call(() -> Places.remembering(body));
    }

    /** Whether the calling code runs inside a training scope. */
    public static boolean isActive() {
        return mode().isActive;
    }

    /** What the calling code is run for; a recorded computation is right for this mode only. */
    public static Mode mode() {
        return MODE.orElse(Mode.NONE);
    }

    /** Whether the value of a parameter is tracked here. */
    static boolean tracks(Variable parameter) {
        Mode mode = mode();
        return mode.trained.isEmpty() || mode.trained.get().contains(parameter);
    }
}
