package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.op.Growing;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

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
    private final Map<Integer, Integer> lastUses;
    private final Slab slab = new Slab();

    private Plan(Graph graph, Strips.Sizes strips) {
        this.graph = graph;
        this.values = new Values(graph);
        Schedule.Order order =
                Schedule.of(graph, values, Sums.of(graph, Postponed.of(graph, values, Fusion.of(graph, values))));
        this.inPlace = order.inPlace();
        this.copied = order.copied();
        this.kept = new KeptFactors(graph, values, order.units());
        this.units = Strips.of(graph, values, order, kept, strips);
        this.lastUses = LastUses.of(graph, values, units);
        place();
    }

    static Plan of(Graph graph) {
        return of(graph, Strips.Sizes.USUAL);
    }

    /** With strips of these sizes. */
    static Plan of(Graph graph, Strips.Sizes strips) {
        return new Plan(graph, strips);
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

    /** How a part of a strip is split. */
    Split split(Unit part) {
        return Split.of(part, graph, values, kept);
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

    private void place() {
        for (int i = 0; i < graph.steps().size(); i++) {
            if (graph.steps().get(i) instanceof Graph.Input input) {
                places.put(i, slab.take(input.spec().dtype(), input.spec().shape().size()));
            }
        }
        for (int u = 0; u < units.size(); u++) {
            Unit unit = units.get(u);
            Set<Integer> dying = dying(unit, lastUses, u);
            for (Unit part : unit.parts()) {
                place(part, unit.writes(), root -> isReadOnlyBy(part, root, unit.parts()), dying, 1, 1);
            }
            if (unit instanceof Unit.Strip strip) {
                placeLocals(strip);
            }
            dying.forEach(root -> slab.free(places.get(root)));
            freeUnread(unit.writes(), lastUses);
        }
    }

    /** Places for one piece of what only the parts of a strip read. */
    private void placeLocals(Unit.Strip strip) {
        Map<Integer, Integer> uses = LastUses.among(values, strip.parts());
        for (int i = 0; i < strip.parts().size(); i++) {
            Unit part = strip.parts().get(i);
            Set<Integer> dying = dying(part, uses, i);
            dying.retainAll(strip.locals());
            place(part, strip.locals(), _ -> true, dying, strip.pieces(), strip.shares());
            dying.forEach(root -> slab.free(places.get(root)));
        }
        freeUnread(strip.locals(), uses);
    }

    /** Gives places to those of a unit's results that are among {@code some}, for as many pieces of each as are held at a time. */
    private void place(Unit unit, List<Integer> some, IntPredicate mayTake, Set<Integer> dying, int pieces,
            int held) {
        for (int written : unit.writes()) {
            if (some.contains(written) && !inPlace.containsKey(written)) {
                List<Integer> candidates = dying.stream().filter(mayTake::test).toList();
                places.put(written, placeOf(written, unit, candidates, dying, pieces, held));
            }
        }
    }

    private void freeUnread(List<Integer> written, Map<Integer, Integer> uses) {
        written.stream().filter(step -> !uses.containsKey(step) && places.containsKey(step))
                .forEach(step -> slab.free(places.get(step)));
    }

    /** Whether no other part reads it, which might do so after this one has written a piece. */
    private boolean isReadOnlyBy(Unit part, int root, List<Unit> parts) {
        return parts.stream().allMatch(other -> (other == part) == other.reads().stream()
                .anyMatch(read -> values.root(read) == root));
    }

    /** The roots in the slab that this unit is the last to read. */
    private Set<Integer> dying(Unit unit, Map<Integer, Integer> uses, int number) {
        Set<Integer> dying = new LinkedHashSet<>();
        for (int read : unit.reads()) {
            int root = values.root(read);
            if (places.containsKey(root) && uses.get(root) == number) {
                dying.add(root);
            }
        }
        return dying;
    }

    /** The place of something that dies, whose elements a loop has read when it writes there; or another one. */
    private Slab.Place placeOf(int written, Unit unit, List<Integer> candidates, Set<Integer> dying, int pieces,
            int held) {
        TensorSpec spec = graph.steps().get(written).spec();
        for (int root : candidates) {
            TensorSpec old = graph.steps().get(root).spec();
            if (old.dtype() == spec.dtype() && old.shape().size() == spec.shape().size()
                    && values.array(written).isContiguous() && mayOverwrite(unit, root)) {
                dying.remove(root);
                return places.get(root);
            }
        }
        return slab.take(spec.dtype(), spec.shape().size() / pieces * held);
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
            case Unit.Strip _ -> throw new AssertionError("its parts have places");
        };
    }
}
