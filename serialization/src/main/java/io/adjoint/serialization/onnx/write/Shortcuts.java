package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.op.Expand;
import io.adjoint.autodiff.op.Gather;
import io.adjoint.autodiff.op.MaxPlaces;
import io.adjoint.autodiff.op.Reshape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Finds in a graph what is more than one step here and one operator in ONNX. */
final class Shortcuts {
    private final List<Graph.Step> steps;
    private final Map<Integer, Integer> uses = new HashMap<>();

    private Shortcuts(List<Graph.Step> steps, List<Integer> results) {
        this.steps = steps;
        List<Integer> all = new ArrayList<>(results);
        steps.forEach(step -> {
            if (step instanceof Graph.Apply apply) {
                all.addAll(apply.inputs());
            }
        });
        all.forEach(step -> uses.merge(step, 1, Integer::sum));
    }

    /**
     * What steps are computed by, other than their operation.
     *
     * @param results the steps that are needed in the end
     */
    static Map<Integer, Shortcut> of(Graph graph, List<Integer> results) {
        Shortcuts shortcuts = new Shortcuts(graph.steps(), results);
        Map<Integer, Shortcut> found = new HashMap<>();
        for (int i = 0; i < graph.steps().size(); i++) {
            int step = i;
            shortcuts.slices(i).or(() -> shortcuts.maxima(step)).ifPresent(shortcut -> found.put(step, shortcut));
        }
        return found;
    }

    /** {@code x.indexSelect(axis, list)}: the list stands along the axis and is expanded along all others. */
    private Optional<Shortcut> slices(int step) {
        if (steps.get(step) instanceof Graph.Apply(Gather(int axis), List<Integer> of, _, _)
                && steps.get(of.getLast()) instanceof Graph.Apply(Expand _, List<Integer> column, _, _)
                && steps.get(column.getFirst()) instanceof Graph.Apply(Reshape(Shape along), List<Integer> list, _, _)
                && shape(list.getFirst()).rank() == 1 && along.rank() == shape(step).rank()
                && along.size() == along.dim(axis)
                && shape(step).equals(shape(of.getFirst()).with(axis, along.dim(axis)))) {
            return Optional.of(new Shortcut.Slices(axis, of.getFirst(), list.getFirst()));
        }
        return Optional.empty();
    }

    /** Elements of flattened planes, gathered where windows found their maxima, if nothing else is done with the places. */
    private Optional<Shortcut> maxima(int step) {
        if (steps.get(unshaped(step)) instanceof Graph.Apply(Gather(int axis), List<Integer> of, _, _)
                && steps.get(unshaped(of.getLast())) instanceof Graph.Apply(MaxPlaces op, List<Integer> x, _, _)) {
            int images = x.getFirst();
            int places = unshaped(of.getLast());
            int around = shape(images).rank() - op.size().size();
            if (axis == around && isFlat(of.getFirst(), images, around) && isFlat(of.getLast(), places, around)
                    && shape(step).equals(shape(places)) && uses.get(places) == 1
                    && steps.get(images).spec().dtype() != DType.I64) {
                return Optional.of(new Shortcut.Maxima(op, images));
            }
        }
        return Optional.empty();
    }

    /** Whether a step is another one, of which the axes from one on may have been made one. */
    private boolean isFlat(int step, int source, int from) {
        return (step == source || unshaped(step) == source) && shape(step).rank() == from + 1
                && IntStream.range(0, from).allMatch(axis -> shape(step).dim(axis) == shape(source).dim(axis));
    }

    /** The step that is reshaped there, or the step itself. */
    private int unshaped(int step) {
        return steps.get(step) instanceof Graph.Apply(Reshape _, List<Integer> of, _, _) ? of.getFirst() : step;
    }

    private Shape shape(int step) {
        return steps.get(step).spec().shape();
    }
}
