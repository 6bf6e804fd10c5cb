package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A straight program of maps and reductions over the rows of the last axis, run on a few rows at a time, so that what one
 * step leaves the next finds in cache. Its bits are those of the same steps run one after the other by {@link MapKernel}
 * and {@link ReduceKernel}, whose loops it uses.
 *
 * <pre>{@code
 * RowKernel.Builder rows = RowKernel.builder();
 * RowKernel.Value x = rows.input(DType.F32);
 * RowKernel.Value greatest = rows.reduce(Combine.MAX, x);
 * RowKernel.Value e = rows.map(exp(a.sub(b)), x, greatest);      // a, b: Lane inputs 0 and 1
 * RowKernel softmax = rows.build(rows.map(a.div(b), e, rows.reduce(Combine.SUM, e)));
 * }</pre>
 */
public final class RowKernel {
    /** Elements of a value that are worked on at a time: a few such stay in near caches, and fewer are not worth the calls. */
    private static final int BLOCK = 4096;
    /** Blocks of rows for each thread, so that one that is held back can leave some to others. */
    private static final int LEAST_BLOCKS = 4;

    private final List<Value> inputs;
    /** As they were written, each computing the value of its number. */
    private final List<Step> single;
    /** Those that walk over a row. */
    private final List<Step> steps;
    private final int values;
    private final List<Value> outputs;

    private RowKernel(List<Value> inputs, List<Step> single, List<Value> outputs) {
        this.inputs = List.copyOf(inputs);
        this.single = List.copyOf(single);
        this.steps = RowFusion.fuse(single, outputs);
        this.values = single.size();
        this.outputs = List.copyOf(outputs);
    }

    /**
     * A value in the program: an element in each column, or one for the whole row.
     *
     * @param type dtype of its elements
     * @param wide whether there is an element in each column
     * @param computed whether a step computes it, else it is an input
     * @param index its number among the inputs or among the steps
     */
    public record Value(DType type, boolean wide, boolean computed, int index) {}

    /** What a step does to compute its value. */
    sealed interface Step {
        /** What it reads. */
        List<Value> arguments();

        /** The values that it computes. */
        List<Value> results();

        /** Computes {@code result} of the arguments at the same place. */
        record Map(MapKernel kernel, List<Value> arguments, Value result) implements Step {
            @Override
            public List<Value> results() {
                return List.of(result);
            }
        }

        /** Joins the columns of each row. */
        record Reduce(Reducer reducer, Value row, Value result) implements Step {
            @Override
            public List<Value> arguments() {
                return List.of(row);
            }

            @Override
            public List<Value> results() {
                return List.of(result);
            }
        }

        /** Both in one walk over the row; {@code kept} is a value on the way. */
        record MapReduce(MapReduceKernel kernel, List<Value> arguments, Optional<Value> kept, Value result)
                implements Step {
            @Override
            public List<Value> results() {
                return kept.map(value -> List.of(value, result)).orElse(List.of(result));
            }
        }
    }

    /** An empty program. */
    public static Builder builder() {
        return new Builder(Simd.mode());
    }

    static Builder builder(Simd.Mode mode) {
        return new Builder(mode);
    }

    /** A program being written. */
    public static final class Builder {
        private final Simd.Mode mode;
        private final List<Value> inputs = new ArrayList<>();
        private final List<Step> steps = new ArrayList<>();

        private Builder(Simd.Mode mode) {
            this.mode = mode;
        }

        /** The next input, with an element in each column. */
        public Value input(DType type) {
            return input(type, true);
        }

        /** The next input, with one element for each row: its last axis has extent 1. */
        public Value rowInput(DType type) {
            return input(type, false);
        }

        private Value input(DType type, boolean wide) {
            Value input = new Value(type, wide, false, inputs.size());
            inputs.add(input);
            return input;
        }

        /** The expression of the arguments, as its inputs by index: one for the row if all of them are, else in each column. */
        public Value map(Lane expression, Value... arguments) {
            boolean wide = Arrays.stream(arguments).anyMatch(Value::wide);
            Value result = new Value(expression.type(), wide, true, steps.size());
            steps.add(new Step.Map(MapKernel.of(expression, mode), List.of(arguments), result));
            return result;
        }

