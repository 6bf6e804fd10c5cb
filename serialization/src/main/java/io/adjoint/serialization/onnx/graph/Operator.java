package io.adjoint.serialization.onnx.graph;

import java.util.List;

/** What a node computes. */
@FunctionalInterface
public interface Operator {
    /**
     * The outputs of a node, as many as the operator has or as the node asks for.
     *
     * @throws io.adjoint.autodiff.ShapeException if inputs or attributes do not fit
     */
    List<Value> apply(Call call);
}
