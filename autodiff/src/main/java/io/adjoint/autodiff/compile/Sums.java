package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.op.MatMul;
import io.adjoint.autodiff.op.MatMulAdd;
import io.adjoint.autodiff.op.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts products that are added up into units of their own. Only so many at a time: their factors have to be kept until all
 * are there.
 */
final class Sums {
    /** Sum over the products of their inner extents: more would not be computed at once anyway. */
    private static final int MOST_DEPTH = 512;

    private final Graph graph;
    private final Users users;

    private Sums(Graph graph, Users users) {
        this.graph = graph;
        this.users = users;
    }

    /** The units, in which single products have become sums. */
    static List<Unit> of(Graph graph, Users users, List<Unit> units) {
        return new Sums(graph, users).joined(units);
    }

    private List<Unit> joined(List<Unit> units) {
        Map<Integer, List<Integer>> chains = new HashMap<>();
        Set<Integer> taken = new HashSet<>();
        for (Unit unit : units) {
            if (unit instanceof Unit.Single(int step, List<Integer> reads) && op(step) instanceof MatMulAdd
                    && isMatrices(step)) {
                int base = reads.getFirst();
                List<Integer> chain = chains.getOrDefault(base, List.of(base));
                boolean goesOn = isProduct(base) && users.isReadOnce(base)
                        && depth(chain) + depth(List.of(step)) <= MOST_DEPTH;
                List<Integer> longer = new ArrayList<>(goesOn ? chain : List.of());
                longer.add(step);
                chains.put(step, longer);
                if (goesOn) {
                    taken.add(base);
                }
            }
        }
        List<Unit> joined = new ArrayList<>();
        for (Unit unit : units) {
            List<Integer> chain =
                    unit instanceof Unit.Single(int step, _) ? chains.getOrDefault(step, List.of()) : List.of();
            if (chain.size() > 1 && !taken.contains(chain.getLast())) {
                joined.add(sum(chain));
            } else if (!(unit instanceof Unit.Single(int step, _)) || !taken.contains(step)) {
                joined.add(unit);
            }
        }
        return joined;
    }

    private Unit.Sum sum(List<Integer> chain) {
        List<Integer> reads = new ArrayList<>(inputs(chain.getFirst()));
        chain.subList(1, chain.size()).forEach(step -> reads.addAll(inputs(step).subList(1, 3)));
        return new Unit.Sum(List.copyOf(chain), reads);
    }

    private boolean isProduct(int step) {
        return (op(step) instanceof MatMul || op(step) instanceof MatMulAdd) && isMatrices(step);
    }

    private Op op(int step) {
        return graph.steps().get(step) instanceof Graph.Apply apply ? apply.op() : null;
    }

    private List<Integer> inputs(int step) {
        return ((Graph.Apply) graph.steps().get(step)).inputs();
    }

    private boolean isMatrices(int step) {
        return graph.steps().get(step).spec().dtype().isFloat() && depth(List.of(step)) > 0
                && inputs(step).stream().allMatch(input -> graph.steps().get(input).spec().shape().rank() == 2);
    }

    private int depth(List<Integer> steps) {
        int depth = 0;
        for (int step : steps) {
            List<Integer> inputs = inputs(step);
            MatMul.Side left = op(step) instanceof MatMulAdd add ? add.left() : ((MatMul) op(step)).left();
            var shape = graph.steps().get(inputs.get(inputs.size() - 2)).spec().shape();
            depth += shape.rank() < 2 ? 0 : shape.dim(left == MatMul.Side.PLAIN ? -1 : -2);
        }
        return depth;
    }
}
