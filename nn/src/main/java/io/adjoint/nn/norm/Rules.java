package io.adjoint.nn.norm;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;

/** What layers that normalise refuse. */
final class Rules {
    private Rules() {}

    static void requirePlaces(String layer, int places) {
        if (places < 1 || places > 3) {
            throw ShapeException.of(layer, "not a number of axes").operand("places", places).expected("1 to 3");
        }
    }

    static void requireEpsilon(String layer, double epsilon) {
        if (!Double.isFinite(epsilon)) {
            throw ShapeException.of(layer, "not an epsilon").operand("epsilon", epsilon).expected("a finite number");
        }
    }

    static void requireMomentum(String layer, double momentum) {
        if (!Double.isFinite(momentum)) {
            throw ShapeException.of(layer, "not a momentum").operand("momentum", momentum).expected("a finite number");
        }
    }

    /** Refuses extents of no axes. */
    static void requireAxes(String layer, Shape extents) {
        if (extents.rank() == 0) {
            throw ShapeException.of(layer, "no axes to normalise").operand("extents", extents)
                    .expected("the extents of one axis or more");
        }
    }

    /** An input of so many channels and axes of places, as it is written in a refusal. */
    static String input(int channels, int places) {
        return channels + switch (places) {
            case 1 -> ", length]";
            case 2 -> ", height, width]";
            default -> ", depth, height, width]";
        };
    }
}
