package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.op.Contraction;
import io.adjoint.autodiff.op.Custom;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.Growing;
import io.adjoint.autodiff.op.Indexing;
import io.adjoint.autodiff.op.MatrixOp;
import io.adjoint.autodiff.op.RandomOp;
import io.adjoint.autodiff.op.Reduction;
import io.adjoint.autodiff.op.RowOp;
import io.adjoint.autodiff.op.Scan;
import io.adjoint.autodiff.op.View;
import io.adjoint.autodiff.op.Windowed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The order in which units run: as the function did, but what writes a variable comes last, after everybody who reads what the
 * variable held before. So it can write to the variable's own memory, and a run that fails before has changed nothing.
 */
final class Schedule {
    private static final int NEVER = -1;

    private final Graph graph;
    private final Values values;
    private final List<Unit> given;
    /** The unit that writes the value of each step. */
    private final Map<Integer, Integer> writers = new HashMap<>();
    /** The units that read the value of each root. */
    private final Map<Integer, Set<Integer>> readers = new HashMap<>();
    /** The units that have to run before each unit. */
    private final List<Set<Integer>> before = new ArrayList<>();
    /** The units that have to run after it. */
    private final List<Set<Integer>> after = new ArrayList<>();
    /** The roots of what is returned or stored. */
    private final Set<Integer> lasting = new HashSet<>();
    private final Map<Integer, Variable> inPlace = new HashMap<>();
    private final Map<Variable, Copying> copied = new IdentityHashMap<>();
    private final BitSet last = new BitSet();
    /** The units that may refuse what they find in their inputs, and those that have to run before one of these. */
    private final BitSet beforeRefusals = new BitSet();

    private Schedule(Graph graph, Values values, List<Unit> given) {
        this.graph = graph;
        this.values = values;
        this.given = given;
        for (int u = 0; u < given.size(); u++) {
            before.add(new HashSet<>());
            after.add(new HashSet<>());
            for (int step : given.get(u).writes()) {
                writers.put(step, u);
            }
        }
        for (int u = 0; u < given.size(); u++) {
            for (int read : given.get(u).reads()) {
                int root = values.root(read);
                readers.computeIfAbsent(root, _ -> new HashSet<>()).add(u);
                Integer writer = writers.get(root);
                if (writer != null) {
                    letWait(u, writer);
                }
            }
        }
        for (int output : graph.outputs()) {
            lasting.add(values.root(output));
        }
        for (Graph.Update update : graph.updates()) {
            lasting.add(values.root(update.step()));
        }
    }

    private void letWait(int unit, int earlier) {
        before.get(unit).add(earlier);
        after.get(earlier).add(unit);
    }

    /**
     * @param units in an order in which they can run
     * @param inPlace the variables that hold the values of steps from the moment when these are computed
     * @param copied why the values of other variables are computed elsewhere and copied in the end
     */
    record Order(List<Unit> units, Map<Integer, Variable> inPlace, Map<Variable, Copying> copied) {}

    /** Why what is stored in a variable cannot be computed in its memory. */
    enum Copying {
        NO_RESULT("the new value is no result of a unit, but an input, a constant, a view or another variable"),
        SHARED("the new value is stored in another variable too"),
        RETURNED("the old value is returned or stored elsewhere"),
        ELSEWHERE("the unit that computes the new value reads the old one at other places than it writes"),
        READ_LATER("the old value is read by what needs the new one"),
        REFUSAL("an operation that may refuse its inputs makes the new value or needs it");

        private final String text;

