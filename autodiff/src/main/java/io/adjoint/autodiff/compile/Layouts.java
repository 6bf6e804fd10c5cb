package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.MatMul;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.Permute;
import io.adjoint.autodiff.op.Reshape;
import java.util.List;
import java.util.Optional;

/**
 * Values that are best not row-major: what is only read through a permutation that is reshaped, as the heads of attention are
 * before they stand side by side, is written in the order of the permutation, and the reshape need not copy.
 */
final class Layouts {
    private final Graph graph;
    private final Users users;

    Layouts(Graph graph, Users users) {
        this.graph = graph;
        this.users = users;
    }

    /** The order in which the axes of a step's value are to lie in memory, empty for the usual one. */
    Optional<int[]> of(int step) {
        if (!users.isReadOnce(step) || !mayBeArranged(step)) {
            return Optional.empty();
        }
        int user = users.of(step).getFirst();
        if (!(op(user) instanceof Permute(List<Integer> order)) || order.getLast() != order.size() - 1
                || users.isKept(user) || users.of(user).isEmpty()
                || !users.of(user).stream().allMatch(reader -> op(reader) instanceof Reshape)) {
            return Optional.empty();
        }
        return Optional.of(order.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Whether the operation can write like that: there are neighbours along the last axis, and they stay neighbours. */
    private boolean mayBeArranged(int step) {
        TensorSpec spec = graph.steps().get(step).spec();
        return spec.dtype().isFloat() && spec.shape().rank() > 0 && spec.shape().dim(-1) > 1
                && (op(step) instanceof Elementwise || op(step) instanceof MatMul);
    }

    /** The operation of a step, null if it is none. */
    private Op op(int step) {
        return graph.steps().get(step) instanceof Graph.Apply apply ? apply.op() : null;
    }
}
