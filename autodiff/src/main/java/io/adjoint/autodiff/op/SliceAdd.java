package io.adjoint.autodiff.op;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.kernel.Accumulate;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.tape.Internals;
import java.util.List;
import java.util.Optional;

/**
 * The first input with the second one added to a slice of it. How the cotangent of a tensor grows of which slices are used.
 *
 * @param slice where the second input is added
 */
public record SliceAdd(Slice slice) implements Growing {
    @Override
    public String id() {
        return "slice_add";
    }

    @Override
    public String formula() {
        return "a with b added to a slice of it";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public Arity arity() {
        return Arity.of(2);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec base = inputs.getFirst();
        TensorSpec expected = slice.infer(List.of(base));
        Reducing.requireNumber(id(), base.dtype());
        if (!inputs.getLast().equals(expected)) {
            throw ShapeException.of(id(), "what is added does not fit the slice").operand("slice", slice)
                    .operand("added", inputs.getLast()).expected(expected.toString());
        }
        return base;
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Prepared.compute(this, inputs.getFirst().spec(), inputs);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        return Launch.all(Copies.prepareBase(inputs.getFirst(), out),
                Accumulate.prepare(inputs.getLast(), slice.view(out)));
    }

    @Override
    @SuppressWarnings("exports")
    public void grow(Array base, List<Tensor> added) {
        Accumulate.add(Internals.array(added.getFirst()), slice.view(base));
    }

    @Override
    public Optional<Slice> place() {
        return Optional.of(slice);
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.linear(Gradient.Context::cotangent),
                Gradient.Partial.linear(v -> slice.apply(v.cotangent())));
    }

    static Sample sample(Sampler sampler) {
        Sample sliced = Slice.sample(sampler);
        Tensor base = sliced.inputs().getFirst();
        Slice slice = (Slice) sliced.op();
        return Sample.of(new SliceAdd(slice), base,
                sampler.tensor(slice.infer(List.of(base.spec())).shape(), Domain.REAL));
    }
}
