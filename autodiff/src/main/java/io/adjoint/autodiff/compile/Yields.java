package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Gather;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.WindowMaxima;
import io.adjoint.autodiff.op.Yielding;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Lets an operation leave what others would compute of what it holds anyway, and read what it would else compute itself: who
 * looks for the greatest elements of windows writes these too, so that nobody need gather them, who computes a loss of scores the
 * probabilities, of which its gradient is made, who normalises rows their mean and variance, which their gradient reads, and that
 * what flows to scale and shift.
 */
final class Yields {
    private final Graph graph;
    private final Values values;
    /** The operations by themselves, by what they do; of equal ones any. */
    private final Map<Call, Unit.Single> singles = new HashMap<>();
    /** The unit that writes each step. */
    private final Map<Integer, Unit> writers = new HashMap<>();

    private record Call(Op op, List<Integer> inputs) {}

    private Yields(Graph graph, Values values, List<Unit> units) {
        this.graph = graph;
        this.values = values;
        for (Unit unit : units) {
            write(unit);
            if (unit instanceof Unit.Single single) {
                singles.put(new Call(op(single), single.reads()), single);
            }
        }
    }

    /** The units, in which those whose results come by have joined the one that comes by them. */
    static List<Unit> of(Graph graph, Values values, List<Unit> units) {
        Yields yields = new Yields(graph, values, units);
        for (Unit unit : units) {
            if (unit instanceof Unit.Single single && yields.values.array(single.step()).size() > 0) {
                yields.join(single);
            }
        }
        return units.stream().flatMap(unit -> switch (yields.writers.get(unit.writes().getFirst())) {
            case Unit.Yield joined -> joined.first() == unit ? Stream.of(joined) : Stream.empty();
            case Unit other -> Stream.of(other);
        }).toList();
    }

    private void write(Unit unit) {
        unit.writes().forEach(step -> writers.put(step, unit));
    }

    private void join(Unit.Single single) {
        switch (op(single)) {
            case Gather gather when maker(single.reads().getLast()) instanceof Unit.Single search
                    && op(search) instanceof WindowMaxima && gathersMaxima(gather, single, search) ->
                write(new Unit.Yield(search, List.of(Optional.empty()), List.of(Optional.of(single))));
            case Yielding op -> join(single, op);
            default -> {}
        }
    }

    private void join(Unit.Single first, Yielding op) {
        List<TensorSpec> specs = first.reads().stream().map(read -> graph.steps().get(read).spec()).toList();
        List<Optional<Integer>> given = op.needs(specs).stream().map(call -> given(first, call)).toList();
        Set<Integer> reads = new HashSet<>(first.reads());
        given.forEach(step -> step.ifPresent(reads::add));
        List<Optional<Unit.Single>> others = op.yields(specs).stream()
                .map(call -> single(first, call).filter(other -> mayJoin(other, first, reads))).toList();
        if (given.stream().anyMatch(Optional::isPresent) || others.stream().anyMatch(Optional::isPresent)) {
            write(new Unit.Yield(first, given, others));
        }
    }

    private Optional<Unit.Single> single(Unit.Single first, Yielding.Call call) {
        return Optional.ofNullable(
                singles.get(new Call(call.op(), call.inputs().stream().map(first.reads()::get).toList())));
    }

    /** What a call gives, if the unit may wait for it. */
    private Optional<Integer> given(Unit.Single first, Yielding.Call call) {
        return single(first, call).map(Unit.Single::step)
                .filter(step -> step < first.step() && !waits(List.of(step), first));
    }

    /** Whether a later unit may be one with the first one, which then reads these. */
    private boolean mayJoin(Unit.Single other, Unit.Single first, Set<Integer> reads) {
        return other.step() > first.step() && writers.get(other.step()) == other
                && values.array(other.step()).isContiguous() && !waits(reads, other);
    }

    /** The unit that computes a value, which may be seen through a view; null for what is there before. */
    private Unit maker(int step) {
        return writers.get(values.root(step));
    }

    /** Whether some values are made of what a unit writes. */
    private boolean waits(Collection<Integer> steps, Unit unit) {
        Set<Unit> seen = new HashSet<>();
        Deque<Integer> waiting = new ArrayDeque<>(steps);
        while (!waiting.isEmpty()) {
            Unit maker = maker(waiting.pop());
            if (maker == unit) {
                return true;
            }
            if (maker != null && seen.add(maker)) {
                waiting.addAll(maker.reads());
            }
        }
        return false;
    }

    private Op op(Unit.Single unit) {
        return ((Graph.Apply) graph.steps().get(unit.step())).op();
    }

    /** Whether each plane that was searched is a row, and all that was found is gathered there, in the same order. */
    private boolean gathersMaxima(Gather gather, Unit.Single unit, Unit.Single search) {
        int from = unit.reads().getFirst();
        int places = unit.reads().getLast();
        int searched = search.reads().getFirst();
        Shape rows = values.array(from).shape();
        Shape columns = values.array(places).shape();
        int last = rows.rank() - 1;
        int axes = ((WindowMaxima) op(search)).windows().size();
        return gather.axis() == last && values.root(from) == values.root(searched) && values.isWhole(from)
                && values.isWhole(searched) && values.isWhole(places) && values.isWhole(search.step())
                && values.array(unit.step()).isContiguous()
                && rows.dim(last) == innermost(values.array(searched).shape(), axes)
                && columns.dim(last) == innermost(values.array(search.step()).shape(), axes)
                && rows.with(last, columns.dim(last)).equals(columns);
    }

    /** The elements of a plane. */
    private static int innermost(Shape shape, int axes) {
        int elements = 1;
        for (int axis = 1; axis <= axes; axis++) {
            elements *= shape.dim(-axis);
        }
        return elements;
    }
}
