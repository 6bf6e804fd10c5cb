package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The elementwise loop of an expression: {@code out[i] = expression(inputs[0][i], inputs[1][i], ...)}, or of several that
 * share their inputs. A loop is emitted for each combination of {@link Layout}s that turns up, and kept as long as the kernel.
 */
public final class MapKernel {
    private static final ConcurrentHashMap<String, MapKernel> SHARED = new ConcurrentHashMap<>();

    private final Expression expression;
    private final Simd.Mode mode;
    private final int[] ones;
    private final Layout[] flat;
    private final LoopTable loops = new LoopTable((layouts, _) -> emit(layouts));

    private MapKernel(Expression expression, Simd.Mode mode) {
        this.expression = expression;
        this.mode = mode;
        this.ones = new int[expression.arity() + expression.roots().size()];
        Arrays.fill(ones, 1);
        this.flat = new Layout[expression.arity()];
        Arrays.fill(flat, Layout.UNIT);
    }

    /** The kernel of an expression; callers keep it, since emission costs a thousand calls. */
    public static MapKernel of(Lane expression) {
        return of(expression, Simd.mode());
    }

    /** The kernel of several expressions, each with an output of its own, computed together. */
    public static MapKernel of(List<Lane> expressions) {
        return new MapKernel(new Expression(expressions.toArray(Lane[]::new)), Simd.mode());
    }

    /** As {@link #of(List)}; equal expressions have one kernel, kept for the life of the virtual machine. */
    public static MapKernel shared(List<Lane> expressions) {
        Expression expression = new Expression(expressions.toArray(Lane[]::new));
        return SHARED.computeIfAbsent(expression.key(), _ -> new MapKernel(expression, Simd.mode()));
    }

    static MapKernel of(Lane expression, Simd.Mode mode) {
        return new MapKernel(new Expression(expression), mode);
    }

    /**
     * Computes every element of each of the {@code outs}, one for each expression.
     *
     * @param inputs stretched to the shape of the outputs, of the dtypes that the expressions read them as
     * @param outs contiguous, of the expressions' dtypes; each may be the same memory as an input of the same layout
     */
    public void run(Array[] inputs, Array... outs) {
        assert inputs.length >= expression.arity() && outs.length == expression.roots().size();
        assert outs[0].dtype() == value().type() && Arrays.stream(outs).allMatch(Array::isContiguous);
        assert Arrays.stream(inputs).allMatch(input -> input.shape().equals(outs[0].shape()));
        if (outs[0].size() == 0) {
            return;
        }
        int cost = cost();
        if (outs[0].size() < Pieces.GRAIN / cost && runFlat(inputs, outs)) {
            return;
        }
        Nest nest = nest(inputs, outs);
        nest.run(loop(nest.layouts(expression.arity())), cost);
    }

    /**
     * The same for good: a run computes every element of each of the {@code outs}, one for each expression.
     *
     * @param inputs stretched to the shape of the outputs, of the dtypes that the expressions read them as
     * @param outs of the expressions' dtypes, with an element or more, those of a row next to each other; each may be the same memory as an input of
     *     the same layout
     */
    public Launch prepare(Array[] inputs, Array... outs) {
        assert outs.length == expression.roots().size();
        Nest nest = nest(inputs, outs);
        return nest.prepare(loop(nest.layouts(expression.arity())), cost());
    }

    /**
     * {@link #prepare} for matrices of which only the rows have to lie in one piece each.
     *
     * @param inputs {@code [rows, columns]}, stretched to the shape of the outputs
     * @param outs {@code [rows, columns]}, with an element or more
     */
    public Launch prepareMatrix(Array[] inputs, Array... outs) {
        if (Arrays.stream(outs).allMatch(Array::isContiguous)) {
            return prepare(inputs, outs);
        }
        Array[] operands = operands(inputs, outs);
        int[] columnStrides = Arrays.stream(operands).mapToInt(x -> x.stride(1)).toArray();
        Array[] rows = Arrays.stream(operands)
                .map(x -> x.view(Shape.of(x.shape().dim(0)), new int[] {x.stride(0)}, x.offset()))
                .toArray(Array[]::new);
        Nest nest = Nest.around(outs[0].shape().dim(1), columnStrides, rows);
        return nest.prepare(loop(nest.layouts(expression.arity())), cost());
    }

    private Nest nest(Array[] inputs, Array... outs) {
        return Nest.of(operands(inputs, outs));
    }

    private Array[] operands(Array[] inputs, Array... outs) {
        Array[] operands = Arrays.copyOf(inputs, expression.arity() + outs.length);
        System.arraycopy(outs, 0, operands, expression.arity(), outs.length);
        return operands;
    }

