package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.runtime.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The elementwise loop of an expression: {@code out[i] = expression(inputs[0][i], inputs[1][i], ...)}. A loop is emitted
 * for each combination of {@link Layout}s that turns up, and kept as long as the kernel.
 */
public final class MapKernel {
    private final Expression expression;
    private final Simd.Mode mode;
    private final ConcurrentHashMap<List<Layout>, Loop> loops = new ConcurrentHashMap<>();

    private MapKernel(Expression expression, Simd.Mode mode) {
        this.expression = expression;
        this.mode = mode;
    }

    /** The kernel of an expression; callers keep it, since emission costs a thousand calls. */
    public static MapKernel of(Lane expression) {
        return of(expression, Simd.mode());
    }

    static MapKernel of(Lane expression, Simd.Mode mode) {
        return new MapKernel(new Expression(expression), mode);
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
        return known != null ? known : loops.computeIfAbsent(List.of(layouts), this::emit);
    }

    private Loop emit(List<Layout> layouts) {
        Loop scalar = ScalarLoops.map(expression, layouts);
        if (mode == Simd.Mode.OFF || !SimdLoops.handlesMap(expression, layouts)) {
            return scalar;
        }
        List<DType> types = new ArrayList<>();
        for (int i = 0; i < layouts.size(); i++) {
            types.add(expression.inputs().getOrDefault(i, DType.BOOL));
        }
        types.add(expression.root().type());
        TieredLoop tiered = new TieredLoop(scalar, () -> SimdLoops.map(expression, layouts),
                SimdLoops.lanes(expression), new Rehearsal(types, layouts, expression.nodes().size()));
        return mode == Simd.Mode.EAGER ? tiered.eager() : tiered;
    }
}
