package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.op.MatMul;
import io.adjoint.autodiff.op.MatMulAdd;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.runtime.Array;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The right factors that products keep packed: those that no run of the program changes, and variables that it updates if several
 * products of a run read them in the same order, since an update comes after all that read the old value.
 */
final class KeptFactors {
    private final Graph graph;
    private final Values values;
    /** How many products read each that gain by it. */
    private final Map<Factor, Integer> readers = new HashMap<>();

    /** What is packed: the value of a root, or a part of it, as the product sees it. */
    private record Factor(int root, String matrix) {}

    KeptFactors(Graph graph, Values values, List<Unit> units) {
        this.graph = graph;
        this.values = values;
        for (Unit unit : units) {
            product(unit).ifPresent(product -> readers.merge(factor(unit, product), 1, Integer::sum));
        }
    }

    /** Whether a unit is a product that keeps its right factor. */
    boolean isIn(Unit unit) {
        return product(unit).filter(product -> isKept(factor(unit, product))).isPresent();
    }

    /** Whether a unit is such a product and rows of its result are rows of its left factor, as many of each as one likes. */
    boolean isByRows(Unit unit) {
        return isIn(unit) && unit.reads().size() == 2 && product(unit).orElseThrow().left() == MatMul.Side.PLAIN
                && values.array(unit.reads().getFirst()).shape().rank()
                        == values.array(unit.writes().getFirst()).shape().rank();
    }

    /** The bytes of all. */
    long bytes(List<Unit> units) {
        Map<Factor, Long> sizes = new HashMap<>();
        units.stream().filter(this::isIn).forEach(unit -> {
            MatMul product = product(unit).orElseThrow();
            sizes.put(factor(unit, product), bytes(unit, product));
        });
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    private long bytes(Unit unit, MatMul product) {
        Array left = values.array(unit.reads().get(unit.reads().size() - 2));
        Array right = values.array(unit.reads().getLast());
        return product.kept(left.shape(), right.dtype(), right.shape());
    }

    private boolean isKept(Factor factor) {
        return switch (graph.steps().get(factor.root)) {
            case Graph.Constant _ -> true;
            case Graph.Read(var variable) -> readers.get(factor) > 1
                    || graph.updates().stream().noneMatch(update -> update.variable() == variable);
            case Graph.Apply _, Graph.Input _ -> false;
        };
    }

    private Factor factor(Unit unit, MatMul product) {
        int right = unit.reads().getLast();
        return new Factor(values.root(right), product.right().of(values.array(right)).toString());
    }

    /** The product that a unit computes, whether or not it adds it to something, if it gains by a factor that is kept. */
    private Optional<MatMul> product(Unit unit) {
        return unit instanceof Unit.Single(int step, _)
                ? product(((Graph.Apply) graph.steps().get(step)).op()).filter(product -> bytes(unit, product) > 0)
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
