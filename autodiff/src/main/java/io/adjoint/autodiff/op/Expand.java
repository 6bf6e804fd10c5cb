package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.runtime.Array;
import java.util.List;
import java.util.Optional;

/** Axes of extent 1, and missing outer axes, stretched to a shape that the input broadcasts to. */
public record Expand(Shape target) implements View {
    private static final Gradient GRADIENT = Gradient.of(Gradient.Partial.linear(Gradient.Context::cotangent));

    @Override
    public String id() {
        return "expand";
    }

    @Override
    public String formula() {
        return "x stretched along axes of extent 1";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("Expand");
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec input = inputs.getFirst();
        int missing = target.rank() - input.shape().rank();
        boolean fits = missing >= 0;
        for (int axis = 0; fits && axis < input.shape().rank(); axis++) {
            int dim = input.shape().dim(axis);
            fits = dim == 1 || dim == target.dim(axis + missing);
        }
        if (!fits) {
            throw ShapeException.of(id(), "the input does not stretch to the target")
                    .operand("input", input.shape())
                    .operand("target", target)
                    .expected("extents equal to the target's, or 1, aligned at the innermost axis");
        }
        return new TensorSpec(input.dtype(), target);
    }

    @Override
    @SuppressWarnings("exports")
    public Array view(Array x) {
        return x.broadcastTo(target);
    }

    @Override
    public Gradient gradient() {
        return GRADIENT; // the engine sums over what was stretched
    }

    static Sample sample(Sampler sampler) {
        List<Shape> shapes = sampler.broadcastable(2);
        Shape target = Shape.broadcast("expand", shapes.getFirst(), shapes.getLast());
        return Sample.of(new Expand(target), sampler.tensor(shapes.getFirst(), Domain.REAL));
    }
}
