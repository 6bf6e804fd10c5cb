package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.All;
import io.adjoint.autodiff.op.Any;
import io.adjoint.autodiff.op.ArgMax;
import io.adjoint.autodiff.op.ArgMin;
import io.adjoint.autodiff.op.Max;
import io.adjoint.autodiff.op.Min;
import io.adjoint.autodiff.op.Prod;
import io.adjoint.autodiff.op.Reduction;
import io.adjoint.autodiff.op.Sum;
import java.util.List;

/** Reductions. */
final class ReductionLowering {
    private final Emitter nodes;

    ReductionLowering(Emitter nodes) {
        this.nodes = nodes;
    }

    Term lower(Reduction op, Term x, TensorSpec spec) {
        return switch (op) {
            case Sum(List<Integer> axes) -> reduce("ReduceSum", x, axes, spec);
            case Prod(List<Integer> axes) -> reduce("ReduceProd", x, axes, spec);
            case Max(List<Integer> axes) -> reduce("ReduceMax", x, axes, spec);
            case Min(List<Integer> axes) -> reduce("ReduceMin", x, axes, spec);
            case Any(List<Integer> axes) -> {
                Term count = count(x, axes, spec);
                yield nodes.node("Greater", spec, List.of(count, nodes.number(0, DType.I64)));
            }
            case All(List<Integer> axes) -> {
                Term count = count(nodes.node("Not", x.spec(), List.of(x)), axes, spec);
                yield nodes.node("Equal", spec, List.of(count, nodes.number(0, DType.I64)));
            }
            case ArgMax(int axis) -> arg("ArgMax", x, axis, spec);
            case ArgMin(int axis) -> arg("ArgMin", x, axis, spec);
        };
    }

    /** Without axes an operator would reduce all of them. */
    private Term reduce(String operator, Term x, List<Integer> axes, TensorSpec spec) {
        return axes.isEmpty() ? x
                : nodes.node(operator, spec, List.of(x, nodes.integers(axes)), Attribute.of("keepdims", 0));
    }

    private Term count(Term isTrue, List<Integer> axes, TensorSpec spec) {
        return reduce("ReduceSum", nodes.cast(isTrue, DType.I64), axes, new TensorSpec(DType.I64, spec.shape()));
    }

    /** ONNX Runtime searches wide integers only if it may sort them; of equal ones it puts the first one first. */
    private Term arg(String operator, Term x, int axis, TensorSpec spec) {
        if (x.dtype() == DType.I64) {
            List<TensorSpec> found =
                    List.of(new TensorSpec(x.dtype(), x.shape().with(axis, 1)),
                            new TensorSpec(DType.I64, x.shape().with(axis, 1)));
            Term place = nodes.nodes("TopK", found, List.of(x, nodes.integers(1)), Attribute.of("axis", axis),
                    Attribute.of("largest", operator.equals("ArgMax") ? 1 : 0)).getLast();
            return nodes.reshape(place, spec.shape());
        }
        return nodes.node(operator, spec, List.of(x), Attribute.of("axis", axis), Attribute.of("keepdims", 0));
    }
}
