package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.View;
import io.adjoint.autodiff.runtime.Array;
import java.util.List;

/**
 * Where the value of each step of a graph lies in terms of others: a view lies in the memory of the step that it looks at,
 * its root; every other value has memory of its own, row-major in most cases (see {@link Layouts}), or lies where it is a part
 * of another one (see {@link Homes}). The arrays have strides and no elements.
 */
final class Values {
    private final Graph graph;
    private final Array[] arrays;
    private final int[] roots;
    private final Users users;
    private final Layouts layouts;
    private final Homes homes;

    Values(Graph graph) {
        this.graph = graph;
        this.users = new Users(graph);
        this.layouts = new Layouts(graph, users);
        this.homes = new Homes(graph, users);
        this.arrays = new Array[graph.steps().size()];
        this.roots = new int[arrays.length];
        for (int i = 0; i < arrays.length; i++) {
            place(i);
        }
    }

    private void place(int i) {
        roots[i] = i;
        switch (graph.steps().get(i)) {
            case Graph.Constant(var value) -> arrays[i] = Constants.of(value);
            case Graph.Apply(View view, List<Integer> inputs, _, _) when view.isView(arrays[inputs.getFirst()]) -> {
                arrays[i] = view.view(arrays[inputs.getFirst()]);
                roots[i] = roots[inputs.getFirst()];
            }
            case Graph.Step step -> arrays[i] = homes.of(i).map(Homes.Home::array)
                    .or(() -> layouts.of(i).map(order -> arranged(step.spec(), order)))
                    .orElseGet(() -> symbol(step.spec()));
        }
    }

    /** Memory in which the axes lie in this order. */
    private static Array arranged(TensorSpec spec, int[] order) {
        int[] inverse = new int[order.length];
        int[] dims = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[order[i]] = i;
            dims[i] = spec.shape().dim(order[i]);
        }
        return Array.symbolic(spec.dtype(), Shape.of(dims)).permute(inverse);
    }

    private static Array symbol(TensorSpec spec) {
        return Array.symbolic(spec.dtype(), spec.shape());
    }

    /** Who reads each value. */
    Users users() {
        return users;
    }

    /** How the value lies in the memory of its {@link #whole}. */
    Array array(int step) {
        return arrays[step];
    }

    /** The step that computes the value or has it, itself if it is no view. */
    int root(int step) {
        return roots[step];
    }

    /** The step whose memory the value lies in: its root, if that is no part of another value. */
    int whole(int step) {
        return homes.of(roots[step]).map(Homes.Home::whole).orElse(roots[step]);
    }

    /** Whether the value is that of its root, element by element. */
    boolean isWhole(int step) {
        return arrays[step].isContiguous() && arrays[step].shape().size() == arrays[roots[step]].shape().size();
    }
}
