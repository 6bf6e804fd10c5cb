package io.adjoint.autodiff.check;

import io.adjoint.autodiff.check.GradientCheck.Mode;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Vectors along which a quantity is differentiated, or by which its terms are weighted. */
final class Directions {
    private Directions() {}

    static List<double[]> of(Mode mode, int size, Random random) {
        return switch (mode) {
            case DIRECTION -> List.of(random(size, random));
            case JACOBIAN -> IntStream.range(0, size).mapToObj(i -> unit(size, i)).toList();
        };
    }

    /** Elements of either sign, none so small that an error in its place would not show. */
    static double[] random(int size, Random random) {
        double[] direction = new double[size];
        for (int i = 0; i < size; i++) {
            direction[i] = random.nextDouble(0.5, 1) * (random.nextBoolean() ? 1 : -1);
        }
        return direction;
    }

    private static double[] unit(int size, int i) {
        double[] direction = new double[size];
        direction[i] = 1;
        return direction;
    }
}
