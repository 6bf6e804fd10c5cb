package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The same elements in row-major order under another shape. */
public record Reshape(Shape target) implements View {
    private static final Gradient GRADIENT =
            Gradient.of(Gradient.Partial.linear(v -> v.cotangent().reshape(v.inputSpec(0).shape())));

    @Override
    public String id() {
        return "reshape";
    }

    @Override
    public String formula() {
        return "x in row-major order under another shape";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("Reshape");
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec input = inputs.getFirst();
        if (input.shape().size() != target.size()) {
            throw ShapeException.of(id(), "number of elements differs")
                    .operand("input", input.shape())
                    .operand("target", target)
                    .expected("a target of " + input.shape().size() + " elements");
        }
        return new TensorSpec(input.dtype(), target);
    }

    @Override
    @SuppressWarnings("exports")
    public Array view(Array x) {
        Array whole = sameAxes(x) ? x : Copies.contiguous(x);
        return whole.isContiguous()
                ? whole.view(target, target.rowMajorStrides(), whole.offset())
                : whole.view(target, stridesWithUnits(whole), whole.offset());
    }

    @Override
    @SuppressWarnings("exports")
    public boolean isView(Array x) {
        return x.isContiguous() || sameAxes(x);
    }

    /** Copies what no strides can describe. */
    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        Array x = inputs.getFirst();
        return Copies.prepare(x, out.view(x.shape(), x.shape().rowMajorStrides(), out.offset()));
    }

    /** Whether the shapes differ in axes of extent 1 at most, so that the strides can stay. */
    private boolean sameAxes(Array x) {
        return withoutUnits(x.shape()).equals(withoutUnits(target));
    }

    private int[] stridesWithUnits(Array x) {
        int[] strides = new int[target.rank()];
        int from = 0;
        for (int axis = 0; axis < strides.length; axis++) {
            if (target.dim(axis) != 1) {
                while (x.shape().dim(from) == 1) {
                    from++;
                }
                strides[axis] = x.stride(from++);
            }
        }
        return strides;
    }

    private static List<Integer> withoutUnits(Shape shape) {
        return Arrays.stream(shape.dims()).filter(dim -> dim != 1).boxed().toList();
    }

    @Override
    public Gradient gradient() {
        return GRADIENT;
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(Domain.REAL);
        Shape flat = Shape.of(x.shape().size());
        Shape unit = Shape.of(1, x.shape().size(), 1);
        return Sample.of(new Reshape(sampler.pick(List.of(flat, unit, x.shape()))), x);
    }
}
