package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.kernel.ReduceKernel.Combine;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.Lane.BinaryOp;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The loops of one kind of reduction on one dtype, kept for the life of the virtual machine. */
final class Reducer {
    private static final ConcurrentHashMap<Key, Reducer> KNOWN = new ConcurrentHashMap<>();

    private record Key(Combine combine, DType type, Simd.Mode mode) {}

    private final Combine combine;
    private final DType type;
    private final Simd.Mode mode;
    private final BinaryOp op;
    private final Lane.Constant identity;
    private final MapKernel nothing;
    private final MapKernel begin;
    private final MapKernel join;
    private final MapKernel joinDeeply;
    private final MapReduceKernel whole;
    private final LoopTable rows = new LoopTable(this::emitRows);

    private Reducer(Key key) {
        combine = key.combine;
        type = key.type;
        mode = key.mode;
        op = key.combine.op();
        identity = key.combine.identity(type);
        Lane x = Lane.input(0, type);
        nothing = MapKernel.of(identity, mode);
        begin = MapKernel.of(new Lane.Binary(op, identity, x), mode);
        whole = new MapReduceKernel(x, Optional.empty(), combine, mode);
        join = MapKernel.of(new Lane.Binary(op, x, Lane.input(1, type)), mode);
        Lane joined = x;
        for (int k = 1; k <= ReducedColumns.DEPTH; k++) {
            joined = new Lane.Binary(op, joined, Lane.input(k, type));
        }
        joinDeeply = MapKernel.of(joined, mode);
    }

    static Reducer of(Combine combine, DType type, Simd.Mode mode) {
        Key key = new Key(combine, type, mode);
        Reducer known = KNOWN.get(key);
        return known != null ? known : KNOWN.computeIfAbsent(key, Reducer::new);
    }

    /** Fills the array with what nothing reduces to. */
    void fill(Array out) {
        nothing.run(new Array[0], out);
    }

    /** The loop that joins the columns of each row; its operands are the input and the output. */
    Loop rows(Layout layout) {
        return rows.get(layout);
    }

    /** The same for rows of so many columns. */
    Loop rows(int columns, Layout layout) {
        return rows.get(whole.vectors(columns, layout), layout);
    }

    private Loop emitRows(List<Layout> layouts, int vectors) {
        return whole.tiered(ScalarLoops.reduce(op, type, identity.bits(), layouts.getFirst()), layouts, vectors);
    }

    /** Joins the elements along the first axis, to be done again and again. */
    Launch prepareFirstAxis(Array in, Array out) {
        return ReduceKernel.prepare(combine, in, new int[] {0}, out, mode);
    }

    /** This reduction of the values of an expression, a node of which is kept. */
    MapReduceKernel of(Lane value, Optional<Lane> kept) {
        return new MapReduceKernel(value, kept, combine, mode);
    }

    /** Joins rows, whole rows at a time; see {@link ReducedColumns}. */
    ReducedColumns columns(int n, int stride, Nest nest, int mostColumns) {
        Layout layout = Layout.of(nest.columnStride(0));
        Loop next = join.loop(Layout.UNIT, layout);
        Layout[] layouts = new Layout[ReducedColumns.DEPTH + 1];
        Arrays.fill(layouts, layout);
        layouts[0] = Layout.UNIT;
        Loop deep = ReducedColumns.isDeep(n) ? joinDeeply.loop(layouts) : next; // emitting one takes time
        return new ReducedColumns(n, stride, nest, type, mostColumns, begin.loop(layout), next, deep,
                join.loop(Layout.UNIT, Layout.UNIT));
    }

    /** Joins the elements of runs; see {@link ReducedRuns}. */
    ReducedRuns runs(Nest runs, Array out) {
        return new ReducedRuns(runs, out, nothing.loop(), join.loop(Layout.UNIT, Layout.of(runs.columnStride(0))),
                rows(Layout.UNIT));
    }
}
