package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.op.Growing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a graph is compiled to: units in the order in which they run, and where their values lie. A value has a place in the
 * slab from the unit that computes it to the last one that reads it; a fused unit may write to the place of what it reads last.
 */
final class Plan {
    private final Graph graph;
    private final Values values;
    private final List<Unit> units;
    private final Map<Integer, Variable> inPlace;
    private final Map<Variable, Schedule.Copying> copied;
    private final KeptFactors kept;
    private final Map<Integer, Slab.Place> places = new HashMap<>();
    private final Map<Integer, Integer> lastUses = new HashMap<>();
    private final Slab slab = new Slab();

    private Plan(Graph graph) {
        this.graph = graph;
        this.values = new Values(graph);
        Schedule.Order order = Schedule.of(graph, values, Sums.of(graph, Fusion.of(graph, values)));
        this.units = order.units();
        this.inPlace = order.inPlace();
        this.copied = order.copied();
        this.kept = new KeptFactors(graph, values, units);
        findLastUses();
        place();
    }

    static Plan of(Graph graph) {
        return new Plan(graph);
    }

    Graph graph() {
        return graph;
    }

    Values values() {
        return values;
    }

    List<Unit> units() {
        return units;
    }

    /** The variables in whose memory the values of steps are computed. */
    Map<Integer, Variable> inPlace() {
        return inPlace;
    }

    /** Why the new values of other variables are computed elsewhere and copied. */
    Map<Variable, Schedule.Copying> copied() {
        return copied;
    }

    /** The right factors that products keep packed. */
    KeptFactors kept() {
        return kept;
    }

    /** Where the value of a root lies in the slab; null for what lies elsewhere. */
    Slab.Place place(int root) {
        return places.get(root);
    }

    /** Elements of each dtype in the slab. */
    Map<DType, Integer> lengths() {
        return slab.lengths();
    }

    private void findLastUses() {
        for (int u = 0; u < units.size(); u++) {
            for (int read : units.get(u).reads()) {
                lastUses.put(values.root(read), u);
            }
        }
        graph.outputs().forEach(output -> lastUses.put(values.root(output), units.size()));
        graph.updates().forEach(update -> lastUses.put(values.root(update.step()), units.size()));
    }

    private void place() {
        for (int i = 0; i < graph.steps().size(); i++) {
            if (graph.steps().get(i) instanceof Graph.Input input) {
                places.put(i, take(input.spec()));
            }
        }
        for (int u = 0; u < units.size(); u++) {
            List<Integer> dying = dying(u);
            for (int written : units.get(u).writes()) {
                if (!inPlace.containsKey(written)) {
                    places.put(written, placeOf(written, units.get(u), dying));
                }
            }
            dying.forEach(root -> slab.free(places.get(root)));
            for (int written : units.get(u).writes()) {
                if (!lastUses.containsKey(written) && places.containsKey(written)) {
                    slab.free(places.get(written)); // nobody reads it
                }
            }
        }
    }

    private Slab.Place take(TensorSpec spec) {
        return slab.take(spec.dtype(), spec.shape().size());
    }

    /** The roots in the slab that this unit is the last to read. */
    private List<Integer> dying(int unit) {
        Set<Integer> dying = new HashSet<>();
        for (int read : units.get(unit).reads()) {
            int root = values.root(read);
            if (places.containsKey(root) && lastUses.get(root) == unit) {
                dying.add(root);
            }
        }
        return new ArrayList<>(dying);
    }

    /** The place of something that dies, whose elements a loop has read when it writes there; or another one. */
    private Slab.Place placeOf(int written, Unit unit, List<Integer> dying) {
        TensorSpec spec = graph.steps().get(written).spec();
        for (int root : dying) {
            TensorSpec old = graph.steps().get(root).spec();
            if (old.dtype() == spec.dtype() && old.shape().size() == spec.shape().size()
                    && values.array(written).isContiguous() && mayOverwrite(unit, root)) {
                dying.remove((Integer) root);
                return places.get(root);
            }
        }
        return take(spec);
    }

    /** Whether a unit has read all of a root at the place where it writes, each time that it writes. */
    private boolean mayOverwrite(Unit unit, int root) {
        List<Integer> reads = unit.reads().stream().filter(read -> values.root(read) == root).toList();
        boolean whole = reads.stream().allMatch(read -> values.isWhole(read)
                && values.array(read).size() == graph.steps().get(root).spec().shape().size());
        return whole && switch (unit) {
            case Unit.Fused fused -> fused.reads().stream().filter(reads::contains)
                    .allMatch(read -> values.array(read).size() == values.array(fused.writes().getFirst()).size());
            case Unit.Single(int step, List<Integer> inputs) ->
                ((Graph.Apply) graph.steps().get(step)).op() instanceof Growing
                        && reads.size() == 1 && inputs.getFirst().equals(reads.getFirst());
            case Unit.Sum sum ->
                sum.addsToFirst() && reads.size() == 1 && sum.reads().getFirst().equals(reads.getFirst());
        };
    }
}
