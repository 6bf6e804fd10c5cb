package io.adjoint.autodiff.function;

import io.adjoint.autodiff.ShapeException;

/** What the sum of a window is divided by to make an average. */
public sealed interface Divisor {
    /** The number of elements of the window, padding included; what reaches beyond the padding does not count. */
    Divisor WINDOW = Counted.WINDOW;

    /** The number of elements of the image in the window. */
    Divisor IMAGE = Counted.IMAGE;

    /** A number of one's own. */
    static Divisor of(int number) {
        return new Fixed(number);
    }

    /** A number that follows from the window. */
    enum Counted implements Divisor {
        /** See {@link Divisor#WINDOW}. */
        WINDOW,
        /** See {@link Divisor#IMAGE}. */
        IMAGE
    }

    /**
     * The same number for each window.
     *
     * @param number not 0
     */
    record Fixed(int number) implements Divisor {
        /** Refuses 0. */
        public Fixed {
            if (number == 0) {
                throw ShapeException.of("divisor", "division by zero").operand("number", number)
                        .expected("another number");
            }
        }
    }
}
