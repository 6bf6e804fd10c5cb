package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.ReduceKernel;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.tape.Internals;
import java.util.List;

/** What the reductions share: shapes with and without the axes, checks of dtypes, the way to the kernels. */
final class Reducing {
    private Reducing() {}

    /** The shape without the axes. */
    static Shape dropped(Shape shape, List<Integer> axes) {
        int[] dims = new int[shape.rank() - axes.size()];
        int next = 0;
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (!axes.contains(axis)) {
                dims[next++] = shape.dim(axis);
            }
        }
        return Shape.of(dims);
    }

    /** The shape with the axes of extent 1, which a reduced tensor is reshaped to before it is stretched back. */
    static Shape kept(Shape shape, List<Integer> axes) {
        int[] dims = shape.dims();
        axes.forEach(axis -> dims[axis] = 1);
        return Shape.of(dims);
    }

    /** A reduced tensor stretched back over the axes to the shape it was reduced from. */
    static Tensor restore(Tensor reduced, Shape original, List<Integer> axes) {
        return reduced.reshape(kept(original, axes)).expand(original);
    }

    /** Refuses axes of extent 0, over which a reduction without a neutral element has no value. */
    static void requireNonEmpty(String operation, Shape shape, List<Integer> axes) {
        AxisRules.requireAscending(operation, shape, axes);
        for (int axis : axes) {
            if (shape.dim(axis) == 0) {
                throw ShapeException.of(operation, "no elements to choose from")
                        .operand("input", shape)
                        .operand("axis", axis)
                        .expected("an extent of 1 or more along the reduced axes");
            }
        }
    }

    /** Refuses dtypes without an order of numbers. */
    static void requireNumber(String operation, DType dtype) {
        if (dtype == DType.BOOL) {
            throw ShapeException.of(operation, "not a number").operand("input", dtype)
                    .expected("an integer or float; cast BOOL first");
        }
    }

    /** Refuses all dtypes but F32 and F64. */
    static void requireFloat(String operation, DType dtype) {
        if (!dtype.isFloat()) {
            throw ShapeException.of(operation, "not a float").operand("input", dtype)
                    .expected("F32 or F64; cast the input first");
        }
    }

    /** Refuses all dtypes but BOOL. */
    static void requireBoolean(String operation, DType dtype) {
        if (dtype != DType.BOOL) {
            throw ShapeException.of(operation, "not a boolean").operand("input", dtype)
                    .expected("BOOL, as a comparison gives");
        }
    }

    /** Runs a kernel over the axes. */
    static Tensor reduce(ReduceKernel.Combine combine, Tensor x, List<Integer> axes) {
        Array in = Internals.array(x);
        Array out = Array.uninitialized(in.dtype(), dropped(in.shape(), axes));
        prepare(combine, in, axes, out).run();
        return Internals.tensor(out);
    }

    /** Binds a kernel over the axes. */
    static Launch prepare(ReduceKernel.Combine combine, Array in, List<Integer> axes, Array out) {
        return ReduceKernel.prepare(combine, in, axes.stream().mapToInt(Integer::intValue).toArray(), out);
    }

    /** The spec of the result where the dtype stays. */
    static TensorSpec inferSame(String operation, TensorSpec input, List<Integer> axes) {
        AxisRules.requireAscending(operation, input.shape(), axes);
        return new TensorSpec(input.dtype(), dropped(input.shape(), axes));
    }

    /** The place of the chosen element along an axis. */
    static Tensor arg(ReduceKernel.ArgCombine which, Tensor x, int axis) {
        Array in = Internals.array(x);
        Array out = Array.uninitialized(DType.I64, dropped(in.shape(), List.of(axis)));
        ReduceKernel.prepareArg(which, in, axis, out).run();
        return Internals.tensor(out);
    }

    /** The gradient of a maximum or minimum: shared evenly among the elements that equal the result. */
    static Tensor evenly(Gradient.Context v, List<Integer> axes) {
        if (axes.isEmpty()) {
            return v.cotangent();
        }
        Shape kept = kept(v.inputSpec(0).shape(), axes);
        Tensor chosen = v.input(0).eq(v.output().reshape(kept)).cast(v.inputSpec(0).dtype());
        Tensor count = chosen.sum(Axes.keep(axes.stream().mapToInt(Integer::intValue).toArray()));
        return v.cotangent().reshape(kept).mul(chosen).div(count);
    }
}
