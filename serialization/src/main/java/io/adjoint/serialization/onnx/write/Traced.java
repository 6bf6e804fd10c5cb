package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Variable;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A graph, and what its parts are called.
 *
 * @param graph the steps
 * @param inputs a name for each input
 * @param outputs a name for each result
 * @param results the numbers of the steps that are results
 * @param paths of variables in their module
 * @param scopes the path of the part of the module that each step was made in; empty for none
 */
record Traced(Graph graph, List<String> inputs, List<String> outputs, List<Integer> results,
        Map<Variable, String> paths, List<String> scopes) {
    /** The steps that results come from. */
    static BitSet needed(Graph graph, List<Integer> results) {
        return needed(graph, results, (_, apply) -> apply.inputs());
    }

    /** The same if steps are computed from other inputs than they name. */
    static BitSet needed(Graph graph, List<Integer> results,
            BiFunction<Integer, Graph.Apply, List<Integer>> inputs) {
        BitSet needed = new BitSet();
        results.forEach(needed::set);
        List<Graph.Step> steps = graph.steps();
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (needed.get(i) && steps.get(i) instanceof Graph.Apply apply) {
                inputs.apply(i, apply).forEach(needed::set);
            }
        }
        return needed;
    }

    Optional<String> pathOf(Variable variable) {
        return Optional.ofNullable(paths.get(variable));
    }

    /** The part that a step belongs to, as names in the file begin. */
    String scope(int step) {
        return scopes.get(step).replace('.', '/');
    }
}
