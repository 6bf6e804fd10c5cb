package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Moves;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.Optional;

/**
 * Matrices of zeros with the last axis of the input on a diagonal. The reverse of {@link Diagonal}.
 *
 * @param offset as there
 * @param rows the axis of the rows in the result, in {@code [0, rank]}
 * @param columns the axis of the columns in the result, another one
 * @param height extent of the rows
 * @param width extent of the columns
 */
public record EmbedDiagonal(int offset, int rows, int columns, int height, int width) implements Indexing {
    @Override
    public String id() {
        return "embed_diagonal";
    }

    @Override
    public String formula() {
        return "zeros with x on a diagonal";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public Arity arity() {
        return Arity.of(1);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec input = inputs.getFirst();
        int rank = input.shape().rank();
        if (rank == 0 || rows == columns || Math.min(rows, columns) < 0 || Math.max(rows, columns) > rank) {
            throw ShapeException.of(id(), "axes do not fit").operand("rows", rows).operand("columns", columns)
                    .operand("input", input.shape()).expected("two axes from 0 to the rank, and a diagonal to place");
        }
        int length = input.shape().dim(rank - 1);
        if (height < 0 || width < 0 || Diagonal.length(offset, height, width) != length) {
            throw ShapeException.of(id(), "the diagonal is of another length").operand("input", input.shape())
                    .operand("offset", offset).operand("matrix", List.of(height, width))
                    .expected("a matrix whose diagonal has " + length + " elements");
        }
        int[] dims = new int[rank + 1];
        int next = 0;
        for (int axis = 0; axis <= rank; axis++) {
            dims[axis] = axis == rows ? height : axis == columns ? width : input.shape().dim(next++);
        }
        return new TensorSpec(input.dtype(), Shape.of(dims));
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Prepared.compute(this, infer(List.of(inputs.getFirst().spec())), inputs);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        return Launch.all(() -> Moves.fill(out, 0),
                Moves.prepare(inputs.getFirst(), new Diagonal(offset, rows, columns).view(out)));
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial
                .linear(v -> new Diagonal(offset, rows, columns).apply(v.cotangent())));
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.shape(1, 4), Domain.REAL);
        int rank = x.shape().rank();
        int rows = sampler.between(0, rank);
        int columns = (rows + sampler.between(1, rank)) % (rank + 1);
        int offset = sampler.between(-2, 2);
        int length = x.shape().dim(rank - 1);
        return Sample.of(new EmbedDiagonal(offset, rows, columns, length + Math.max(0, -offset),
                length + Math.max(0, offset)), x);
    }
}
