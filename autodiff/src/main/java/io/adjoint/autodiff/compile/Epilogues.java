package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.kernel.Epilogue;
import io.adjoint.autodiff.kernel.MapKernel;
import io.adjoint.autodiff.op.Finishing;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Makes loops the epilogues of products and convolutions that they alone read: each runs over the parts of the product while they
 * are in cache.
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

    /** Whether it is a product or a convolution of floats that lies in one piece, and no strip would rather have it. */
    private boolean mayBeFinished(Unit.Single unit) {
        int step = unit.step();
        Array out = values.array(step);
        Op op = ((Graph.Apply) graph.steps().get(step)).op();
        return op instanceof Finishing && out.dtype().isFloat()
                && out.isContiguous() && !lasting.contains(step) && readers.getOrDefault(step, 0) == 1
                && op.separableAxes(unit.reads().stream().map(read -> graph.steps().get(read).spec()).toList())
                        == 0
                && !(kept.isByRows(unit) && bytes(step) >= strips.least());
    }

    /** Whether a loop can run over parts of a product, and it pays. */
    private boolean finishes(Unit.Fused loop, Unit.Single product) {
        Array whole = values.array(product.step());
        Finishing op = (Finishing) ((Graph.Apply) graph.steps().get(product.step())).op();
        Shape shape = values.array(loop.writes().getFirst()).shape();
        return shape.size() == whole.size() && hasParts(op, shape, whole.shape())
                && loop.reads().stream().filter(read -> values.root(read) == product.step())
                        .allMatch(read -> values.isWhole(read) && values.array(read).size() == whole.size()
                                && values.array(read).shape().equals(shape))
                && loop.writes().stream().allMatch(written -> isInRows(op, values.array(written)))
                && loop.reads().stream()
                        .allMatch(read -> matrices(op, values.array(read).broadcastTo(shape)).isPresent())
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

    /** Whether matrices of the loop are those of the product, or all of either are one, with the same columns. */
    private static boolean hasParts(Finishing op, Shape loop, Shape product) {
        int rank = loop.rank();
        int columns = op.columnAxes(product.rank());
        int same = op.rowAxes(product.rank()) == product.rank() - columns ? columns : product.rank();
        return rank > columns && rank >= same && op.columnAxes(rank) == columns
                && IntStream.rangeClosed(1, same).allMatch(axis -> loop.dim(-axis) == product.dim(-axis));
    }

    /**
     * The work of a loop on parts of a product's result.
     *
     * @param inputs stretched to the shape of the loop
     */
    static Epilogue bind(MapKernel kernel, Finishing op, List<Array> inputs, List<Array> outs) {
        List<Array> in = inputs.stream().map(x -> matrices(op, x).orElseThrow()).toList();
        List<Array> out = outs.stream().map(x -> matrices(op, x).orElseThrow()).toList();
        int height = out.getFirst().shape().dim(1);
        return (row, column, rows, columns) -> {
            Function<Array, Array> part = x -> x.view(
                    Shape.of(Math.ceilDiv(rows, height), Math.min(rows, height), columns),
                    x.strides(),
                    x.offset() + row / height * x.stride(0) + row % height * x.stride(1) + column * x.stride(2));
            // whoever computes the part does all of its work
            return Workers.withThreads(1, () -> launch(kernel, in.stream().map(part).toList(),
                    out.stream().map(part).toList()));
        };
    }

    private static Launch launch(MapKernel kernel, List<Array> in, List<Array> out) {
        if (out.stream().allMatch(Array::isContiguous)) {
            return kernel.prepare(in.toArray(Array[]::new), out.toArray(Array[]::new));
        }
        Launch[] matrices = new Launch[out.getFirst().shape().dim(0)];
        Arrays.setAll(matrices, i -> kernel.prepareMatrix(in.stream().map(x -> matrix(x, i)).toArray(Array[]::new),
                out.stream().map(x -> matrix(x, i)).toArray(Array[]::new)));
        return Launch.all(matrices);
    }

    private static Array matrix(Array x, int number) {
        return x.view(Shape.of(x.shape().dim(1), x.shape().dim(2)), new int[] {x.stride(1), x.stride(2)},
                x.offset() + number * x.stride(0));
    }

    private static boolean isInRows(Finishing op, Array x) {
        return matrices(op, x).filter(all -> all.stride(2) == 1 || all.shape().dim(2) == 1).isPresent();
    }

    /** {@code [matrices, rows, columns]}, if one stride leads along each of them. */
    private static Optional<Array> matrices(Finishing op, Array x) {
        int rank = x.shape().rank();
        int columns = rank - op.columnAxes(rank);
        int rows = columns - op.rowAxes(rank);
        return Optional.of(x).flatMap(all -> joined(all, columns, rank)).flatMap(all -> joined(all, rows, columns))
                .flatMap(all -> joined(all, 0, rows));
    }

    /** Some axes, or none, as one, if one stride leads along them. */
    private static Optional<Array> joined(Array x, int from, int to) {
        int extent = 1;
        int stride = 0;
        for (int axis = to - 1; axis >= from; axis--) {
            int next = x.shape().dim(axis);
            if (next != 1) {
                if (extent > 1 && x.stride(axis) != extent * stride) {
                    return Optional.empty();
                }
                stride = extent == 1 ? x.stride(axis) : stride;
                extent *= next;
            }
        }
        int gone = to - from - 1;
        int[] dims = new int[x.shape().rank() - gone];
        int[] strides = new int[dims.length];
        for (int axis = 0; axis < dims.length; axis++) {
            int old = axis < from ? axis : axis + gone;
            dims[axis] = axis == from ? extent : x.shape().dim(old);
            strides[axis] = axis == from ? stride : x.stride(old);
        }
        return Optional.of(x.view(Shape.of(dims), strides, x.offset()));
    }
}
