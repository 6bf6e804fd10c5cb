package io.adjoint.autodiff;

import io.adjoint.autodiff.runtime.Workers;
import java.util.function.Supplier;

/**
 * How many threads an operation may use: the one that calls it, and helpers. The system property {@code
 * adjoint.threads} says how many for the whole process, {@link #limit} for a part of a program; without either it is the
 * number of processors. Small operations stay on the calling thread whatever the number.
 *
 * {@snippet :
 * // Serve four requests side by side, each on the thread that it came on.
 * Tensor answer = Threads.limit(1, () -> model.forward(request));
 * }
 *
 * <p>Results have the same bits with any number of threads.
 */
public final class Threads {
    private Threads() {}

    /**
     * The number of threads that operations may use where this is called, the calling one included.
     *
     * @throws IllegalArgumentException if the property {@code adjoint.threads} is not a number of 1 or more
     */
    public static int available() {
        return Workers.threads();
    }

    /**
     * Runs the body and returns its result; operations called in it, by this thread, use at most so many threads. A limit
     * within a limit replaces it, and so may be the higher one.
     *
     * @throws IllegalArgumentException if {@code threads} is less than 1
     */
    public static <T> T limit(int threads, Supplier<T> body) {
        return Workers.withThreads(threads, body);
    }
}
