package io.adjoint.autodiff;

import io.adjoint.autodiff.tape.Node;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The gradients of one scalar by several variables or tensors, in the order in which they were asked for. They belong to
 * the call that made them: a second loss, or another thread, has its own.
 */
public final class Gradients {
    private final List<Node> nodes;
    private final List<Tensor> values;
    private final Map<Node, Tensor> byNode = new IdentityHashMap<>();

    Gradients(List<Node> nodes, List<Tensor> values) {
        this.nodes = nodes;
        this.values = values;
        for (int i = 0; i < nodes.size(); i++) {
            byNode.put(nodes.get(i), values.get(i));
        }
    }

    /**
     * The gradient by a variable, of its shape; zeros if the scalar does not depend on it.
     *
     * @throws IllegalArgumentException if it was not asked for
     */
    public Tensor of(Variable variable) {
        return find(variable.leaf(), variable);
    }

    /**
     * The gradient by a tensor, of its shape; zeros if the scalar does not depend on it.
     *
     * @throws IllegalArgumentException if it was not asked for
     */
    public Tensor of(Tensor tensor) {
        return find(tensor.requireNode("gradients"), tensor.spec());
    }

    /** All gradients, in the order in which they were asked for. */
    public List<Tensor> values() {
        return Collections.unmodifiableList(values);
    }

    private Tensor find(Node node, Object what) {
        Tensor gradient = byNode.get(node);
        if (gradient == null) {
            throw new IllegalArgumentException(
                    "gradients: no gradient by " + what + " was asked for; expected one of the "
                            + nodes.size() + " variables or tensors of the call");
        }
        return gradient;
    }
}
