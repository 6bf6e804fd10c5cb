package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.MaxPlaceKernel;
import java.util.List;
import java.util.Optional;

/**
 * The place of the greatest element of each of the windows into which the innermost axes are divided, I64: window {@code o}
 * of {@code m} over {@code n} elements is {@code [floor(o n / m), ceil((o + 1) n / m))}. Places and ties as for
 * {@link MaxPlaces}.
 *
 * @param windows how many there are along each of the innermost axes
 */
public record AdaptiveMaxPlaces(List<Integer> windows) implements WindowMaxima {
    public AdaptiveMaxPlaces {
        windows = List.copyOf(windows);
    }

    @Override
    public String id() {
        return "adaptive_max_places";
    }

    @Override
    public String formula() {
        return "place of the greatest x[floor(o n / m) : ceil((o + 1) n / m)] in the plane";
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
        Reducing.requireNumber(id(), input.dtype());
        Shape shape = MaxPlaces.replaced(id(), input.shape(), windows);
        for (int axis = 0; axis < windows.size(); axis++) {
            if (windows.get(axis) > 0 && input.shape().dim(axis - windows.size()) == 0) {
                throw ShapeException.of(id(), "a window without elements").operand("input", input)
                        .operand("windows", windows).expected("extents of 1 or more");
            }
        }
        return new TensorSpec(DType.I64, shape);
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Prepared.computeSome(this,
                new TensorSpec(DType.I64, MaxPlaces.replaced(id(), inputs.getFirst().shape(), windows)), inputs);
    }

    @Override
    @SuppressWarnings("exports")
    public MaxPlaceKernel.Spans spans(int axis, int extent) {
        int count = windows.get(axis);
        int[] from = new int[count];
        int[] counts = new int[count];
        for (int o = 0; o < count; o++) {
            from[o] = (int) ((long) o * extent / count);
            counts[o] = (int) Math.ceilDiv((o + 1L) * extent, (long) count) - from[o];
        }
        return new MaxPlaceKernel.Spans(from, counts, 1);
    }

    @Override
    public Gradient gradient() {
        return Gradient.none("integer result");
    }

    static Sample sample(Sampler sampler) {
        int axes = sampler.between(1, 2);
        Tensor x = sampler.tensor(sampler.filled(axes, axes + 2), Domain.REAL);
        return Sample.of(new AdaptiveMaxPlaces(Slide.numbers(sampler, axes, 0, 5)), x);
    }
}
