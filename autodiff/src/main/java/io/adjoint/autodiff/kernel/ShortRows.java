package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.kernel.RowKernel.Step;
import io.adjoint.autodiff.kernel.RowKernel.Value;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The steps of a {@link RowKernel} on rows that are shorter than vectors, such as the scores of a few classes: columns are the first
 * axis of each value, so that rows lie side by side in vectors. The order in which a row is joined is the same along any axis.
 */
final class ShortRows {
    /** Longer rows fill vectors by themselves. */
    private static final int MOST_COLUMNS = 15;

    /** With fewer rows, vectors are not filled this way either. */
    private static final int LEAST_ROWS = 16;

    /** Elements of a value that stay in near caches while all steps run, one after the other. */
    private static final int MOST_ELEMENTS = 4096;

    /** The columns first, then the other axes. */
    private final Shape shape;

    private final Shape rest;
    private final int[] order;
    private final Array[] inputs;
    private final Array[] computed;
    private final List<Launch> launches = new ArrayList<>();

    private ShortRows(Shape rows, int inputs, int values) {
        int last = rows.rank() - 1;
        this.order = IntStream.range(0, last + 1).map(axis -> axis == 0 ? last : axis - 1).toArray();
        this.shape = Shape.of(Arrays.stream(order).map(rows::dim).toArray());
        this.rest = Shape.of(Arrays.copyOf(rows.dims(), last));
        this.inputs = new Array[inputs];
        this.computed = new Array[values];
    }

    /** Whether there are many short rows, and not more than a cache takes. */
    static boolean serves(Shape shape) {
        int columns = shape.dim(-1);
        return columns > 1 && columns <= MOST_COLUMNS && shape.size() >= LEAST_ROWS * columns
                && shape.size() <= MOST_ELEMENTS;
    }

    /** See {@link RowKernel#prepare}; each step reads maps and reductions before it, or inputs. */
    static Launch prepare(Shape shape, List<Step> steps, List<Value> values, Array[] ins, List<Value> outputs,
            Array... outs) {
        ShortRows rows = new ShortRows(shape, ins.length, steps.size());
        for (int k = 0; k < ins.length; k++) {
            rows.inputs[k] = values.get(k).wide() ? rows.across(ins[k], k) : rows.column(ins[k]);
        }
        for (int k = 0; k < outs.length; k++) {
            if (!outputs.get(k).wide()) {
                rows.computed[outputs.get(k).index()] = rows.column(outs[k]);
            }
        }
        steps.forEach(rows::add);
        for (int k = 0; k < outs.length; k++) {
            if (outputs.get(k).wide()) {
                Array out = outs[k].view(shape, shape.rowMajorStrides(), outs[k].offset());
                rows.launches.add(Moves.prepare(rows.array(outputs.get(k)), out.permute(rows.order)));
            }
        }
        return Launch.all(rows.launches.toArray(Launch[]::new));
    }

    /** An input with its rows side by side, in memory of its own unless they lie so. */
    private Array across(Array input, int number) {
        Array turned = input.permute(order);
        if (turned.stride(order.length - 1) == 1) {
            return turned;
        }
        Array copy = buffer(input.dtype(), shape, ~number);
        launches.add(Moves.prepare(turned, copy));
        return copy;
    }

    private static Array buffer(DType type, Shape shape, int number) {
        return Array.wrap(type, shape, SharedBuffers.of(type, shape.size(), number));
    }

    /** One element for each row. */
    private Array column(Array array) {
        int[] strides = array.isContiguous() ? rest.rowMajorStrides() : Arrays.copyOf(array.strides(), rest.rank());
        return array.view(rest, strides, array.offset());
    }

    private void add(Step step) {
        Value result = step.results().getFirst();
        if (array(result) == null) {
            Shape extents = result.wide() ? shape : rest;
            computed[result.index()] = buffer(result.type(), extents, result.index());
        }
        Array out = array(result);
        launches.add(switch (step) {
            case Step.Map(MapKernel kernel, List<Value> arguments, _) -> kernel.prepare(arguments.stream()
                    .map(argument -> array(argument).broadcastTo(out.shape())).toArray(Array[]::new), out);
            case Step.Reduce(Reducer reducer, Value row, _) -> reducer.prepareFirstAxis(array(row), out);
            case Step.MapReduce fused -> throw new AssertionError(fused);
        });
    }

    private Array array(Value value) {
        return (value.computed() ? computed : inputs)[value.index()];
    }
}
