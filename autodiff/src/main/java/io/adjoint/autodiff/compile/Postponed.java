package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.kernel.MapKernel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Moves steps of a loop to a later one that alone uses them and can compute them of what it reads anyway, so that they are
 * neither written nor kept until then. {@link Fusion} lets a step join those that made its inputs: so the part of an
 * activation's slope that depends on the activation alone lands in the forward pass, though the backward pass reads the
 * activation too.
 */
final class Postponed {
    private final Graph graph;
    private final Values values;
    private final Users users;
    private final List<Unit> units;
    /** The number of the unit that writes each step. */
    private final Map<Integer, Integer> writers = new HashMap<>();

    private Postponed(Graph graph, Values values, List<Unit> units) {
        this.graph = graph;
        this.values = values;
        this.users = values.users();
        this.units = new ArrayList<>(units);
        for (int u = 0; u < units.size(); u++) {
            for (int written : units.get(u).writes()) {
                writers.put(written, u);
            }
        }
    }

    /** The same units, but for the steps that moved. */
    static List<Unit> of(Graph graph, Values values, List<Unit> units) {
        Postponed postponed = new Postponed(graph, values, units);
        for (int u = 0; u < units.size(); u++) {
            postponed.postponeTo(u);
        }
        return postponed.units;
    }

    private void postponeTo(int later) {
        Set<Integer> earlier = new LinkedHashSet<>();
        units.get(later).reads().forEach(read -> earlier.add(writers.getOrDefault(read, later)));
        for (int u : earlier) {
            if (u != later && units.get(u) instanceof Unit.Fused from && units.get(later) instanceof Unit.Fused to
                    && shape(from).equals(shape(to))) {
                Set<Integer> moved = movable(from, to);
                if (!moved.isEmpty() && moved.size() < from.members().size()) {
                    move(u, from, later, to, moved);
                }
            }
        }
    }

    private Shape shape(Unit.Fused unit) {
        return graph.steps().get(unit.members().getFirst()).spec().shape();
    }

    private List<Integer> inputs(int step) {
        return ((Graph.Apply) graph.steps().get(step)).inputs();
    }

    /** Members of one unit that only the other uses, and that need nothing which the other would not read without them. */
    private Set<Integer> movable(Unit.Fused from, Unit.Fused to) {
        Set<Integer> movable = new TreeSet<>(from.members());
        Set<Integer> there = new HashSet<>(to.members());
        Set<Integer> known = new HashSet<>(to.reads());
        while (movable.removeIf(step -> users.isKept(step) || users.of(step).isEmpty()
                || !users.of(step).stream().allMatch(user -> movable.contains(user) || there.contains(user))
                || !inputs(step).stream().allMatch(
                        input -> movable.contains(input) || known.contains(input) || isSmall(input, to)))) {
            // one that stays keeps those that read it, and those that it reads
        }
        return movable;
    }

    /** Whether reading it costs little, and it is there or may wait. */
    private boolean isSmall(int step, Unit.Fused unit) {
        return graph.steps().get(step) instanceof Graph.Constant || values.array(step).size() < shape(unit).size();
    }

    private void move(int u, Unit.Fused from, int later, Unit.Fused to, Set<Integer> moved) {
        TreeSet<Integer> rest = new TreeSet<>(from.members());
        rest.removeAll(moved);
        TreeSet<Integer> all = new TreeSet<>(to.members());
        all.addAll(moved);
        Unit.Fused less = Unit.Fused.of(rest, graph, users);
        Unit.Fused more = Unit.Fused.of(all, graph, users);
        if (isLoop(more, to) && from.writes().containsAll(less.writes())) {
            units.set(u, less);
            units.set(later, more);
        }
    }

    /** Whether the unit can run as one loop, of the kind of another. */
    private boolean isLoop(Unit.Fused unit, Unit.Fused other) {
        Expressions.Loop loop = Expressions.of(unit, graph, values);
        MapKernel kernel = loop.kernel();
        return kernel.cost() <= Fusion.MOST_NODES
                && kernel.isVectorised() == Expressions.of(other, graph, values).kernel().isVectorised()
                && loop.inputs().size() + unit.writes().size() <= Fusion.MOST_OPERANDS
                && Widths.isOne(
                        unit.members().stream().mapToInt(step -> Widths.of(graph, step)).reduce(0, (a, b) -> a | b));
    }
}
