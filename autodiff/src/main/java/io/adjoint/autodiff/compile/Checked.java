package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.op.ResolveIndex;
import io.adjoint.autodiff.op.View;

/** What is known of numbers before a graph runs. */
final class Checked {
    private Checked() {}

    /** Whether a step rearranges numbers that were refused unless they are in {@code [0, extent)}. */
    static boolean isIndex(Graph graph, int step, int extent) {
        int at = step;
        while (graph.steps().get(at) instanceof Graph.Apply apply && apply.op() instanceof View) {
            at = apply.inputs().getFirst();
        }
        return graph.steps().get(at) instanceof Graph.Apply apply && apply.op() instanceof ResolveIndex index
                && index.extent() <= extent;
    }
}
