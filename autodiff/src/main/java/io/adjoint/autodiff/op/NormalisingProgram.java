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

        Value reduce(Combine combine, Value row) {
            return builder.reduce(combine, row);
        }

        Value mean(Value row) {
            return map(lane(0).div(lane(1)), builder.reduce(Combine.SUM, row), count);
        }

        Value centred(Centre centre, Value x) {
            return switch (centre) {
                case MEAN -> map(lane(0).sub(lane(1)), x, mean(x));
                case ZERO -> x;
            };
        }

        Value meanSquare(Value x) {
            return mean(map(lane(0).mul(lane(0)), x));
        }

        /** {@code 1 / sqrt(mean square + epsilon)}. */
        Value scale(Value centred) {
            Lane root = lane(0).add(lane(1)).sqrt();
            return map(Lane.constant(type, 1.0).div(root), meanSquare(centred), epsilon);
        }

        RowKernel build(Value... outputs) {
            return builder.build(outputs);
        }
    }

    /** Binds the program to the rows of a shape with an element or more; inputs stretch to it. */
    Launch prepare(Span span, Shape shape, double epsilon, List<Array> inputs, Array... outs) {
        DType type = inputs.getFirst().dtype();
        Array[] numbers = {number(span.length(shape), type), number(epsilon, type)};
        RowKernel kernel = kernels.computeIfAbsent(type, wanted -> writer.write(new Rows(wanted)));
        return span.prepare(kernel, shape, inputs.toArray(Array[]::new), numbers, outs);
    }

    private static Array number(double value, DType type) {
        Array number = Array.allocate(type, Shape.scalar());
        Moves.fill(number, value);
        return number;
    }
}
