package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.MatMul;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.Permute;
import io.adjoint.autodiff.op.Reshape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Values that are best not row-major: what is only read through a permutation that is reshaped, as the heads of attention are
 * before they stand side by side, is written in the order of the permutation, and the reshape need not copy.
 */
final class Layouts {
    private final Graph graph;
    private final List<List<Integer>> users;

    Layouts(Graph graph) {
        this.graph = graph;
        this.users = IntStream.range(0, graph.steps().size()).mapToObj(_ -> (List<Integer>) new ArrayList<Integer>())
                .toList();
        for (int i = 0; i < users.size(); i++) {
            if (graph.steps().get(i) instanceof Graph.Apply apply) {
                for (int input : apply.inputs()) {
                    users.get(input).add(i);
                }
            }
        }
        graph.outputs().forEach(output -> users.get(output).add(output)); // read as it is
        graph.updates().forEach(update -> users.get(update.step()).add(update.step()));
    }

    /** The order in which the axes of a step's value are to lie in memory, empty for the usual one. */
    Optional<int[]> of(int step) {
        if (users.get(step).size() != 1 || !mayBeArranged(step)) {
            return Optional.empty();
        }
        int user = users.get(step).getFirst();
        if (!(op(user).orElse(null) instanceof Permute(List<Integer> order)) || order.getLast() != order.size() - 1
                || users.get(user).isEmpty()
                || !users.get(user).stream().allMatch(reader -> op(reader).orElse(null) instanceof Reshape)) {
            return Optional.empty();
        }
        return Optional.of(order.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Whether the operation can write like that: there are neighbours along the last axis, and they stay neighbours. */
    private boolean mayBeArranged(int step) {
        TensorSpec spec = graph.steps().get(step).spec();
        return spec.dtype().isFloat() && spec.shape().rank() > 0 && spec.shape().dim(-1) > 1
                && op(step).filter(op -> op instanceof Elementwise || op instanceof MatMul).isPresent();
    }

    private Optional<Op> op(int step) {
        return graph.steps().get(step) instanceof Graph.Apply apply ? Optional.of(apply.op()) : Optional.empty();
    }
}