    /**
     * How the inputs lie along the columns, if the loop over them can be one of those that {@link #prepareAll} runs together: if
     * they are flat or come to matrices, and rows are read along.
     *
     * @param inputs stretched to the shape of the outputs; they need no elements, only strides
     * @param outs with room for two elements or more
     */
    public Optional<List<Layout>> layouts(Array[] inputs, Array... outs) {
        Nest nest = nest(inputs, outs);
        List<Layout> all = List.of(nest.layouts(expression.arity() + outs.length));
        return nest.isMatrix() && !all.contains(Layout.STRIDED) ? Optional.of(all.subList(0, expression.arity()))
                : Optional.empty();
    }

    /**
     * {@link #prepare} for many sets of inputs and outputs at once. All that have two elements or more are of the same {@link #layouts}.
     *
     * @param inputs of each set
     * @param outs of each set, none of them the memory of another set's inputs
     */
    public Launch prepareAll(List<Array[]> inputs, List<Array[]> outs) {
        List<Nest> sets = new ArrayList<>();
        for (int s = 0; s < inputs.size(); s++) {
            sets.add(nest(inputs.get(s), outs.get(s)));
        }
        // not that of one element, which lies in any way
        Nest widest = sets.stream().max(Comparator.comparingInt(Nest::columns)).orElseThrow();
        Layout[] layouts = widest.layouts(expression.arity());
        assert sets.stream().allMatch(
                set -> set.isMatrix()
                        && (set.columns() == 1 || Arrays.equals(set.layouts(expression.arity()), layouts)));
        return Segments.prepare(loop(layouts), sets, cost());
    }

    /** Whether there is a SIMD loop for it where there are vectors at all. */
    public boolean isVectorised() {
        return VectorEmitter.handles(expression);
    }

    /** Whether it only adds, subtracts and multiplies: what processors do as fast as they read. */
    boolean isSumOrProduct() {
        return expression.nodes().stream().allMatch(node -> Expression.isLeaf(node)
                || node instanceof Lane.Binary(Lane.BinaryOp op, _, _)
                        && (op == Lane.BinaryOp.ADD || op == Lane.BinaryOp.SUB || op == Lane.BinaryOp.MUL));
    }

    /** The {@link #cost} of the kernel of several expressions. */
    public static int cost(List<Lane> expressions) {
        return new Expression(expressions.toArray(Lane[]::new)).nodes().size();
    }

    /** Operations on one element, roughly. */
    public int cost() {
        return expression.nodes().size();
    }

    /** What {@link Nest} comes to for most small calls, whose time it would be a large part of; whether this is one. */
    private boolean runFlat(Array[] inputs, Array... outs) {
        int arity = expression.arity();
        Layout[] layouts = flat;
        int[] strides = ones;
        for (int k = 0; k < arity; k++) {
            if (isOneElement(inputs[k])) {
                if (layouts == flat) {
                    layouts = flat.clone();
                    strides = ones.clone();
                }
                layouts[k] = Layout.SPLAT;
                strides[k] = 0;
            } else if (!inputs[k].isContiguous()) {
                return false;
            }
        }
        Object[] arrays = new Object[arity + outs.length];
        int[] offsets = new int[arrays.length];
        for (int k = 0; k < arity; k++) {
            arrays[k] = inputs[k].data();
            offsets[k] = inputs[k].offset();
        }
        for (int r = 0; r < outs.length; r++) {
            arrays[arity + r] = outs[r].data();
            offsets[arity + r] = outs[r].offset();
        }
        loop(layouts).run(arrays, offsets, ones, strides, 1, outs[0].size());
        return true;
    }

    /** Whether several positions all show one element. */
    private static boolean isOneElement(Array input) {
        if (input.size() == 1) {
            return false;
        }
        for (int axis = 0; axis < input.shape().rank(); axis++) {
            if (input.stride(axis) != 0 && input.shape().dim(axis) != 1) {
                return false;
            }
        }
        return true;
    }

    /** The loop for inputs that lie like this. */
    Loop loop(Layout... layouts) {
        return loops.get(layouts);
    }

    /** The kernel of another expression. */
    MapKernel with(Lane other) {
        return of(other, mode);
    }

    /** What it computes, of several expressions the first. */
    Lane value() {
        return expression.roots().getFirst();
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
        expression.roots().forEach(root -> types.add(root.type()));
        TieredLoop tiered = new TieredLoop(scalar, () -> SimdLoops.map(expression, layouts),
                SimdLoops.lanes(expression), new Rehearsal(types, layouts, expression.nodes().size()));
        return mode == Simd.Mode.EAGER ? tiered.eager() : tiered;
    }
}
