package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Contraction;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.Expand;
import io.adjoint.autodiff.op.Gather;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.Reshape;
import io.adjoint.autodiff.op.View;
import io.adjoint.autodiff.tape.LookedUp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A product of rows that were looked up in a table becomes a product of the table, whose rows are looked up then, if each is
 * needed several times: what an embedding is multiplied by is computed for each word, not for each place of a text. The bits
 * are the same, since each row of a product is computed by itself. What is done to all rows alike is done to those of the
 * table as well, and whoever reads some of the rows looks up these.
 */
final class Lookups {
    private final Graph graph;
    private final Users users;
    private final Map<Integer, Lookup> lookups = new HashMap<>();
    private final List<Graph.Step> steps = new ArrayList<>();
    /** Of the steps that are written; those that are only looked up wait until somebody reads them. */
    private final Map<Integer, Integer> numbers = new HashMap<>();

    /**
     * A value that consists of rows of a table, by the numbers of new steps.
     *
     * @param table {@code [rows, width]}
     * @param index I64, of the value's shape but for a last extent of 1
     * @param isProduct whether only looking it up saves a product
     */
    private record Lookup(int table, int index, boolean isProduct) {}

    private Lookups(Graph graph) {
        this.graph = graph;
        this.users = new Users(graph);
    }

    /** The graph, which has no steps that nobody reads; the result may have some. */
    static Graph of(Graph graph) {
        Lookups pass = new Lookups(graph);
        Graph rewritten = pass.rewritten();
        return pass.lookups.values().stream().anyMatch(Lookup::isProduct) ? rewritten : graph;
    }

    private Graph rewritten() {
        for (int i = 0; i < graph.steps().size(); i++) {
            Optional<Lookup> lookup = lookup(i);
            if (lookup.isPresent()) {
                lookups.put(i, lookup.get());
            }
            if (lookup.isEmpty() || !lookup.get().isProduct()) {
                number(i);
            }
        }
        return new Graph(steps, graph.outputs().stream().map(this::number).toList(), graph.updates().stream()
                .map(update -> new Graph.Update(update.variable(), number(update.step()))).toList());
    }

    // ---- what is looked up

    private Optional<Lookup> lookup(int step) {
        if (!(graph.steps().get(step) instanceof Graph.Apply apply) || apply.inputs().isEmpty()
                || apply.spec().shape().rank() < 2 || apply.spec().shape().size() == 0) {
            return Optional.empty();
        }
        int first = apply.inputs().getFirst();
        return switch (apply.op()) {
            case Gather(int axis) when axis == 0 -> rowsOf(first, apply);
            case View view when lookups.containsKey(first) -> view.ofRows(shape(first))
                    .map(op -> rearranged(lookups.get(first), op, apply, goesOn(first)));
            case Contraction _ when isProductOfRows(apply, first) -> Optional.of(ofTable(apply, first, true));
            case Elementwise _ -> apply.inputs().stream().filter(input -> isDoneToRows(apply, input)).findFirst()
                    .map(rows -> ofTable(apply, rows, goesOn(rows)));
            default -> Optional.empty();
        };
    }

    /** Whole rows of a table, each named by one number, which was checked: those that nobody looks up any more are not. */
    private Optional<Lookup> rowsOf(int table, Graph.Apply gather) {
        Shape shape = gather.spec().shape();
        if (shape.rank() != 2 || shape.dim(1) != shape(table).dim(1) || shape(table).dim(0) == 0
                || !(graph.steps()
                        .get(gather.inputs().get(1)) instanceof Graph.Apply(Expand _, List<Integer> stretched, _, _))
                || !shape(stretched.getFirst()).equals(Shape.of(shape.dim(0), 1))
                || !Checked.isIndex(graph, stretched.getFirst(), shape(table).dim(0))) {
            return Optional.empty();
        }
        return Optional.of(new Lookup(number(table), number(stretched.getFirst()), false));
    }