        /** The elements of the row joined to one. */
        public Value reduce(ReduceKernel.Combine combine, Value row) {
            assert row.wide();
            Value result = new Value(row.type(), false, true, steps.size());
            steps.add(new Step.Reduce(Reducer.of(combine, row.type(), mode), row, result));
            return result;
        }

        /** The kernel that gives these computed values, each named once. */
        public RowKernel build(Value... outputs) {
            assert Arrays.stream(outputs).allMatch(Value::computed);
            assert Arrays.stream(outputs).distinct().count() == outputs.length;
            return new RowKernel(inputs, steps, List.of(outputs));
        }
    }

    /**
     * Runs the program on every row of {@code shape}, which has an axis or more and whose last extent is 1 or more.
     *
     * @param ins stretched to the shape; of a row input, to the shape with a last extent of 1
     * @param outs contiguous, of as many elements as the shape or, for a value of the whole row, as there are rows; not
     *     the memory of each other, nor of an input but for what is computed last, where the input lies like it
     */
    public void run(Shape shape, Array[] ins, Array... outs) {
        prepare(shape, ins, outs).run();
    }

    /** {@link #run} to be done again and again. */
    public Launch prepare(Shape shape, Array[] ins, Array... outs) {
        assert ins.length == inputs.size() && outs.length == outputs.size();
        if (shape.size() == 0) {
            return Launch.NOTHING;
        }
        if (ShortRows.serves(shape)) {
            return ShortRows.prepare(shape, single, inputs, ins, outputs, outs);
        }
        int columns = shape.dim(-1);
        Shape rest = Shape.of(Arrays.copyOf(shape.dims(), shape.rank() - 1));
        int[] columnStrides = new int[ins.length];
        Array[] firstColumns = new Array[ins.length];
        for (int k = 0; k < ins.length; k++) {
            columnStrides[k] = ins[k].stride(rest.rank());
            firstColumns[k] = ins[k].view(rest, Arrays.copyOf(ins[k].strides(), rest.rank()), ins[k].offset());
        }
        Nest nest = Nest.around(columns, columnStrides, firstColumns);
        int rowsPerBlock = Math.clamp(BLOCK / columns, 1, nest.rows());
        return Pieces.prepare(nest.rows(), (long) columns * cost(), () -> {
            RowBlock block = new RowBlock(nest, ins.length, columns, rowsPerBlock, steps, values, outputs, outs);
            return (from, to) -> {
                int row = from;
                while (row < to) {
                    row += block.run(row, Math.min(rowsPerBlock, to - row));
                }
            };
        });
    }

    /**
     * Binds the program to rows that are made of runs: of {@code [rows, runs, columns]}, all 1 or more. A reduction joins the
     * columns of each run first, then the runs.
     *
     * @param ins stretched to the shape; of a row input, to {@code [rows, 1, 1]}
     * @param outs of the shape, the columns next to each other; for a value of the whole row {@code [rows]}; not the memory of each
     *     other, nor of an input but for what is computed last, where the input lies like it
     */
    public Launch prepareLong(Shape shape, Array[] ins, Array... outs) {
        assert shape.rank() == 3 && ins.length == inputs.size() && outs.length == outputs.size();
        int rows = shape.dim(0);
        int threads = Workers.threads();
        int most = LongRows.most(shape, steps, threads == 1 ? rows : rows / (threads * LEAST_BLOCKS));
        return Pieces.prepare(Math.ceilDiv(rows, most), (long) most * shape.dim(1) * shape.dim(2) * cost(), () -> {
            LongRows block = new LongRows(shape, most, ins, steps, values, outputs, outs);
            return (from, to) -> {
                for (int i = from; i < to; i++) {
                    block.run(i * most, Math.min(most, rows - i * most));
                }
            };
        });
    }

    private int cost() {
        int cost = 0;
        for (Step step : steps) {
            cost += switch (step) {
                case Step.Map(MapKernel kernel, _, _) -> kernel.cost();
                case Step.Reduce _ -> 1;
                case Step.MapReduce(MapReduceKernel kernel, _, _, _) -> kernel.cost();
            };
        }
        return cost;
    }
}
