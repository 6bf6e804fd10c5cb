package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.kernel.RowKernel.Step;
import io.adjoint.autodiff.kernel.RowKernel.Value;
import io.adjoint.autodiff.runtime.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A few rows that a {@link RowKernel} works on at a time where each row is made of runs that lie apart, and the memory for what its
 * steps compute of them. A reduction joins each run first, then what the runs gave. The first runs of all the rows come first, which
 * mostly lie next to each other, then the second ones, so that processors foresee what will be read next.
 */
final class LongRows {
    /** Bytes of all that the steps walk along, which stay in the second level until the last step. */
    private static final int BLOCK = 1 << 20;

    private final int most;
    private final int runs;
    private final int columns;
    private final Array[] inputs;
    /** Where the value of each step lies: in an output, which holds all rows, or in a buffer for a few. */
    private final Array[] computed;
    private final boolean[] isBuffer;

    private final Call[] calls;

    /**
     * All inputs, and the outputs with an element in each column, are views {@code [rows, runs, columns]}.
     *
     * @param most rows at a time
     */
    LongRows(Shape shape, int most, Array[] inputs, List<Step> steps, int values, List<Value> outputs, Array[] outs) {
        this.most = most;
        this.runs = shape.dim(1);
        this.columns = shape.dim(2);
        this.inputs = inputs;
        this.computed = new Array[values];
        this.isBuffer = new boolean[values];
        for (int k = 0; k < outs.length; k++) {
            computed[outputs.get(k).index()] = outs[k];
        }
        for (Step step : steps) {
            for (Value value : step.results()) {
                if (computed[value.index()] == null) {
                    computed[value.index()] = Array.allocate(
                            value.type(), value.wide() ? Shape.of(most, runs, columns) : Shape.of(most));
                    isBuffer[value.index()] = true;
                }
            }
        }
        this.calls = steps.stream().map(this::call).toArray(Call[]::new);
    }

    /** How many rows the steps had better run on at a time, of those that a shape {@code [rows, runs, columns]} has for each thread. */
    static int most(Shape shape, List<Step> steps, int share) {
        long row = (long) shape.dim(1) * shape.dim(2) * steps.stream()
                .flatMap(step -> Stream.concat(step.arguments().stream(), step.results().stream())).filter(Value::wide)
                .distinct().mapToInt(value -> value.type().bytes()).sum();
        return Math.clamp(BLOCK / row, 1, Math.max(1, share));
    }

    /** Runs the steps on at most so many rows. */
    void run(int row, int rows) {
        for (Call call : calls) {
            call.run(row, rows);
        }
    }

    /** A step with everything about its operands that is the same in all rows. */
    private final class Call {
        private final boolean wide;
        private final Object[] arrays;
        private final int[] offsets;
        /** From one row to the next one among all, none in buffers. */
        private final int[] strides;
        private final int[] rowStrides;
        private final int[] runStrides;
        private final int[] columnStrides;
        private final int[] starts;
        private final Loop loop;
        /** Joins what the runs gave. */
        private final Optional<Loop> join;

        private final Object[] joined;
        private final int[] joinedStarts = new int[2];
        private final int[] joinedStrides;
        private final int[] joinedColumns = {1, 1};

        Call(Step step, Function<Layout[], Loop> loop, Optional<Reducer> reducer) {
            List<Value> values = new ArrayList<>(step.arguments());
            values.addAll(step.results());
            int operands = values.size();
            int last = operands - 1;
            this.wide = reducer.isPresent() || values.get(last).wide();
            this.arrays = new Object[operands];
            this.offsets = new int[operands];
            this.strides = new int[operands];
            this.rowStrides = new int[operands];
            this.runStrides = new int[operands];
            this.columnStrides = new int[operands];
            this.starts = new int[operands];
            for (int k = 0; k < operands; k++) {
                Value value = values.get(k);
                Array array = (value.computed() ? computed : inputs)[value.index()];
                int stride = array.stride(0);
                arrays[k] = array.data();
                offsets[k] = array.offset();
                strides[k] = value.computed() && isBuffer[value.index()] ? 0 : stride;
                // the one element of each row is a column of its own: all of them together make one row
                rowStrides[k] = wide ? stride : 0;
                runStrides[k] = value.wide() ? array.stride(1) : 0;
                columnStrides[k] = value.wide() ? array.stride(2) : wide ? 0 : most == 1 ? 1 : stride;
            }
            Layout[] layouts = new Layout[step.arguments().size()];
            for (int k = 0; k < layouts.length; k++) {
                layouts[k] = Layout.of(columnStrides[k]);
            }
            this.loop = loop.apply(layouts);
            this.join = reducer.map(each -> each.rows(runs, Layout.UNIT));
            this.joined = new Object[] {null, arrays[last]};
            this.joinedStrides = new int[] {runs, rowStrides[last]};
            if (join.isPresent()) { // what each run of a row gives stands next to what the others do
                joined[0] = Array.allocate(values.get(last).type(), Shape.of(most, runs)).data();
                arrays[last] = joined[0];
                rowStrides[last] = runs;
                runStrides[last] = 1;
                columnStrides[last] = 1;
            }
        }

        void run(int row, int rows) {
            for (int k = 0; k < starts.length; k++) {
                starts[k] = offsets[k] + row * strides[k];
            }
            if (join.isPresent()) {
                reduce(rows);
            } else if (wide) {
                map(rows);
            } else {
                loop.run(arrays, starts, rowStrides, columnStrides, 1, rows);
            }
        }

        private void map(int rows) {
            if (rows == 1) {
                loop.runJoined(arrays, starts, runStrides, columnStrides, runs, columns);
                return;
            }
            for (int run = 0; run < runs; run++) {
                loop.runJoined(arrays, starts, rowStrides, columnStrides, rows, columns);
                next();
            }
        }

        private void next() {
            for (int k = 0; k < starts.length; k++) {
                starts[k] += runStrides[k];
            }
        }

        private void reduce(int rows) {
            int last = starts.length - 1;
            joinedStarts[1] = starts[last];
            starts[last] = 0;
            if (rows == 1) {
                loop.run(arrays, starts, runStrides, columnStrides, runs, columns);
            } else {
                for (int run = 0; run < runs; run++) {
                    loop.run(arrays, starts, rowStrides, columnStrides, rows, columns);
                    next();
                }
            }
            join.get().run(joined, joinedStarts, joinedStrides, joinedColumns, rows, runs);
        }
    }

    private Call call(Step step) {
        return switch (step) {
            case Step.Map(MapKernel kernel, _, _) -> new Call(step, kernel::loop, Optional.empty());
            case Step.Reduce(Reducer reducer, _, _) ->
                new Call(step, layouts -> reducer.rows(columns, layouts[0]), Optional.of(reducer));
            case Step.MapReduce(MapReduceKernel kernel, _, _, _) ->
                new Call(step, layouts -> kernel.rowLoop(columns, layouts), Optional.of(kernel.reducer()));
        };
    }
}