    private Lookup rearranged(Lookup rows, Op ofIndex, Graph.Apply view, boolean isProduct) {
        return new Lookup(rows.table, add(ofIndex, List.of(rows.index), view), isProduct);
    }

    private boolean isProductOfRows(Graph.Apply apply, int left) {
        return apply.op() instanceof Contraction product && product.multipliesRows()
                && apply.inputs().getFirst() == left && apply.inputs().getLast() != left && lookups.containsKey(left)
                && shape(apply.inputs().getLast()).rank() == 2
                && LookedUp.isWorthAProduct(spec(lookups.get(left).table).shape(),
                        spec(lookups.get(left).index).shape().size());
    }

    /** Whether the same is done to each of the rows, which the result has, too, and there are as many as in the table. */
    private boolean isDoneToRows(Graph.Apply apply, int rows) {
        return apply.op() instanceof Elementwise && lookups.containsKey(rows)
                && shape(rows).equals(apply.spec().shape()) && uses(rows) >= 1
                && apply.inputs().stream().allMatch(input -> input == rows || shape(input).rank() < 2);
    }

    /** How often each row of the table is looked up on average, rounded down. */
    private int uses(int rows) {
        return spec(lookups.get(rows).index).shape().size() / spec(lookups.get(rows).table).shape().dim(0);
    }

    /** Rows of what becomes of a table by what an operation does to the rows. */
    private Lookup ofTable(Graph.Apply apply, int rows, boolean isProduct) {
        Lookup looked = lookups.get(rows);
        List<Integer> inputs =
                apply.inputs().stream().map(input -> input == rows ? looked.table : number(input)).toList();
        return new Lookup(add(apply.op(), inputs, apply), looked.index, isProduct);
    }

    /** Whether a step saves a product, and who reads it does so to all rows alike, or all who do look up rows for themselves, not more in all. */
    private boolean goesOn(int step) {
        if (!lookups.get(step).isProduct || users.isKept(step)) {
            return false;
        }
        List<Graph.Apply> readers = users.of(step).stream().map(user -> (Graph.Apply) graph.steps().get(user)).toList();
        return readers.size() == 1 && isDoneToRows(readers.getFirst(), step)
                || readers.stream()
                        .allMatch(reader -> reader.op() instanceof View view && view.ofRows(shape(step)).isPresent())
                        && readers.stream().mapToLong(reader -> reader.spec().shape().size()).sum()
                                <= shape(step).size();
    }

    private Shape shape(int step) {
        return graph.steps().get(step).spec().shape();
    }

    // ---- what is written

    private int number(int step) {
        Integer known = numbers.get(step);
        if (known == null) {
            known = written(step);
            numbers.put(step, known);
        }
        return known;
    }

    private int written(int step) {
        if (!(graph.steps().get(step) instanceof Graph.Apply apply)) {
            return add(graph.steps().get(step));
        }
        Lookup lookup = lookups.get(step);
        if (lookup == null || !lookup.isProduct) {
            return add(new Graph.Apply(apply.op(), apply.inputs().stream().map(this::number).toList(), apply.spec(),
                    apply.place()));
        }
        Shape rows = Shape.of(spec(lookup.index).shape().size(), apply.spec().shape().dim(-1));
        int column = add(new Reshape(rows.with(1, 1)), List.of(lookup.index), apply);
        int index = add(new Expand(rows), List.of(column), apply);
        int found = add(new Gather(0), List.of(lookup.table, index), apply);
        return rows.equals(apply.spec().shape()) ? found
                : add(new Reshape(apply.spec().shape()), List.of(found), apply);
    }

    /** A step that is there because of another one. */
    private int add(Op op, List<Integer> inputs, Graph.Apply cause) {
        TensorSpec spec = op.infer(inputs.stream().map(this::spec).toList());
        return add(new Graph.Apply(op, inputs, spec, cause.place()));
    }

    private int add(Graph.Step step) {
        steps.add(step);
        return steps.size() - 1;
    }

    /** Of a new step. */
    private TensorSpec spec(int number) {
        return steps.get(number).spec();
    }
}
