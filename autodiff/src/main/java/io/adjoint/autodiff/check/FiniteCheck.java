package io.adjoint.autodiff.check;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.FiniteWatch;
import io.adjoint.autodiff.tape.Internals;
import java.util.function.DoublePredicate;
import java.util.function.Supplier;

/**
 * Finds the operation that makes a NaN: forwards, in gradients, or in an optimizer's step.
 *
 * {@snippet :
 * FiniteCheck.noNan(() -> optimizer.minimize(() -> loss(model.forward(x), y)));
 * }
 *
 * <p>Every result is looked at, so it is for looking for the reason, not for every step. Results have the bits that they have
 * without it. Operations inside of a {@link io.adjoint.autodiff.Program} are not seen, and of threads only the calling one.
 */
public final class FiniteCheck {
    private FiniteCheck() {}

    /**
     * Runs the body up to the first operation whose result has a NaN.
     *
     * @throws NotFiniteException if there is one
     */
    public static <T> T noNan(Supplier<T> body) {
        return FiniteWatch.run(Double::isNaN, body);
    }

    /**
     * Runs the body up to the first operation whose result has a NaN or an infinity. A mask of infinities counts too.
     *
     * @throws NotFiniteException if there is one
     */
    public static <T> T finite(Supplier<T> body) {
        return FiniteWatch.run(number -> !Double.isFinite(number), body);
    }

    /** Whether every element that a variable holds is finite; true of integers. Unlike a read of its value it costs later steps nothing. */
    public static boolean isFinite(Variable variable) {
        return !holds(variable, number -> !Double.isFinite(number));
    }

    /** Whether an element that a variable holds is NaN. Unlike a read of its value it costs later steps nothing. */
    public static boolean hasNan(Variable variable) {
        return holds(variable, Double::isNaN);
    }

    private static boolean holds(Variable variable, DoublePredicate kind) {
        if (!variable.spec().dtype().isFloat()) {
            return false;
        }
        Array held = Internals.held(variable);
        if (!held.claimReading()) { // a program on another thread writes it
            return any(Internals.array(variable.value()), kind);
        }
        try {
            return any(held, kind);
        } finally {
            held.yieldClaim();
        }
    }

    private static boolean any(Array values, DoublePredicate kind) {
        boolean contiguous = values.isContiguous();
        for (int i = 0; i < values.size(); i++) {
            int at = contiguous ? values.offset() + i : values.position(i);
            double number = values.dtype() == DType.F32 ? values.floats()[at] : values.doubles()[at];
            if (kind.test(number)) {
                return true;
            }
        }
        return false;
    }
}
