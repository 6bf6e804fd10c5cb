package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Contraction;
import io.adjoint.autodiff.op.Convolution;
import io.adjoint.autodiff.op.ConvolutionInput;
import io.adjoint.autodiff.op.ConvolutionWeight;
import io.adjoint.autodiff.op.Custom;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.Indexing;
import io.adjoint.autodiff.op.MatrixOp;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.RandomOp;
import io.adjoint.autodiff.op.Reduction;
import io.adjoint.autodiff.op.RowOp;
import io.adjoint.autodiff.op.Scan;
import io.adjoint.autodiff.op.View;
import io.adjoint.autodiff.op.Windowed;
import io.adjoint.autodiff.runtime.Array;
import java.util.List;

/**
 * How much a unit computes and moves.
 *
 * @param flops operations on numbers; products and convolutions are counted exactly, whatever else is by its kind
 * @param read bytes of the elements that it loads, each counted once
 * @param written bytes of the elements that it stores
 */
record Work(long flops, long read, long written) {
    static final Work NONE = new Work(0, 0, 0);

    /** Operations for each element of a row: a maximum, an exponential, a sum and a division, say. */
    private static final int ROW = 4;

    static Work of(Unit unit, Graph graph, Values values) {
        long read = unit.reads().stream().filter(step -> !isNumber(step, graph, values))
                .mapToLong(step -> bytes(graph.steps().get(step).spec())).sum();
        long written = unit.writes().stream().mapToLong(step -> bytes(graph.steps().get(step).spec())).sum();
        return new Work(flops(unit, graph, values), read, written);
    }

    /** Whether it is a constant of one number, which stands in the code of a loop. */
    private static boolean isNumber(int step, Graph graph, Values values) {
        return graph.steps().get(step) instanceof Graph.Constant && values.array(step).size() == 1;
    }

    static long bytes(TensorSpec spec) {
        return (long) spec.shape().size() * spec.dtype().bytes();
    }

    Work plus(Work other) {
        return new Work(flops + other.flops, read + other.read, written + other.written);
    }

    private static long flops(Unit unit, Graph graph, Values values) {
        return switch (unit) {
            case Unit.Fused fused -> (long) Expressions.of(fused, graph, values).kernel().cost()
                    * graph.steps().get(fused.members().getFirst()).spec().shape().size();
            case Unit.Single(int step, List<Integer> reads) -> flops(((Graph.Apply) graph.steps().get(step)).op(),
                    reads.stream().map(read -> graph.steps().get(read).spec().shape()).toList(),
                    graph.steps().get(step).spec().shape());
        };
    }

    private static long flops(Op op, List<Shape> inputs, Shape result) {
        long first = inputs.isEmpty() ? 0 : inputs.getFirst().size();
        return switch (op) {
            case View _, Indexing _ -> 0;
            case Contraction _ -> 2L * result.size() * inner(inputs.getFirst(), result);
            case Convolution _ -> 2 * products(result, inputs.getLast());
            case ConvolutionInput _ -> 2 * products(inputs.getFirst(), inputs.getLast());
            case ConvolutionWeight _ -> 2 * products(inputs.getLast(), result);
            case RowOp _ -> ROW * first;
            case MatrixOp _ -> 2 * first * inputs.getFirst().dim(-1);
            case Elementwise _, RandomOp _, Windowed _, Custom _ -> Math.max(first, result.size());
            case Reduction _, Scan _ -> first;
        };
    }

    /** The extent over which a product of matrices sums, however the first factor is given. */
    private static int inner(Shape left, Shape result) {
        int rows = result.dim(-2);
        return rows == 0 ? 0 : left.dim(-1) * left.dim(-2) / rows;
    }

    /** The multiplications of a convolution with these windows, {@code [batch, filters, places...]}, by these filters. */
    private static long products(Shape windows, Shape filters) {
        return filters.dim(0) == 0 ? 0 : (long) windows.size() * (filters.size() / filters.dim(0));
    }

    /** Whether the operation computes a fresh result each time, which is then moved to where it belongs. */
    static boolean allocates(Op op) {
        try {
            Class<?> home = op.getClass().getMethod("prepare", List.class, Array.class).getDeclaringClass();
            return home == Op.class || home == Custom.class;
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }
}
