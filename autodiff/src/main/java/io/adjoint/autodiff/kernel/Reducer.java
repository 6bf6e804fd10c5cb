package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.kernel.ReduceKernel.Combine;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.Lane.BinaryOp;
import io.adjoint.autodiff.runtime.Array;
import java.util.List;
import java.util.Map;
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
    private final Map<Layout, Loop> rows = new ConcurrentHashMap<>();

    private Reducer(Key key) {
        combine = key.combine;
        type = key.type;
        mode = key.mode;
        op = key.combine.op();
        identity = key.combine.identity(type);
        Lane x = Lane.input(0, type);
        nothing = MapKernel.of(identity, mode);
        begin = MapKernel.of(new Lane.Binary(op, identity, x), mode);
        join = MapKernel.of(new Lane.Binary(op, x, Lane.input(1, type)), mode);
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
        Loop known = rows.get(layout);
        return known != null ? known : rows.computeIfAbsent(layout, this::emitRows);
    }

    /** This reduction of the values of an expression, a node of which is kept. */
    MapReduceKernel of(Lane value, Optional<Lane> kept) {
        return new MapReduceKernel(value, kept, combine, mode);
    }

    private Loop emitRows(Layout layout) {
        Loop scalar = ScalarLoops.reduce(op, type, identity.bits(), layout);
        if (mode == Simd.Mode.OFF || !SimdLoops.handlesReduce(type, layout)) {
            return scalar;
        }
        TieredLoop tiered = new TieredLoop(scalar, () -> SimdLoops.reduce(op, type, identity.bits()),
                ReduceKernel.PARTIALS, new Rehearsal(List.of(type, type), List.of(layout), 1));
        return mode == Simd.Mode.EAGER ? tiered.eager() : tiered;
    }

    /**
     * Joins {@code n} rows, whole rows at a time, for some columns of a nest over input and output. The rows are {@code
     * stride} apart in the input; partial results are rows too.
     */
    void columns(int n, int stride, Nest nest, int row, int column, int columns) {
        Object in = nest.array(0);
        int start = nest.position(0, row, column);
        int step = nest.columnStride(0);
        int used = Math.min(n, ReduceKernel.PARTIALS);
        Object out = nest.array(1);
        int end = nest.position(1, row, column);
        Object partials = used == 1 ? out : Array.allocate(type, Shape.of(used * columns)).data();
        Layout layout = Layout.of(step);

        begin.loop(layout).runJoined(new Object[] {in, partials}, new int[] {start, used == 1 ? end : 0},
                new int[] {stride, columns}, new int[] {step, 1}, used, columns);

        Object[] joined = {partials, in, partials};
        int[] rowStrides = {columns, stride, columns};
        int[] columnStrides = {1, step, 1};
        Loop next = join.loop(Layout.UNIT, layout);
        for (int r = used; r < n; r += used) {
            next.runJoined(joined, new int[] {0, start + r * stride, 0}, rowStrides, columnStrides,
                    Math.min(used, n - r), columns);
        }

        Loop fold = join.loop(Layout.UNIT, Layout.UNIT);
        int[] steps = {columns, columns, columns};
        int[] ones = {1, 1, 1};
        for (int width = ReduceKernel.PARTIALS / 2; width > 0; width /= 2) {
            int pairs = Math.min(width, used - width);
            if (pairs > 0) {
                fold.runJoined(new Object[] {partials, partials, width == 1 ? out : partials},
                        new int[] {0, width * columns, width == 1 ? end : 0}, steps, ones, pairs, columns);
            }
        }
    }

    /** Memory for the partial results of {@link #runs}. */
    Object partials() {
        return Array.allocate(type, Shape.of(ReduceKernel.PARTIALS)).data();
    }

    /**
     * Joins the elements of a nest over one input, {@code shift} further on, to one element of {@code out}. The partial
     * results go round like a ring, so the runs may begin and end anywhere in it.
     */
    void runs(Nest runs, int shift, Object partials, Object out, int place) {
        int[] zeros = {0, 0, 0};
        int step = runs.columnStride(0);
        int[] steps = {1, step, 1};
        int[] rounds = {0, ReduceKernel.PARTIALS * step, 0};
        Object[] arrays = {partials, runs.array(0), partials};
        Loop next = join.loop(Layout.UNIT, Layout.of(step));
        nothing.loop().run(new Object[] {partials}, zeros, zeros, steps, 1, ReduceKernel.PARTIALS);
        int phase = 0;
        for (int row = 0; row < runs.rows(); row++) {
            int start = runs.position(0, row, 0) + shift;
            int left = runs.columns();
            while (left > 0) {
                boolean wholeRounds = phase == 0 && left >= ReduceKernel.PARTIALS;
                int rows = wholeRounds ? left / ReduceKernel.PARTIALS : 1;
                int columns = wholeRounds ? ReduceKernel.PARTIALS : Math.min(left, ReduceKernel.PARTIALS - phase);
                next.run(arrays, new int[] {phase, start, phase}, rounds, steps, rows, columns);
                start += rows * columns * step;
                left -= rows * columns;
                phase = (phase + columns) % ReduceKernel.PARTIALS;
            }
        }
        rows(Layout.UNIT).run(new Object[] {partials, out}, new int[] {0, place}, zeros, steps, 1,
                ReduceKernel.PARTIALS);
    }
}
