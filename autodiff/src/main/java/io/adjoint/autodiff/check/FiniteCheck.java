package io.adjoint.autodiff.check;

import io.adjoint.autodiff.tape.FiniteWatch;
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
}
