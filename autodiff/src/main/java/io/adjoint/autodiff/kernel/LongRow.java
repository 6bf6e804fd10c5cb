package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.kernel.RowKernel.Step;
import io.adjoint.autodiff.kernel.RowKernel.Value;
import io.adjoint.autodiff.runtime.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The row that a {@link RowKernel} works on where each row is made of runs that lie apart, and the memory for what its steps
 * compute of it. A reduction joins each run first, then what the runs gave.
 */
final class LongRow {
    private static final int[] ONE = {1, 1};
    private static final int[] NOWHERE = {0, 0};

    private final int runs;
    private final int columns;
    private final Array[] inputs;
    /** Where the value of each step lies: in an output, which holds all rows, or in a buffer for this one. */
    private final Array[] computed;

    private final Call[] calls;

    /** All inputs, and the outputs with an element in each column, are views {@code [rows, runs, columns]}. */
    LongRow(Shape shape, Array[] inputs, List<Step> steps, int values, List<Value> outputs, Array[] outs) {
        this.runs = shape.dim(1);
        this.columns = shape.dim(2);
        this.inputs = inputs;
        this.computed = new Array[values];
        for (int k = 0; k < outs.length; k++) {
            computed[outputs.get(k).index()] = outs[k];
        }
        for (Step step : steps) {
            for (Value value : step.results()) {
                if (computed[value.index()] == null) {
                    computed[value.index()] = buffer(value);
                }
            }
        }
        this.calls = steps.stream().map(this::call).toArray(Call[]::new);
    }

    /** The same memory for every row. */
    private Array buffer(Value value) {
        Array one = Array.allocate(value.type(), value.wide() ? Shape.of(runs, columns) : Shape.scalar());
        return value.wide() ? one.view(Shape.of(1, runs, columns), new int[] {0, columns, 1}, one.offset())
                : one.view(Shape.of(1), new int[] {0}, one.offset());
    }

    /** Runs the steps on a row. */
    void run(int row) {
        for (Call call : calls) {
            call.run(row);
        }
    }

    /** A step with everything about its operands that is the same in all rows. */
    private final class Call {
        private final Array[] operands;
        private final boolean wide;
        private final Object[] arrays;
        private final int[] starts;
        private final int[] runStrides;
        private final int[] columnStrides;
        private final Loop loop;
        /** Joins what the runs gave. */
        private final Optional<Loop> join;

        private final Object[] joined;
        private final int[] places = new int[2];

        Call(Step step, Function<Layout[], Loop> loop, Optional<Reducer> reducer) {
            List<Value> values = new ArrayList<>(step.arguments());
            values.addAll(step.results());
            int last = values.size() - 1;
            this.operands = values.stream().map(this::array).toArray(Array[]::new);
            this.wide = reducer.isPresent() || values.get(last).wide();
            this.arrays = new Object[last + 1];
            this.starts = new int[last + 1];
            this.runStrides = new int[last + 1];
            this.columnStrides = new int[last + 1];
            for (int k = 0; k <= last; k++) {
                boolean spread = values.get(k).wide();
                arrays[k] = operands[k].data();
                runStrides[k] = wide && spread ? operands[k].stride(1) : 0;
                columnStrides[k] = !wide ? 1 : spread ? operands[k].stride(2) : 0;
            }
            Layout[] layouts = new Layout[step.arguments().size()];
            for (int k = 0; k < layouts.length; k++) {
                layouts[k] = Layout.of(columnStrides[k]);
            }
            this.loop = loop.apply(layouts);
            this.join = reducer.map(each -> each.rows(runs, Layout.UNIT));
            if (join.isPresent()) {
                arrays[last] = Array.allocate(values.get(last).type(), Shape.of(runs)).data();
                runStrides[last] = 1;
                columnStrides[last] = 1;
            }
            this.joined = new Object[] {arrays[last], operands[last].data()};
        }

        private Array array(Value value) {
            return (value.computed() ? computed : inputs)[value.index()];
        }

        void run(int row) {
            for (int k = 0; k < starts.length; k++) {
                starts[k] = operands[k].offset() + row * operands[k].stride(0);
            }
            if (join.isEmpty()) {
                loop.runJoined(arrays, starts, runStrides, columnStrides, wide ? runs : 1, wide ? columns : 1);
                return;
            }
            int last = starts.length - 1;
            places[1] = starts[last];
            starts[last] = 0;
            loop.run(arrays, starts, runStrides, columnStrides, runs, columns);
            join.get().run(joined, places, NOWHERE, ONE, 1, runs);
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
