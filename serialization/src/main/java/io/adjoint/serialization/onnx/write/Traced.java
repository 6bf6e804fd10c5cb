package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Variable;
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
 * @param scopes the path of the part of the module that each step was made in; empty for none
 */
record Traced(Graph graph, List<String> inputs, List<String> outputs, List<Integer> results,
        Map<Variable, String> paths, List<String> scopes) {
    Optional<String> pathOf(Variable variable) {
        return Optional.ofNullable(paths.get(variable));
    }

    /** The part that a step belongs to, as names in the file begin. */
    String scope(int step) {
        return scopes.get(step).replace('.', '/');
    }
}
