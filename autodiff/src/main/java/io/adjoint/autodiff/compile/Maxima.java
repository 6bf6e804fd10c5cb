package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.op.Gather;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.WindowMaxima;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lets who looks for the greatest elements of windows write these too, so that nobody need gather them. */
final class Maxima {
    private final Graph graph;
    private final Values values;

    private Maxima(Graph graph, Values values) {
        this.graph = graph;
        this.values = values;
    }

    /** The units, in which the gathering of maxima has joined the search. */
    static List<Unit> of(Graph graph, Values values, List<Unit> units) {
        return new Maxima(graph, values).joined(units);
    }

    private List<Unit> joined(List<Unit> units) {
        Map<Integer, Unit.Single> searches = new HashMap<>();
        Map<Unit, Unit> joined = new HashMap<>();
        Set<Unit> gone = new HashSet<>();
        for (Unit unit : units) {
            if (unit instanceof Unit.Single single && op(single) instanceof WindowMaxima) {
                searches.put(single.step(), single);
            } else if (unit instanceof Unit.Single single && op(single) instanceof Gather gather) {
                Unit.Single search = searches.get(values.root(single.reads().getLast()));
                if (search != null && !joined.containsKey(search) && gathersMaxima(gather, single, search)) {
                    joined.put(search, new Unit.Maxima(search, single));
                    gone.add(single);
                }
            }
        }
        List<Unit> all = new ArrayList<>(units);
        all.removeAll(gone);
        all.replaceAll(unit -> joined.getOrDefault(unit, unit));
        return all;
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
