package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Variable;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A graph, and what its parts are called.
 *
 * @param graph the steps
 * @param inputs a name for each input
 * @param outputs a name for each result
 * @param results the numbers of the steps that are results
 * @param paths of variables in their module
 * @param scopes of the parts of the module, in the order in which they returned
 */
record Traced(Graph graph, List<String> inputs, List<String> outputs, List<Integer> results,
        Map<Variable, String> paths, List<Scope> scopes) {
    /** A part of the module, and the number of the step that it returned. */
    record Scope(String path, int step) {}

    /** The steps that results come from. */
    static BitSet needed(Graph graph, List<Integer> results) {
        BitSet needed = new BitSet();
        results.forEach(needed::set);
        List<Graph.Step> steps = graph.steps();
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (needed.get(i) && steps.get(i) instanceof Graph.Apply apply) {
                apply.inputs().forEach(needed::set);
            }
        }
        return needed;
    }

    Optional<String> pathOf(Variable variable) {
        return Optional.ofNullable(paths.get(variable));
    }

    /** The part that a step belongs to: the first one that returned this step or a later one. */
    String scope(int step) {
        String path = "";
        int nearest = Integer.MAX_VALUE;
        for (Scope scope : scopes) {
            if (scope.step() >= step && scope.step() < nearest) {
                path = scope.path();
                nearest = scope.step();
            }
        }
        return path.replace('.', '/');
    }
}
