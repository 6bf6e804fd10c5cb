package io.adjoint.nn.spatial;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.function.Rounding;
import io.adjoint.autodiff.function.Window;
import java.util.List;

/** What layers of windows refuse. */
final class Pools {
    private Pools() {}

    static void requirePadding(String layer, Window window) {
        for (int axis = 0; axis < window.axes(); axis++) {
            if (window.padding().get(axis) > window.size().get(axis) / 2) {
                throw ShapeException.of(layer, "too much padding").operand("size", window.size())
                        .operand("padding", window.padding()).expected("at most half of the window");
            }
        }
    }

    static void requireFloor(String layer, Window window) {
        if (window.rounding() != Rounding.FLOOR) {
            throw ShapeException.of(layer, "rounding up").operand("rounding", window.rounding())
                    .expected(Rounding.FLOOR.toString());
        }
    }

    static void requireExtents(String layer, List<Integer> extents, int least) {
        if (extents.isEmpty() || extents.stream().anyMatch(extent -> extent < least)) {
            throw ShapeException.of(layer, "no such extents").operand("extents", extents)
                    .expected("a number of " + least + " or more for each spatial axis");
        }
    }
}
