package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.Arrays;

/**
 * The two inputs of an operator that broadcasts them. Before opset 7 that is said by the attribute {@code broadcast}, only the
 * right one gives way, and {@code axis} says where its axes lie in the left one: at the end, if it is not given.
 *
 * @param type of both
 * @param left the first input
 * @param right the second one, with axes such that it broadcasts as of opset 7
 */
record Sides(ElementType type, Tensor left, Tensor right) {
    /** Two inputs of one type. */
    static Sides of(Call call) {
        if (call.type(0) != call.type(1)) {
            throw call.refusal("the inputs differ in type").operand("left", call.type(0))
                    .operand("right", call.type(1)).expected("one type");
        }
        return ofAnyTypes(call);
    }

    /** Two inputs, each of its type; the type is that of the first. */
    static Sides ofAnyTypes(Call call) {
        Tensor left = call.tensor(0);
        Tensor right = call.tensor(1);
        return new Sides(call.type(0), left, call.version() < 7 ? aligned(call, left, right) : right);
    }

    /** Both such that their order as I64 is that of their type. */
    Sides ordered() {
        return new Sides(type, Unsigned.ordered(type, left), Unsigned.ordered(type, right));
    }

    /** A result of the type of the inputs. */
    Value typed(Tensor result) {
        return Value.like(type, result);
    }

    private static Tensor aligned(Call call, Tensor left, Tensor right) {
        if (!call.attributes().flag("broadcast")) {
            if (!left.shape().equals(right.shape())) {
                throw call.refusal("the shapes differ").operand("left", left.shape())
                        .operand("right", right.shape()).expected("one shape, or broadcast=1");
            }
            return right;
        }
        if (right.size() == 1 && right.rank() <= left.rank()) {
            return right.reshape(Shape.scalar());
        }
        int given = call.attributes().integer("axis", left.rank() - right.rank());
        int axis = given < 0 ? given + left.rank() : given;
        int[] dims = new int[left.rank()];
        Arrays.fill(dims, 1);
        boolean fits = right.rank() <= left.rank() && axis >= 0 && axis <= left.rank() - right.rank();
        for (int i = 0; fits && i < right.rank(); i++) {
            dims[axis + i] = right.dim(i);
            fits = right.dim(i) == left.dim(axis + i);
        }
        if (!fits) {
            throw call.refusal("the right side is no part of the left one's shape").operand("left", left.shape())
                    .operand("right", right.shape()).operand("axis", given).expected("successive extents of the left");
        }
        return right.reshape(dims);
    }
}
