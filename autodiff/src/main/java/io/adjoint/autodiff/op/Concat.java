package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Moves;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tensors one after the other along an axis; all other extents and the dtypes are equal.
 *
 * @param axis in {@code [0, rank)}
 */
public record Concat(int axis) implements Indexing {
    @Override
    public String id() {
        return "concat";
    }

    @Override
    public String formula() {
        return "a, b, ... one after the other along the axis";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("Concat");
    }

    @Override
    public Arity arity() {
        return Arity.ANY;
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        if (inputs.isEmpty()) {
            throw ShapeException.of(id(), "nothing to join").expected("one tensor or more");
        }
        TensorSpec first = inputs.getFirst();
        Shape shape = first.shape();
        AxisRules.require(id(), shape, axis);
        long extent = 0;
        for (TensorSpec input : inputs) {
            if (input.dtype() != first.dtype() || input.shape().rank() != shape.rank()
                    || !input.shape().with(axis, 0).equals(shape.with(axis, 0))) {
                throw ShapeException.of(id(), "tensors do not line up")
                        .operand("first", first)
                        .operand("other", input)
                        .expected("the same dtype and the same extents except at axis " + axis);
            }
            extent += input.shape().dim(axis);
        }
        if (extent > Integer.MAX_VALUE) {
            throw ShapeException.of(id(), "too many elements")
                    .operand("extent", extent)
                    .expected("at most " + Integer.MAX_VALUE + " along an axis");
        }
        return new TensorSpec(first.dtype(), shape.with(axis, (int) extent));
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Prepared.compute(this, infer(inputs.stream().map(Tensor::spec).toList()), inputs);
    }

    /** What lies where it is to go already is not moved. */
    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        List<Array> parts = parts(inputs.stream().map(Array::shape).toList(), out);
        Launch[] moves = new Launch[parts.size()];
        for (int i = 0; i < moves.length; i++) {
            moves[i] = inputs.get(i).isSameView(parts.get(i)) ? Launch.NOTHING
                    : Moves.prepare(inputs.get(i), parts.get(i));
        }
        return Launch.all(moves);
    }

    /** Where inputs of these shapes go in the result. */
    @SuppressWarnings("exports")
    public List<Array> parts(List<Shape> inputs, Array out) {
        List<Array> parts = new ArrayList<>(inputs.size());
        int start = 0;
        for (Shape input : inputs) {
            int stop = start + input.dim(axis);
            parts.add(new Slice(axis, start, stop, 1).view(out));
            start = stop;
        }
        return parts;
    }

    @Override
    public Gradient gradient() {
        return Gradient.each(i -> Gradient.Partial.linear(v -> {
            int start = 0;
            for (int before = 0; before < i; before++) {
                start += v.inputSpec(before).shape().dim(axis);
            }
            return v.cotangent().slice(axis, start, start + v.inputSpec(i).shape().dim(axis), 1);
        }));
    }

    static Sample sample(Sampler sampler) {
        Shape shape = sampler.shape(1, 5);
        int axis = sampler.between(0, shape.rank() - 1);
        Tensor[] parts = new Tensor[sampler.between(1, 3)];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = sampler.tensor(shape.with(axis, sampler.extent()), Domain.REAL);
        }
        return Sample.of(new Concat(axis), parts);
    }
}
