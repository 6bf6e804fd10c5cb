package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.runtime.Array;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The elements on a diagonal of the matrices that two axes span, as a last axis in their place: {@code out[..., i] = x[...,
 * i, ..., i + offset, ...]}, or with the row {@code i - offset} for an offset below 0.
 *
 * @param offset above the main diagonal (rows of the first axis, columns of the second), below it if negative
 * @param rows the axis of the rows, in {@code [0, rank)}
 * @param columns the axis of the columns, another one
 */
public record Diagonal(int offset, int rows, int columns) implements View {
    @Override
    public String id() {
        return "diagonal";
    }

    @Override
    public String formula() {
        return "x[..., i, i + offset] over i";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        Shape input = inputs.getFirst().shape();
        AxisRules.require(id(), input, rows);
        AxisRules.require(id(), input, columns);
        if (rows == columns) {
            throw ShapeException.of(id(), "one axis twice").operand("axis", rows).operand("input", input)
                    .expected("two axes");
        }
        int[] dims = IntStream.concat(others(input.rank()).map(input::dim), IntStream.of(length(input))).toArray();
        return new TensorSpec(inputs.getFirst().dtype(), Shape.of(dims));
    }

    /** The other axes. */
    private IntStream others(int rank) {
        return IntStream.range(0, rank).filter(axis -> axis != rows && axis != columns);
    }

    /** How many elements the diagonal has; none if it lies outside. */
    private int length(Shape input) {
        return length(offset, input.dim(rows), input.dim(columns));
    }

    static int length(int offset, int rows, int columns) {
        long length = offset < 0 ? Math.min((long) rows + offset, columns) : Math.min(rows, (long) columns - offset);
        return (int) Math.max(0, length);
    }

    @Override
    @SuppressWarnings("exports")
    public Array view(Array x) {
        Shape shape = x.shape();
        int length = length(shape);
        int[] dims = IntStream.concat(others(shape.rank()).map(shape::dim), IntStream.of(length)).toArray();
        int[] strides = IntStream.concat(others(shape.rank()).map(x::stride),
                IntStream.of(x.stride(rows) + x.stride(columns))).toArray();
        int start = length == 0 ? 0 : offset < 0 ? -offset * x.stride(rows) : offset * x.stride(columns);
        return x.view(Shape.of(dims), strides, x.offset() + start);
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.linear(v -> {
            Shape input = v.inputSpec(0).shape();
            return new EmbedDiagonal(offset, rows, columns, input.dim(rows), input.dim(columns))
                    .apply(v.cotangent());
        }));
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.shape(2, 5), Domain.REAL);
        int rank = x.shape().rank();
        int rows = sampler.between(0, rank - 1);
        int columns = (rows + sampler.between(1, rank - 1)) % rank;
        return Sample.of(new Diagonal(sampler.between(-3, 3), rows, columns), x);
    }
}
