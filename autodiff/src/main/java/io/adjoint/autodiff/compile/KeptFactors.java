package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.op.MatMul;
import io.adjoint.autodiff.op.MatMulAdd;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.runtime.Array;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The right factors that products keep packed: those that no run of the program changes, and variables that it updates if several
 * products of a run read them in the same order, since an update comes after all that read the old value.
 */
final class KeptFactors {
    private final Graph graph;
    private final Values values;
    private final Set<Variable> updated = Collections.newSetFromMap(new IdentityHashMap<>());
    /** What each product keeps that gains by it. */
    private final Map<Integer, Factor> kept = new HashMap<>();

    /** What is packed: the value of a root, or a part of it, as the product sees it. */
    private record Factor(int root, String matrix) {}

    /** A unit that multiplies, whether or not it adds the product to something. */
    private record Product(Unit.Single unit, MatMul op) {}

    KeptFactors(Graph graph, Values values, List<Unit> units) {
        this.graph = graph;
        this.values = values;
        graph.updates().forEach(update -> updated.add(update.variable()));
        Map<Factor, List<Product>> readers = new HashMap<>();
        for (Unit unit : units) {
            product(unit).filter(product -> mayLast(right(product)))
                    .ifPresent(
                            product -> readers.computeIfAbsent(factor(product), _ -> new ArrayList<>()).add(product));
        }
        readers.forEach((factor, products) -> {
            int least = graph.steps().get(factor.root) instanceof Graph.Read(var variable) && updated.contains(variable)
                    ? 2 : 1;
            if (products.size() >= least) { // how much it would be is not asked without need
                List<Product> gaining = products.stream().filter(product -> bytes(product) > 0).toList();
                if (gaining.size() >= least) {
                    gaining.forEach(product -> kept.put(product.unit.step(), factor));
                }
            }
        });
    }

    /** Whether a value is not computed or given anew in each run. */
    private boolean mayLast(int step) {
        return switch (graph.steps().get(values.root(step))) {
            case Graph.Constant _, Graph.Read _ -> true;
            case Graph.Apply _, Graph.Input _ -> false;
        };
    }

    /** Whether a unit is a product that keeps its right factor. */
    boolean isIn(Unit unit) {
        return unit instanceof Unit.Single(int step, _) && kept.containsKey(step);
    }

    /** Whether a unit is such a product and rows of its result are rows of its left factor, as many of each as one likes. */
    boolean isByRows(Unit unit) {
        return isIn(unit) && unit.reads().size() == 2 && product(unit).orElseThrow().op.left() == MatMul.Side.PLAIN
                && values.array(unit.reads().getFirst()).shape().rank()
                        == values.array(unit.writes().getFirst()).shape().rank();
    }

    /** The bytes of all. */
    long bytes(List<Unit> units) {
        Map<Factor, Long> sizes = new HashMap<>();
        units.stream().filter(this::isIn).map(unit -> product(unit).orElseThrow())
                .forEach(product -> sizes.put(kept.get(product.unit.step()), bytes(product)));
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    private long bytes(Product product) {
        List<Integer> reads = product.unit.reads();
        Array left = values.array(reads.get(reads.size() - 2));
        Array right = values.array(right(product));
        return product.op.kept(left.shape(), right.dtype(), right.shape());
    }

    private Factor factor(Product product) {
        int right = right(product);
        return new Factor(values.root(right), product.op.right().of(values.array(right)).toString());
    }

    private static int right(Product product) {
        return product.unit.reads().getLast();
    }

    private Optional<Product> product(Unit unit) {
        return unit instanceof Unit.Single single
                ? product(((Graph.Apply) graph.steps().get(single.step())).op()).map(op -> new Product(single, op))
                : Optional.empty();
    }

    private static Optional<MatMul> product(Op op) {
        return switch (op) {
            case MatMul product -> Optional.of(product);
            case MatMulAdd add -> Optional.of(add.product());
            default -> Optional.empty();
        };
    }
}
