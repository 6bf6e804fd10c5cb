package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.op.CrossEntropy;
import io.adjoint.autodiff.op.Gather;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.Softmax;
import io.adjoint.autodiff.op.WindowMaxima;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets an operation leave what another one would compute of what it holds anyway: who looks for the greatest elements of windows writes
 * these too, so that nobody need gather them, and who computes a loss of scores the probabilities, of which its gradient is made.
 */
final class Pairs {
    private final Graph graph;
    private final Values values;

    private Pairs(Graph graph, Values values) {
        this.graph = graph;
        this.values = values;
    }

    /** The units, in which the second of each pair has joined the first. */
    static List<Unit> of(Graph graph, Values values, List<Unit> units) {
        return new Pairs(graph, values).joined(units);
    }

    private List<Unit> joined(List<Unit> units) {
        Map<Integer, Unit.Single> firsts = new HashMap<>();
        Map<Unit, Unit> joined = new HashMap<>();
        Set<Unit> gone = new HashSet<>();
        for (Unit unit : units) {
            if (unit instanceof Unit.Single single) {
                switch (op(single)) {
                    case WindowMaxima _ -> firsts.put(single.step(), single);
                    case CrossEntropy _ -> firsts.put(single.reads().getFirst(), single);
                    default -> first(single, firsts).filter(first -> !joined.containsKey(first)).ifPresent(first -> {
                        joined.put(first, new Unit.Pair(first, single));
                        gone.add(single);
                    });
                }
            }
        }
        List<Unit> all = new ArrayList<>(units);
        all.removeAll(gone);
        all.replaceAll(unit -> joined.getOrDefault(unit, unit));
        return all;
    }

    /** Who comes by what this one computes: found by the places that are gathered, or by the scores. */
    private Optional<Unit.Single> first(Unit.Single unit, Map<Integer, Unit.Single> firsts) {
        return switch (op(unit)) {
            case Gather gather -> Optional.ofNullable(firsts.get(values.root(unit.reads().getLast())))
                    .filter(search -> op(search) instanceof WindowMaxima && gathersMaxima(gather, unit, search));
            case Softmax(int axis) when axis == 1 -> Optional.ofNullable(firsts.get(unit.reads().getFirst()))
                    .filter(loss -> op(loss) instanceof CrossEntropy && values.array(unit.step()).isContiguous());
            default -> Optional.empty();
        };
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
