package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Variable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The order in which units run: as the function did, but what writes a variable comes last, after everybody who reads what the
 * variable held before. So it can write to the variable's own memory, and a run that fails before has changed nothing.
 */
final class Schedule {
    private final Graph graph;
    private final Values values;
    private final List<Unit> given;
    /** The unit that writes the value of each step. */
    private final Map<Integer, Integer> writers = new HashMap<>();
    /** The units that have to run before each unit. */
    private final List<BitSet> before = new ArrayList<>();
    private final Map<Integer, Variable> inPlace = new HashMap<>();
    private final BitSet last = new BitSet();

    private Schedule(Graph graph, Values values, List<Unit> given) {
        this.graph = graph;
        this.values = values;
        this.given = given;
        for (int u = 0; u < given.size(); u++) {
            for (int step : given.get(u).writes()) {
                writers.put(step, u);
            }
        }
        for (Unit unit : given) {
            BitSet needed = new BitSet();
            for (int read : unit.reads()) {
                Integer writer = writers.get(values.root(read));
                if (writer != null) {
                    needed.set(writer);
                }
            }
            before.add(needed);
        }
    }

    /**
     * @param units in an order in which they can run
     * @param inPlace the variables that hold the values of steps from the moment when these are computed
     */
    record Order(List<Unit> units, Map<Integer, Variable> inPlace) {}

    static Order of(Graph graph, Values values, List<Unit> units) {
        Schedule schedule = new Schedule(graph, values, units);
        schedule.placeUpdates();
        return new Order(schedule.sorted(), schedule.inPlace);
    }

    private void placeUpdates() {
        Map<Variable, Integer> reads = new IdentityHashMap<>();
        for (int i = 0; i < graph.steps().size(); i++) {
            if (graph.steps().get(i) instanceof Graph.Read(Variable variable)) {
                reads.put(variable, i);
            }
        }
        for (Graph.Update update : graph.updates()) {
            Integer writer = writers.get(update.step());
            if (writer == null) {
                continue;
            }
            last.set(writer);
            Integer read = reads.get(update.variable());
            if (!inPlace.containsKey(update.step()) && (read == null || isFree(read, update, writer))) {
                inPlace.put(update.step(), update.variable());
            }
        }
    }

    /** Makes the writer wait for all readers of a variable, if that is possible. */
    private boolean isFree(int read, Graph.Update update, int writer) {
        if (graph.outputs().stream().anyMatch(output -> values.root(output) == read)
                || graph.updates().stream().anyMatch(other -> values.root(other.step()) == read)) {
            return false;
        }
        BitSet readers = new BitSet();
        for (int u = 0; u < given.size(); u++) {
            for (int step : given.get(u).reads()) {
                if (values.root(step) != read) {
                    continue;
                }
                if (u == writer && !(given.get(u) instanceof Unit.Fused && isAtTheSamePlaces(step, update.step()))) {
                    return false;
                }
                readers.set(u);
            }
        }
        readers.clear(writer);
        BitSet needed = (BitSet) before.get(writer).clone();
        needed.or(readers);
        if (readers.stream().anyMatch(reader -> waitsFor(reader, writer))) {
            return false;
        }
        before.set(writer, needed);
        return true;
    }

    private boolean isAtTheSamePlaces(int read, int written) {
        return values.isWhole(read) && values.array(read).size() == values.array(written).size();
    }

    private boolean waitsFor(int unit, int other) {
        BitSet seen = new BitSet();
        Deque<Integer> waiting = new ArrayDeque<>(List.of(unit));
        while (!waiting.isEmpty()) {
            int next = waiting.pop();
            if (next == other) {
                return true;
            }
            before.get(next).stream().filter(u -> !seen.get(u)).forEach(u -> {
                seen.set(u);
                waiting.push(u);
            });
        }
        return false;
    }

    /** Of the units that could run next always the one that the function ran first; those that write variables at the end. */
    private List<Unit> sorted() {
        int count = given.size();
        int[] missing = new int[count];
        List<List<Integer>> after = new ArrayList<>();
        given.forEach(_ -> after.add(new ArrayList<>()));
        PriorityQueue<Integer> ready = new PriorityQueue<>(
                Comparator.comparing((Integer u) -> last.get(u)).thenComparing(u -> position(given.get(u))));
        for (int u = 0; u < count; u++) {
            int unit = u;
            missing[u] = before.get(u).cardinality();
            before.get(u).stream().forEach(earlier -> after.get(earlier).add(unit));
            if (missing[u] == 0) {
                ready.add(u);
            }
        }
        List<Unit> sorted = new ArrayList<>();
        while (!ready.isEmpty()) {
            int next = ready.poll();
            sorted.add(given.get(next));
            for (int later : after.get(next)) {
                if (--missing[later] == 0) {
                    ready.add(later);
                }
            }
        }
        assert sorted.size() == count : "units wait for each other";
        return sorted;
    }

    private static int position(Unit unit) {
        return switch (unit) {
            case Unit.Fused fused -> fused.members().getLast();
            case Unit.Single single -> single.step();
            case Unit.Sum sum -> sum.steps().getLast();
        };
    }
}