        Copying(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static Order of(Graph graph, Values values, List<Unit> units) {
        Schedule schedule = new Schedule(graph, values, units);
        schedule.placeUpdates();
        return new Order(schedule.sorted(), schedule.inPlace, schedule.copied);
    }

    private void placeUpdates() {
        Map<Variable, Integer> reads = new IdentityHashMap<>();
        for (int i = 0; i < graph.steps().size(); i++) {
            if (graph.steps().get(i) instanceof Graph.Read(Variable variable)) {
                reads.put(variable, i);
            }
        }
        findRefusals();
        for (Graph.Update update : graph.updates()) {
            Integer read = reads.get(update.variable());
            Optional<Copying> obstacle = obstacle(update, read == null ? NEVER : read);
            if (obstacle.isPresent()) {
                copied.put(update.variable(), obstacle.get());
            } else {
                inPlace.put(update.step(), update.variable());
            }
        }
    }

    /** So that a run which is refused changes no variable. */
    private void findRefusals() {
        for (int u = 0; u < given.size(); u++) {
            if (mayRefuse(given.get(u))) {
                beforeRefusals.set(u);
                addBehind(u, before, beforeRefusals);
            }
        }
    }

    private boolean mayRefuse(Unit unit) {
        return switch (unit) {
            case Unit.Single(int step, _) -> mayRefuse(step);
            case Unit.Yield(Unit.Single first, _, _) -> mayRefuse(first.step());
            case Unit.Fused _, Unit.Finished _, Unit.Sum _, Unit.Gathered _, Unit.Strip _ -> false;
        };
    }

    private boolean mayRefuse(int step) {
        return switch (((Graph.Apply) graph.steps().get(step)).op()) {
            case Indexing _, Growing _, RowOp _, MatrixOp _, Custom _ -> true;
            case Elementwise _, Reduction _, Scan _, View _, Contraction _, Windowed _, RandomOp _ -> false;
        };
    }

    private Optional<Copying> obstacle(Graph.Update update, int read) {
        Integer writer = writers.get(update.step());
        if (writer == null) {
            return Optional.of(Copying.NO_RESULT);
        }
        if (beforeRefusals.get(writer)) {
            return Optional.of(Copying.REFUSAL);
        }
        last.set(writer);
        if (inPlace.containsKey(update.step())) {
            return Optional.of(Copying.SHARED);
        }
        return read == NEVER ? Optional.empty() : use(read, update, writer);
    }

    /** Makes the writer wait for all readers of a variable, if that is possible. */
    private Optional<Copying> use(int read, Graph.Update update, int writer) {
        if (lasting.contains(read)) {
            return Optional.of(Copying.RETURNED);
        }
        Set<Integer> others = new HashSet<>(readers.getOrDefault(read, Set.of()));
        if (others.remove(writer) && !mayOverwrite(given.get(writer), read, update.step())) {
            return Optional.of(Copying.ELSEWHERE);
        }
        BitSet later = new BitSet();
        addBehind(writer, after, later);
        for (int reader : others) {
            if (later.get(reader)) {
                return Optional.of(Copying.READ_LATER);
            }
        }
        for (int reader : others) {
            letWait(writer, reader);
        }
        return Optional.empty();
    }

    private boolean mayOverwrite(Unit unit, int root, int written) {
        for (int read : unit.reads()) {
            if (values.root(read) == root && !isAtTheSamePlaces(read, written)) {
                return false;
            }
        }
        return switch (unit) {
            case Unit.Fused _ -> true;
            case Unit.Finished finished ->
                finished.product().reads().stream().noneMatch(read -> values.root(read) == root);
            case Unit.Single _, Unit.Yield _, Unit.Sum _, Unit.Strip _, Unit.Gathered _ -> false;
        };
    }

    private boolean isAtTheSamePlaces(int read, int written) {
        return values.isWhole(read) && values.array(read).size() == values.array(written).size();
    }

    /** Adds the units that are reached from one by some links, but for those behind what is there already. */
    private static void addBehind(int unit, List<Set<Integer>> links, BitSet found) {
        Deque<Integer> waiting = new ArrayDeque<>(List.of(unit));
        while (!waiting.isEmpty()) {
            for (int next : links.get(waiting.pop())) {
                if (!found.get(next)) {
                    found.set(next);
                    waiting.push(next);
                }
            }
        }
    }

    /** Of the units that could run next always those that {@link Ready} takes. */
    private List<Unit> sorted() {
        int count = given.size();
        int[] missing = new int[count];
        Ready ready = new Ready(graph, values, given, last, inPlace);
        for (int u = 0; u < count; u++) {
            missing[u] = before.get(u).size();
            if (missing[u] == 0) {
                ready.add(u);
            }
        }
        List<Unit> sorted = new ArrayList<>();
        int taken = 0;
        while (!ready.isEmpty()) {
            List<Integer> next = ready.take();
            taken += next.size();
            sorted.add(unit(next));
            for (int unit : next) {
                for (int later : after.get(unit)) {
                    if (--missing[later] == 0) {
                        ready.add(later);
                    }
                }
            }
        }
        assert taken == count : "units wait for each other";
        return sorted;
    }

    private Unit unit(List<Integer> together) {
        return together.size() == 1 ? given.get(together.getFirst())
                : new Unit.Gathered(together.stream().map(u -> (Unit.Fused) given.get(u)).toList());
    }
}
