package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.kernel.RowKernel;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What makes a row that is normalised. */
public enum Span {
    /** The last axis. */
    LAST_AXIS,
    /**
     * A channel of {@code [n, channels, places]} in all examples, where it lies: its places of one example after the other.
     * They are summed for each example first, then the examples.
     */
    CHANNEL;

    private static final int[] CHANNELS_FIRST = {1, 0, 2};

    /** Refuses what has no such rows. */
    void require(String operation, Shape shape) {
        switch (this) {
            case LAST_AXIS -> AxisRules.require(operation, shape, shape.rank() - 1);
            case CHANNEL -> {
                if (shape.rank() != 3) {
                    throw ShapeException.of(operation, "not three axes").operand("input", shape)
                            .expected("[n, channels, places]");
                }
            }
        }
    }

    /** How many rows there are, as the axes that are left. */
    Shape rows(Shape shape) {
        return switch (this) {
            case LAST_AXIS -> Shape.of(Arrays.copyOf(shape.dims(), shape.rank() - 1));
            case CHANNEL -> Shape.of(shape.dim(1));
        };
    }

    /** How many leading axes there are before a row begins. */
    int separableAxes(Shape shape) {
        return switch (this) {
            case LAST_AXIS -> shape.rank() - 1;
            case CHANNEL -> 0;
        };
    }

    /** One element for each row, stretching to the input. */
    Shape stretching(Shape shape) {
        return switch (this) {
            case LAST_AXIS -> shape.with(-1, 1);
            case CHANNEL -> Shape.of(shape.dim(1), 1);
        };
    }

    /** The elements of a row. */
    int length(Shape shape) {
        return switch (this) {
            case LAST_AXIS -> shape.dim(-1);
            case CHANNEL -> shape.dim(0) * shape.dim(2);
        };
    }

    /** The mean of each row, stretching to the input. */
    Tensor mean(Tensor x) {
        return sum(x).div(length(x.shape()));
    }

    /** The sum of each row, stretching to the input. */
    Tensor sum(Tensor x) {
        return switch (this) {
            case LAST_AXIS -> x.sum(Axes.keep(-1));
            case CHANNEL -> x.sum(Axes.keep(2)).sum(Axes.keep(0)).squeeze(0);
        };
    }

    /**
     * The sum of each row as one operation, as it is asked for where a shift is a number for each. A single channel's examples and places are
     * neighbours to it, and summed at once, which gives other bits.
     */
    Optional<Sum> sum(Shape shape) {
        return switch (this) {
            case LAST_AXIS -> Optional.of(new Sum(List.of(shape.rank() - 1)));
            case CHANNEL -> shape.dim(1) == 1 ? Optional.empty() : Optional.of(new Sum(List.of(0, 2)));
        };
    }

    /** Mean and variance of each row as one operation. */
    Moments moments() {
        return new Moments(this);
    }

    /** Whether what stretches to an input is one number for each of its rows. */
    boolean isNumber(Shape stretching) {
        int rank = stretching.rank();
        return switch (this) {
            case LAST_AXIS -> rank == 0 || stretching.dim(-1) == 1;
            case CHANNEL -> rank == 0 || stretching.dim(-1) == 1 && (rank < 3 || stretching.dim(0) == 1);
        };
    }

    /**
     * Binds a program to the rows of a shape.
     *
     * @param wide its first inputs, which stretch to the shape
     * @param numbers its other ones, which stretch to a number for each row
     */
    Launch prepare(RowKernel kernel, Shape shape, List<Array> wide, List<Array> numbers, Array... outs) {
        Shape rows = switch (this) {
            case LAST_AXIS -> shape;
            case CHANNEL -> Shape.of(shape.dim(1), shape.dim(0), shape.dim(2));
        };
        Shape each = switch (this) {
            case LAST_AXIS -> shape.with(-1, 1);
            case CHANNEL -> Shape.of(1, shape.dim(1), 1);
        };
        Array[] all = Stream.concat(wide.stream().map(input -> input.broadcastTo(shape)),
                numbers.stream().map(input -> input.broadcastTo(each))).map(this::wide).toArray(Array[]::new);
        return switch (this) {
            case LAST_AXIS -> kernel.prepare(rows, all, outs);
            case CHANNEL -> kernel.prepareLong(
                    rows, all, Arrays.stream(outs).map(out -> out.shape().equals(shape) ? wide(out) : out)
                            .toArray(Array[]::new));
        };
    }

    private Array wide(Array array) {
        return switch (this) {
            case LAST_AXIS -> array;
            case CHANNEL -> array.permute(CHANNELS_FIRST);
        };
    }

    int leastRank() {
        return this == CHANNEL ? 3 : 1;
    }

    int mostRank() {
        return this == CHANNEL ? 3 : 4;
    }
}
