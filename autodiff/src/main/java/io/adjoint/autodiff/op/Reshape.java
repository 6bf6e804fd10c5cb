package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
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
        return strides(x).map(strides -> x.view(target, strides, x.offset()))
                .orElseGet(() -> view(Copies.contiguous(x)));
    }

    @Override
    @SuppressWarnings("exports")
    public boolean isView(Array x) {
        return strides(x).isPresent();
    }

    /** Copies what no strides can describe. */
    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        Array x = inputs.getFirst();
        return Copies.prepare(x, out.view(x.shape(), x.shape().rowMajorStrides(), out.offset()));
    }

    /** Strides by which the array is seen under the target: axes that lie as one are cut anew, the others stay apart. */
    private Optional<int[]> strides(Array x) {
        if (x.size() == 0 || x.isContiguous()) {
            return Optional.of(target.rowMajorStrides());
        }
        int[] strides = new int[target.rank()];
        int from = x.shape().rank();
        int rest = 1; // elements of the axes from this one on, which lie as one, that have no axis of the target yet
        int stride = 0;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            if (target.dim(axis) == 1) {
                continue;
            }
            while (rest == 1) {
                rest = x.shape().dim(--from);
                stride = x.stride(from);
            }
            while (from > 0 && (x.shape().dim(from - 1) == 1 || x.stride(from - 1) == stride * rest)) {
                rest *= x.shape().dim(--from);
            }
            if (rest % target.dim(axis) != 0) {
                return Optional.empty();
            }
            strides[axis] = stride;
            rest /= target.dim(axis);
            stride *= target.dim(axis);
        }
        return Optional.of(strides);
    }

    @Override
    public Optional<View> ofRows(Shape input) {
        return target.rank() > 1 && target.dim(-1) == input.dim(-1) ? Optional.of(new Reshape(target.with(-1, 1)))
                : Optional.empty();
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
