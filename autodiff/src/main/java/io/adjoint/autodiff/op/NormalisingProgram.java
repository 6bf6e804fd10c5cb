package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.kernel.Moves;
import io.adjoint.autodiff.kernel.ReduceKernel.Combine;
import io.adjoint.autodiff.kernel.RowKernel;
import io.adjoint.autodiff.kernel.RowKernel.Value;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** One pass over rows, in which each is centred and divided by its root mean square, with the bits of the composition. */
final class NormalisingProgram {
    private final Writer writer;
    /** The program for each dtype that it has run for: who only traces needs none. */
    private final ConcurrentHashMap<DType, RowKernel> kernels = new ConcurrentHashMap<>();

    /** Writes a program for a dtype. */
    interface Writer {
        RowKernel write(Rows rows);
    }

    NormalisingProgram(Writer writer) {
        this.writer = writer;
    }

    /** A program being written. Its last inputs are two numbers for every row: how many elements there are, and the epsilon. */
    static final class Rows {
        private final RowKernel.Builder builder = RowKernel.builder();
        private final DType type;
        private Value count;
        private Value epsilon;

        private Rows(DType type) {
            this.type = type;
        }

        Value input() {
            return builder.input(type);
        }

        /** The next input, one number for each row; such come last. */
        Value number() {
            return builder.rowInput(type);
        }

        /** Ends the inputs. */
        Rows begin() {
            count = builder.rowInput(type);
            epsilon = builder.rowInput(type);
            return this;
        }

        Lane lane(int argument) {
            return Lane.input(argument, type);
        }

        Value map(Lane expression, Value... arguments) {
            return builder.map(expression, arguments);
        }

        Value sum(Value row) {
            return builder.reduce(Combine.SUM, row);
        }

        /** The mean of a row that has this sum. */
        Value meanOf(Value sum) {
            return map(lane(0).div(lane(1)), sum, count);
        }

        Value mean(Value row) {
            return meanOf(sum(row));
        }

        Value centred(Centre centre, Value x) {
            return switch (centre) {
                case MEAN -> centred(x, mean(x));
                case ZERO -> x;
            };
        }

        Value centred(Value x, Value mean) {
            return map(lane(0).sub(lane(1)), x, mean);
        }

        Value meanSquare(Value x) {
            return mean(map(lane(0).mul(lane(0)), x));
        }

        /** {@code 1 / sqrt(mean square + epsilon)}. */
        Value scale(Value centred) {
            return scaleOf(meanSquare(centred));
        }

        /** The scale of rows that have this mean square. */
        Value scaleOf(Value meanSquare) {
            Lane root = lane(0).add(lane(1)).sqrt();
            return map(Lane.constant(type, 1.0).div(root), meanSquare, epsilon);
        }

        RowKernel build(Value... outputs) {
            return builder.build(outputs);
        }
    }

    /** Binds the program to the rows of a shape with an element or more; inputs stretch to it. */
    Launch prepare(Span span, Shape shape, double epsilon, List<Array> inputs, Array... outs) {
        return prepare(span, shape, epsilon, inputs, List.of(), outs);
    }

    /** The same where the last inputs are one number for each row. */
    Launch prepare(Span span, Shape shape, double epsilon, List<Array> inputs, List<Array> numbers, Array... outs) {
        DType type = inputs.getFirst().dtype();
        RowKernel kernel = kernels.computeIfAbsent(type, wanted -> writer.write(new Rows(wanted)));
        return span.prepare(kernel, shape, inputs, Stream.concat(numbers.stream(),
                Stream.of(number(span.length(shape), type), number(epsilon, type))).toList(), outs);
    }

    private static Array number(double value, DType type) {
        Array number = Array.allocate(type, Shape.scalar());
        Moves.fill(number, value);
        return number;
    }
}
