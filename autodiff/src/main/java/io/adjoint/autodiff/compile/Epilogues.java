package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.kernel.Epilogue;
import io.adjoint.autodiff.kernel.MapKernel;
import io.adjoint.autodiff.op.MatMul;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Makes loops the epilogues of products that they alone read: each runs over the parts of the product while they are in cache.
 * The bits are the same, since each element is computed as before.
 */
final class Epilogues {
    private final Graph graph;
    private final Values values;
    private final List<Unit> units;
    private final KeptFactors kept;
    private final Strips.Sizes strips;
    private final Set<Integer> stored = new HashSet<>();
    /** What is returned or stored, as a whole or in part. */
    private final Set<Integer> lasting = new HashSet<>();
    /** How many units read each root. */
    private final Map<Integer, Integer> readers = new HashMap<>();

    private Epilogues(Graph graph, Values values, List<Unit> units, KeptFactors kept, Strips.Sizes strips) {
        this.graph = graph;
        this.values = values;
        this.units = units;
        this.kept = kept;
        this.strips = strips;
        graph.updates().forEach(update -> stored.add(update.step()));
        stored.forEach(step -> lasting.add(values.root(step)));
        graph.outputs().forEach(step -> lasting.add(values.root(step)));
        units.forEach(unit -> unit.reads().stream().map(values::root).distinct()
                .forEach(root -> readers.merge(root, 1, Integer::sum)));
    }

    /** The units, in which loops have joined products. */
    static List<Unit> of(Graph graph, Values values, List<Unit> units, KeptFactors kept, Strips.Sizes strips) {
        return new Epilogues(graph, values, units, kept, strips).joined();
    }

    private List<Unit> joined() {
        Map<Integer, Unit.Single> products = new HashMap<>();
        for (Unit unit : units) {
            if (unit instanceof Unit.Single single && mayBeFinished(single)) {
                products.put(single.step(), single);
            }
        }
        Map<Unit, Unit> joined = new HashMap<>();
        for (Unit unit : units) {
            if (unit instanceof Unit.Fused loop) {
                // of several products the last one, which mostly comes when the others are there
                loop.reads().stream().map(values::root).filter(products::containsKey).max(Integer::compare)
                        .map(products::get)
                        .filter(product -> finishes(loop, product))
                        .ifPresent(product -> {
                            joined.put(product, loop);
                            joined.put(loop, Unit.Finished.of(product, loop, values));
                        });
            }
        }
        List<Unit> all = new ArrayList<>();
        for (Unit unit : units) {
            switch (joined.getOrDefault(unit, unit)) {
                case Unit.Fused loop when unit instanceof Unit.Single -> {} // it runs with the loop
                case Unit other -> all.add(other);
            }
        }
        return all;
    }

    /** Whether it is a product of floats that lies in one piece, and no strip would rather have it. */
    private boolean mayBeFinished(Unit.Single unit) {
        int step = unit.step();
        Array out = values.array(step);
        return ((Graph.Apply) graph.steps().get(step)).op() instanceof MatMul product && out.dtype().isFloat()
                && out.isContiguous() && !lasting.contains(step) && readers.getOrDefault(step, 0) == 1
                && product.separableAxes(unit.reads().stream().map(read -> graph.steps().get(read).spec()).toList())
                        == 0
                && !(kept.isByRows(unit) && bytes(step) >= strips.least());
    }

    /** Whether a loop can run over parts of a product, and it pays. */
    private boolean finishes(Unit.Fused loop, Unit.Single product) {
        Array whole = values.array(product.step());
        Shape shape = values.array(loop.writes().getFirst()).shape();
        return shape.size() == whole.size() && shape.rank() > 1 && shape.dim(-1) == whole.shape().dim(-1)
                && loop.reads().stream().filter(read -> values.root(read) == product.step())
                        .allMatch(read -> values.isWhole(read) && values.array(read).size() == whole.size()
                                && values.array(read).shape().equals(shape))
                && loop.writes().stream().map(values::array).allMatch(Epilogues::isInRows)
                && loop.reads().stream().allMatch(read -> matrix(values.array(read).broadcastTo(shape)).isPresent())
                && (loop.writes().stream().noneMatch(stored::contains) || mayWait(product));
    }

    /** Whether it takes no more memory to keep the factors until variables may be written than to keep the product. */
    private boolean mayWait(Unit.Single product) {
        return product.reads().stream().map(values::root).distinct()
                .filter(root -> graph.steps().get(root) instanceof Graph.Apply)
                .mapToLong(this::bytes).sum() <= bytes(product.step());
    }

    private long bytes(int step) {
        return Work.bytes(graph.steps().get(step).spec());
    }

    /**
     * The work of a loop on parts of a product's result.
     *
     * @param inputs stretched to the shape of the loop
     */
    static Epilogue bind(MapKernel kernel, List<Array> inputs, List<Array> outs) {
        List<Array> in = inputs.stream().map(x -> matrix(x).orElseThrow()).toList();
        List<Array> out = outs.stream().map(x -> matrix(x).orElseThrow()).toList();
        return (row, column, rows, columns) -> {
            Function<Array, Array> part = x -> x.view(Shape.of(rows, columns), x.strides(),
                    x.offset() + row * x.stride(0) + column * x.stride(1));
            // whoever computes the part does all of its work
            return Workers.withThreads(1, () -> kernel.prepareMatrix(in.stream().map(part).toArray(Array[]::new),
                    out.stream().map(part).toArray(Array[]::new)));
        };
    }

    private static boolean isInRows(Array x) {
        return matrix(x).isPresent() && (x.stride(x.shape().rank() - 1) == 1 || x.shape().dim(-1) == 1);
    }

    /** All axes but the last as one, if one stride leads along them. */
    private static Optional<Array> matrix(Array x) {
        int last = x.shape().rank() - 1;
        if (last < 1) {
            return Optional.empty();
        }
        int rows = 1;
        int stride = 0;
        for (int axis = last - 1; axis >= 0; axis--) {
            int extent = x.shape().dim(axis);
            if (extent != 1) {
                if (rows > 1 && x.stride(axis) != rows * stride) {
                    return Optional.empty();
                }
                stride = rows == 1 ? x.stride(axis) : stride;
                rows *= extent;
            }
        }
        return Optional.of(x.view(Shape.of(rows, x.shape().dim(last)), new int[] {stride, x.stride(last)}, x.offset()));
    }
}
