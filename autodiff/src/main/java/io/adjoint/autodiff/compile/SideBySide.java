package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.op.Binary;
import io.adjoint.autodiff.op.Concat;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.SliceAdd;
import io.adjoint.autodiff.op.View;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What grows of slices that do not overlap, as the cotangent of a tensor that was taken apart does, becomes a concatenation of
 * these slices. What is added to zeros is {@code x + 0}, which a step of its own computes, unless it is x itself: the bits are the
 * same. So whoever makes a slice can write it where it belongs ({@link Homes}).
 */
final class SideBySide {
    private final Graph graph;
    private final Map<Integer, Grown> grown;
    private final List<Graph.Step> steps = new ArrayList<>();
    private final int[] numbers;
    /** Whether no element of the step can be -0. */
    private final List<Boolean> unsigned = new ArrayList<>();
    private final Map<DType, Integer> zeros = new EnumMap<>(DType.class);

    private SideBySide(Graph graph, Map<Integer, Grown> grown) {
        this.graph = graph;
        this.grown = grown;
        this.numbers = new int[graph.steps().size()];
    }

    static Graph of(Graph graph) {
        Map<Integer, Grown> grown = Grown.of(graph, new Users(graph));
        return grown.isEmpty() ? graph : new SideBySide(graph, grown).rewritten();
    }

    private Graph rewritten() {
        for (int i = 0; i < numbers.length; i++) {
            Grown whole = grown.get(i);
            numbers[i] = whole == null ? kept(graph.steps().get(i))
                    : part(i, (Graph.Apply) graph.steps().get(i), whole);
        }
        return new Graph(steps, graph.outputs().stream().map(output -> numbers[output]).toList(),
                graph.updates().stream().map(update -> new Graph.Update(update.variable(), numbers[update.step()]))
                        .toList());
    }

    private int kept(Graph.Step step) {
        if (!(step instanceof Graph.Apply apply)) {
            return add(step, false);
        }
        List<Integer> inputs = new ArrayList<>(apply.inputs().size());
        for (int input : apply.inputs()) {
            inputs.add(numbers[input]);
        }
        return isPlusZero(apply.op(), inputs) && unsigned.get(inputs.getFirst())
                && spec(inputs.getFirst()).equals(apply.spec())
                        ? inputs.getFirst()
                        : add(apply, inputs);
    }

    private int add(Graph.Apply apply, List<Integer> inputs) {
        boolean isUnsigned = switch (apply.op()) {
            case Concat _, View _ -> {
                for (int input : inputs) {
                    if (!unsigned.get(input)) {
                        yield false;
                    }
                }
                yield true;
            }
            default -> isPlusZero(apply.op(), inputs); // -0 + 0 is 0
        };
        return add(new Graph.Apply(apply.op(), inputs, apply.spec(), apply.place()), isUnsigned);
    }

    private int add(Graph.Step step, boolean isUnsigned) {
        steps.add(step);
        unsigned.add(isUnsigned || !step.spec().dtype().isFloat());
        return steps.size() - 1;
    }

    private boolean isPlusZero(Op op, List<Integer> inputs) {
        return op == Binary.ADD && steps.get(inputs.getLast()) instanceof Graph.Constant(Tensor value)
                && value.size() > 0
                && Constants.number(Constants.of(value)).equals(Optional.of(Lane.constant(value.dtype(), 0.0)));
    }

    private TensorSpec spec(int step) {
        return steps.get(step).spec();
    }

    /** What a step adds to zeros, or the whole if it is the last one: nobody reads what lies in between. */
    private int part(int step, Graph.Apply apply, Grown whole) {
        int added = numbers[apply.inputs().getLast()];
        if (apply.op() instanceof SliceAdd && !unsigned.get(added)) {
            added = add(new Graph.Apply(Binary.ADD, List.of(added, zero(spec(added).dtype())), spec(added),
                    apply.place()), true);
        }
        numbers[step] = added;
        return step == whole.last() ? concat(apply, whole) : added;
    }

    private int concat(Graph.Apply last, Grown whole) {
        List<Integer> inputs = new ArrayList<>();
        int end = 0;
        for (Grown.Part part : whole.parts()) {
            addZeros(inputs, last.spec(), whole.axis(), part.start() - end);
            inputs.add(numbers[part.step()]);
            end = part.stop();
        }
        addZeros(inputs, last.spec(), whole.axis(), last.spec().shape().dim(whole.axis()) - end);
        return add(new Graph.Apply(new Concat(whole.axis()), inputs, last.spec(), last.place()), inputs);
    }

    private void addZeros(List<Integer> inputs, TensorSpec whole, int axis, int extent) {
        if (extent > 0) {
            inputs.add(addZeros(new TensorSpec(whole.dtype(), whole.shape().with(axis, extent))));
        }
    }

    private int zero(DType dtype) {
        return zeros.computeIfAbsent(dtype, _ -> addZeros(new TensorSpec(dtype, Shape.scalar())));
    }

    private int addZeros(TensorSpec spec) {
        Tensor value = Tensor.full(spec.shape(), spec.dtype(), 0); // one number, stretched
        Constants.of(value).expose(); // the graph keeps it
        return add(new Graph.Constant(value), true);
    }
}
