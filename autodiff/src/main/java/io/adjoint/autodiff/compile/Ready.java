package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.kernel.Layout;
import io.adjoint.autodiff.kernel.MapKernel;
import io.adjoint.autodiff.runtime.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * The units that wait for nothing any more, and so not for each other: equal loops among them, such as an optimizer's for each
 * parameter, are taken together, to be one launch.
 */
final class Ready {
    /** Bytes in the slab that a loop may take and be gathered: what gathered loops compute is there all at once. */
    private static final long MOST_LEFT = 4 << 10;

    private final Graph graph;
    private final Values values;
    private final List<Unit> given;
    private final BitSet last;
    private final Map<Integer, Variable> inPlace;
    private final PriorityQueue<Integer> units;
    private final Map<Integer, Kind> kinds = new HashMap<>();
    private final Map<Kind, List<Integer>> equal = new HashMap<>();

    /**
     * What equal loops have in common.
     *
     * @param kernel which is the same one for equal expressions
     * @param layouts how their inputs lie along the columns: next to each other, or one number for all of them, be it that of the row or of the
     *     whole loop
     * @param isLast whether they write variables, and so have to wait for all others
     */
    private record Kind(MapKernel kernel, List<Layout> layouts, boolean isLast) {}

    /**
     * None yet.
     *
     * @param given all units by number
     * @param last those that have to wait for all others
     * @param inPlace the steps whose values are computed in the memory of variables
     */
    Ready(Graph graph, Values values, List<Unit> given, BitSet last, Map<Integer, Variable> inPlace) {
        this.graph = graph;
        this.values = values;
        this.given = given;
        this.last = last;
        this.inPlace = inPlace;
        this.units =
                new PriorityQueue<>(Comparator.comparing((Integer u) -> last.get(u)).thenComparing(this::position));
    }

    void add(int unit) {
        units.add(unit);
        kind(unit).ifPresent(kind -> {
            kinds.put(unit, kind);
            equal.computeIfAbsent(kind, _ -> new ArrayList<>()).add(unit);
        });
    }

    boolean isEmpty() {
        return units.isEmpty();
    }

    /**
     * Takes the unit that the function ran first, those that write variables after the others, and all that are gathered with
     * it, in the order of the function.
     */
    List<Integer> take() {
        int first = units.poll();
        List<Integer> all = kinds.containsKey(first) ? equal.remove(kinds.get(first)) : List.of(first);
        if (all.size() > 1) {
            units.removeAll(new HashSet<>(all));
            all.sort(Comparator.comparing(this::position));
        }
        return all;
    }

    private int position(int unit) {
        return given.get(unit).members().getLast();
    }

    private Optional<Kind> kind(int unit) {
        if (!(given.get(unit) instanceof Unit.Fused fused) || left(fused) > MOST_LEFT) {
            return Optional.empty();
        }
        Array[] outs = arrays(fused.writes());
        if (outs[0].size() == 0) {
            return Optional.empty();
        }
        Expressions.Loop loop = Expressions.of(fused, graph, values);
        return layouts(loop.kernel(), arrays(loop.inputs()), outs)
                .map(layouts -> new Kind(loop.kernel(), layouts, last.get(unit)));
    }

    private static Optional<List<Layout>> layouts(MapKernel kernel, Array[] inputs, Array[] outs) {
        Shape shape = outs[0].shape();
        if (shape.size() == 1) { // any would do, these are mostly those of larger arrays
            return Optional.of(Arrays.stream(inputs)
                    .map(input -> input.shape().equals(shape) ? Layout.UNIT : Layout.SPLAT).toList());
        }
        return kernel.layouts(
                Arrays.stream(inputs).map(input -> input.broadcastTo(shape)).toArray(Array[]::new), outs);
    }

    private Array[] arrays(List<Integer> steps) {
        return steps.stream().map(values::array).toArray(Array[]::new);
    }

    /** The bytes that a loop writes elsewhere than to variables. */
    private long left(Unit.Fused loop) {
        return loop.writes().stream().filter(step -> !inPlace.containsKey(step))
                .mapToLong(step -> Work.bytes(graph.steps().get(step).spec())).sum();
    }
}
