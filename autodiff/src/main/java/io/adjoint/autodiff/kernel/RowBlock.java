package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.kernel.RowKernel.Step;
import io.adjoint.autodiff.kernel.RowKernel.Value;
import io.adjoint.autodiff.runtime.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A few rows that a {@link RowKernel} works on at a time, and the memory for what its steps compute of them. */
final class RowBlock {
    private final Nest inputs;
    private final int inputCount;
    private final int columns;
    /** Where the value of each step lies: in an output, which holds all rows, or in a buffer for those of one block. */
    private final Object[] computed;

    private final int[] offsets;
    /** How far it moves on with each row: not at all in a buffer. */
    private final int[] strides;

    /** Where the block begins in each input, then in what each step computes. */
    private final int[] places;

    private final Call[] calls;

    RowBlock(Nest inputs, int inputCount, int columns, int mostRows, List<Step> steps, int values, List<Value> outputs,
            Array[] outs) {
        this.inputs = inputs;
        this.inputCount = inputCount;
        this.places = new int[inputCount + values];
        this.columns = columns;
        this.computed = new Object[values];
        this.offsets = new int[values];
        this.strides = new int[values];
        for (int k = 0; k < outs.length; k++) {
            int index = outputs.get(k).index();
            computed[index] = outs[k].data();
            offsets[index] = outs[k].offset();
            strides[index] = rowStride(outputs.get(k));
        }
        for (Step step : steps) {
            for (Value value : step.results()) {
                if (computed[value.index()] == null) {
                    int size = value.wide() ? mostRows * columns : mostRows;
                    computed[value.index()] = SharedBuffers.of(value.type(), size, value.index());
                }
            }
        }
        this.calls = steps.stream().map(this::call).toArray(Call[]::new);
    }

    /** Runs the steps on the rows from {@code from} on: at most {@code mostRows}, fewer where the inputs' strides break. How many. */
    int run(int from, int mostRows) {
        int rows = Math.min(mostRows, inputs.rowsInStep(from));
        for (int k = 0; k < inputCount; k++) {
            places[k] = inputs.position(k, from, 0);
        }
        for (int k = 0; k < strides.length; k++) {
            places[inputCount + k] = offsets[k] + from * strides[k];
        }
        for (Call call : calls) {
            call.run(rows);
        }
        return rows;
    }

    /** A step with everything about its operands that is the same in all blocks. */
    private final class Call {
        /** Which of the places each operand begins at. */
        private final int[] numbers;

        private final boolean wide;
        private final Object[] arrays;
        private final int[] starts;
        private final int[] rowStrides;
        private final int[] columnStrides;
        private final Loop loop;
        private final boolean hasRowResult;

        Call(Step step, Function<Layout[], Loop> loop) {
            List<Value> all = new ArrayList<>(step.arguments());
            all.addAll(step.results());
            int operands = all.size();
            this.numbers = all.stream().mapToInt(value -> value.computed() ? inputCount + value.index() : value.index())
                    .toArray();
            this.hasRowResult = !(step instanceof Step.Map);
            this.wide = hasRowResult || all.getLast().wide();
            this.arrays = new Object[operands];
            this.starts = new int[operands];
            this.rowStrides = new int[operands];
            this.columnStrides = new int[operands];
            Layout[] layouts = new Layout[step.arguments().size()];
            for (int k = 0; k < operands; k++) {
                arrays[k] = array(all.get(k));
                // The one element of each row is a column of its own: all of them together make one row.
                rowStrides[k] = wide ? rowStride(all.get(k)) : 0;
                columnStrides[k] = wide ? columnStride(all.get(k)) : rowStride(all.get(k));
                if (k < layouts.length) {
                    layouts[k] = Layout.of(columnStrides[k]);
                }
            }
            this.loop = loop.apply(layouts);
        }

        void run(int rows) {
            for (int k = 0; k < starts.length; k++) {
                starts[k] = places[numbers[k]];
            }
            if (hasRowResult) {
                loop.run(arrays, starts, rowStrides, columnStrides, rows, columns);
            } else {
                loop.runJoined(arrays, starts, rowStrides, columnStrides, wide ? rows : 1, wide ? columns : rows);
            }
        }
    }

    private Call call(Step step) {
        return switch (step) {
            case Step.Map(MapKernel kernel, _, _) -> new Call(step, kernel::loop);
            case Step.Reduce(Reducer reducer, _, _) -> new Call(step, layouts -> reducer.rows(columns, layouts[0]));
            case Step.MapReduce(MapReduceKernel kernel, _, _, _) ->
                new Call(step, layouts -> kernel.rowLoop(columns, layouts));
        };
    }

    private Object array(Value value) {
        return value.computed() ? computed[value.index()] : inputs.array(value.index());
    }

    private int rowStride(Value value) {
        if (!value.computed()) {
            return inputs.rowStride(value.index());
        }
        return value.wide() ? columns : 1;
    }

    private int columnStride(Value value) {
        if (columns == 1) {
            return 1;
        }
        if (!value.wide()) {
            return 0;
        }
        return value.computed() ? 1 : inputs.columnStride(value.index());
    }
}
