package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.View;
import io.adjoint.autodiff.runtime.Array;
import java.util.List;

/**
 * Where the value of each step of a graph lies in terms of others: a view lies in the memory of the step that it looks at,
 * its root; every other value is row-major in memory of its own. The arrays have strides and no elements.
 */
final class Values {
    private final Graph graph;
    private final Array[] arrays;
    private final int[] roots;

    Values(Graph graph) {
        this.graph = graph;
        this.arrays = new Array[graph.steps().size()];
        this.roots = new int[arrays.length];
        for (int i = 0; i < arrays.length; i++) {
            place(i);
        }
    }

    private void place(int i) {
        roots[i] = i;
        switch (graph.steps().get(i)) {
            case Graph.Constant(var value) -> arrays[i] = Arrays.of(value);
            case Graph.Apply(View view, List<Integer> inputs, _, _) when view.isView(arrays[inputs.getFirst()]) -> {
                arrays[i] = view.view(arrays[inputs.getFirst()]);
                roots[i] = roots[inputs.getFirst()];
            }
            case Graph.Step step -> arrays[i] = symbol(step.spec());
        }
    }

    private static Array symbol(TensorSpec spec) {
        return Array.symbolic(spec.dtype(), spec.shape());
    }

    /** How the value lies in the memory of its root. */
    Array array(int step) {
        return arrays[step];
    }

    /** The step whose memory the value lies in, itself if it is no view. */
    int root(int step) {
        return roots[step];
    }

    /** Whether the value is that of its root, element by element. */
    boolean isWhole(int step) {
        return arrays[step].isContiguous() && arrays[step].shape().size() == arrays[roots[step]].shape().size();
    }
}
