package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.kernel.RowKernel.Step;
import io.adjoint.autodiff.kernel.RowKernel.Value;
import io.adjoint.autodiff.runtime.Array;
import java.util.List;

/** A few rows that a {@link RowKernel} works on at a time, and the memory for what its steps compute of them. */
final class RowBlock {
    private final Nest inputs;
    private final int columns;
    /** Where the value of each step lies: in an output, which holds all rows, or in a buffer for those of one block. */
    private final Object[] computed;

    private final int[] offsets;
    private final boolean[] isOutput;
    private int row;
    private int rows;

    RowBlock(Nest inputs, int columns, int mostRows, List<Step> steps, List<Value> outputs, Array[] outs) {
        this.inputs = inputs;
        this.columns = columns;
        this.computed = new Object[steps.size()];
        this.offsets = new int[steps.size()];
        this.isOutput = new boolean[steps.size()];
        for (int k = 0; k < outs.length; k++) {
            int index = outputs.get(k).index();
            computed[index] = outs[k].data();
            offsets[index] = outs[k].offset();
            isOutput[index] = true;
        }
        for (Step step : steps) {
            Value value = step.result();
            if (!isOutput[value.index()]) {
                int size = value.wide() ? mostRows * columns : mostRows;
                computed[value.index()] = Array.allocate(value.type(), Shape.of(size)).data();
            }
        }
    }

    /** Takes the rows from {@code from} on: at most {@code mostRows}, fewer where the inputs' strides break. */
    void moveTo(int from, int mostRows) {
        row = from;
        rows = Math.min(mostRows, inputs.rowsInStep(from));
    }

    int rows() {
        return rows;
    }

    void run(Step step) {
        switch (step) {
            case Step.Map(MapKernel kernel, List<Value> arguments, Value result) -> map(kernel, arguments, result);
            case Step.Reduce(Reducer reducer, Value wide, Value result) -> reduce(reducer, wide, result);
        }
    }

    private void map(MapKernel kernel, List<Value> arguments, Value result) {
        int operands = arguments.size() + 1;
        Object[] arrays = new Object[operands];
        int[] starts = new int[operands];
        int[] rowStrides = new int[operands];
        int[] columnStrides = new int[operands];
        Layout[] layouts = new Layout[operands - 1];
        // The one element of each row is a column of its own: all of them together make one row.
        boolean wide = result.wide();
        for (int k = 0; k < operands; k++) {
            Value value = k < arguments.size() ? arguments.get(k) : result;
            arrays[k] = array(value);
            starts[k] = start(value);
            rowStrides[k] = wide ? rowStride(value) : 0;
            columnStrides[k] = wide ? columnStride(value) : rows == 1 ? 1 : rowStride(value);
            if (k < layouts.length) {
                layouts[k] = Layout.of(columnStrides[k]);
            }
        }
        kernel.loop(layouts).runJoined(arrays, starts, rowStrides, columnStrides, wide ? rows : 1,
                wide ? columns : rows);
    }

    private void reduce(Reducer reducer, Value wide, Value result) {
        int step = columnStride(wide);
        reducer.rows(Layout.of(step)).run(new Object[] {array(wide), array(result)},
                new int[] {start(wide), start(result)}, new int[] {rowStride(wide), 1}, new int[] {step, 0}, rows,
                columns);
    }

    private Object array(Value value) {
        return value.computed() ? computed[value.index()] : inputs.array(value.index());
    }

    private int start(Value value) {
        int index = value.index();
        if (!value.computed()) {
            return inputs.position(index, row, 0);
        }
        return isOutput[index] ? offsets[index] + row * rowStride(value) : 0;
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
