package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Concat;
import io.adjoint.autodiff.op.Contraction;
import io.adjoint.autodiff.op.Custom;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.Growing;
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
import java.util.stream.IntStream;

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
        long there = inPlace(unit, graph, values).stream().mapToLong(step -> bytes(graph.steps().get(step).spec()))
                .sum();
        return new Work(flops(unit, graph, values), read - there, written - there);
    }

    /** What a unit reads that lies where it belongs in the result already. */
    static List<Integer> inPlace(Unit unit, Graph graph, Values values) {
        if (!(unit instanceof Unit.Single(int step, List<Integer> reads)
                && ((Graph.Apply) graph.steps().get(step)).op() instanceof Concat concat)) {
            return List.of();
        }
        List<Array> parts =
                concat.parts(reads.stream().map(read -> values.array(read).shape()).toList(), values.array(step));
        return IntStream.range(0, parts.size()).filter(i -> values.array(reads.get(i)).isSameView(parts.get(i)))
                .mapToObj(reads::get).toList();
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
            case Unit.Finished _, Unit.Strip _, Unit.Gathered _ ->
                unit.parts().stream().mapToLong(part -> flops(part, graph, values)).sum();
            case Unit.Single _, Unit.Yield _, Unit.Sum _ -> unit.members().stream().mapToLong(step -> flops(step, graph)).sum();
        };
    }

    private static long flops(int step, Graph graph) {
        Graph.Apply apply = (Graph.Apply) graph.steps().get(step);
        return flops(apply.op(), apply.inputs().stream().map(input -> graph.steps().get(input).spec()).toList(),
                apply.spec().shape());
    }

    private static long flops(Op op, List<TensorSpec> inputs, Shape result) {
        long first = inputs.isEmpty() ? 0 : inputs.getFirst().shape().size();
        long products = op.multiplyAdds(inputs);
        return products > 0 ? 2 * products + (op instanceof Growing ? result.size() : 0) : switch (op) {
            case View _, Indexing _, Growing _, Contraction _ -> 0;
            case RowOp _ -> ROW * first;
            case MatrixOp _ -> 2 * first * inputs.getFirst().shape().dim(-1);
            case Elementwise _, RandomOp _, Windowed _, Custom _ -> Math.max(first, result.size());
            case Reduction _, Scan _ -> first;
        };
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
