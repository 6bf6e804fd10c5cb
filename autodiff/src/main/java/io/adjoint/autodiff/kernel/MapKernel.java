package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.runtime.Array;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The elementwise loop of an expression: {@code out[i] = expression(inputs[0][i], inputs[1][i], ...)}. A loop is emitted
 * for each combination of {@link Layout}s that turns up, and kept as long as the kernel.
 */
public final class MapKernel {
    private final Expression expression;
    private final ConcurrentHashMap<List<Layout>, Loop> loops = new ConcurrentHashMap<>();

    private MapKernel(Expression expression) {
        this.expression = expression;
    }

    /** The kernel of an expression; callers keep it, since emission costs a thousand calls. */
    public static MapKernel of(Lane expression) {
        return new MapKernel(new Expression(expression));
    }

    /**
     * Computes every element of {@code out}.
     *
     * @param inputs stretched to the shape of {@code out}, of the dtypes that the expression reads them as
     * @param out contiguous, of the expression's dtype; may be the same memory as an input of the same layout
     */
    public void run(Array[] inputs, Array out) {
        assert inputs.length >= expression.arity();
        assert out.dtype() == expression.root().type() && out.isContiguous();
        assert Arrays.stream(inputs).allMatch(input -> input.shape().equals(out.shape()));
        if (out.size() == 0) {
            return;
        }
        Array[] operands = Arrays.copyOf(inputs, inputs.length + 1);
        operands[inputs.length] = out;
        Nest nest = Nest.of(operands);
        nest.run(loop(nest.layouts()), expression.nodes().size());
    }

    /** The loop for inputs that lie like this. */
    Loop loop(Layout... layouts) {
        Loop known = loops.get(Arrays.asList(layouts));
        return known != null ? known
                : loops.computeIfAbsent(List.of(layouts), key -> ScalarLoops.map(expression, layouts));
    }
}
