package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import java.util.List;

/** What an operation asks of the axes among its attributes: they are resolved, so none counts from the innermost. */
final class AxisRules {
    private AxisRules() {}

    static void require(String operation, Shape shape, int axis) {
        if (axis < 0 || axis >= shape.rank()) {
            throw ShapeException.of(operation, "axis out of range").operand("axis", axis).operand("input", shape)
                    .expected(shape.rank() == 0 ? "no axis: the input is a scalar" : "0 to " + (shape.rank() - 1));
        }
    }

    static void requireAscending(String operation, Shape shape, List<Integer> axes) {
        int least = 0;
        for (int axis : axes) {
            require(operation, shape, axis);
            if (axis < least) {
                throw ShapeException.of(operation, "axes out of order").operand("axes", axes)
                        .operand("input", shape).expected("each axis at most once, ascending");
            }
            least = axis + 1;
        }
    }

    /** How many axes can be cut where a row operation runs along one; none where its rows must be copied first. */
    static int separable(int axis, Shape shape) {
        return axis == shape.rank() - 1 ? axis : 0;
    }
}
