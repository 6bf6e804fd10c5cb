package io.adjoint.autodiff.function;

import io.adjoint.autodiff.ShapeException;
import java.util.List;

/** How many zeros a convolution puts before and after an image. */
public sealed interface Padding {
    /** No zeros. */
    Padding NONE = of(0);

    /** So many zeros on both sides of each axis: one number, or one for each axis. */
    static Padding of(int... zeros) {
        return new Zeros(Spatial.list(zeros));
    }

    /**
     * So many zeros on both sides.
     *
     * @param zeros one number for all axes, or one for each; 0 or more
     */
    record Zeros(List<Integer> zeros) implements Padding {
        /** Refuses negative numbers, and none at all. */
        public Zeros {
            zeros = List.copyOf(zeros);
            if (zeros.isEmpty() || zeros.stream().anyMatch(z -> z < 0)) {
                throw ShapeException.of("padding", "not a number of zeros").operand("zeros", zeros)
                        .expected("0 or more, for all axes or for each");
            }
        }
    }

    /** Padding that follows from the windows. */
    enum Automatic implements Padding {
        /** As many zeros as keep the extents at a stride of 1; where their number is odd, the last is after the image. */
        SAME,
        /** No zeros: each window lies inside the image. */
        VALID
    }
}
