package io.adjoint.autodiff.op;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.Optional;

/**
 * The gradient of {@link Convolution} by its weight: {@code out[k, c, t] = sum over n, o of a[n, c, o * stride + t * dilation
 * - before] * b[n, k, o]}, image after image.
 *
 * <p>Inputs: images {@code [n, channels, extents...]} and {@code [n, filters, windows...]}.
 *
 * @param slide how windows move
 * @param taps the extents of a window, 1 or more
 */
public record ConvolutionWeight(Slide slide, List<Integer> taps) implements Windowed {
    public ConvolutionWeight {
        taps = List.copyOf(taps);
    }

    @Override
    public String id() {
        return "convolution_weight";
    }

    @Override
    public String formula() {
        return "sum over n, o of a[n, c, o * stride + t * dilation - before] * b[n, k, o]";
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
        TensorSpec images = inputs.getFirst();
        TensorSpec windows = inputs.getLast();
        slide.requireImages(id(), "images", images, "windows", windows);
        slide.requireGroups(id(), "channels", images.shape().dim(1));
        slide.requireGroups(id(), "filters", windows.shape().dim(1));
        if (images.shape().dim(0) != windows.shape().dim(0)) {
            throw ShapeException.of(id(), "batches differ").operand("images", images.shape())
                    .operand("windows", windows.shape())
                    .expected("windows [" + images.shape().dim(0) + ", ...]");
        }
        return new TensorSpec(images.dtype(), slide.shape(id(), windows.shape().dim(1),
                images.shape().dim(1) / slide.groups(), taps, 1));
    }

    @Override
    public long multiplyAdds(List<TensorSpec> inputs) {
        return Slide.multiplyAdds(inputs.getLast(), infer(inputs));
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Prepared.computeSome(this, infer(inputs.stream().map(Tensor::spec).toList()), inputs);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        return slide.kernel().byWeight(inputs.getFirst(), inputs.getLast(), out);
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(
                Gradient.Partial.reading(1, v -> new ConvolutionInput(slide, Slide.spatial(v.inputSpec(0).shape()))
                        .apply(v.input(1), v.cotangent())),
                Gradient.Partial.reading(0, v -> new Convolution(slide, Slide.spatial(v.inputSpec(1).shape()))
                        .apply(v.input(0), v.cotangent())));
    }

    static Sample sample(Sampler sampler) {
        int axes = sampler.between(1, 3);
        int groups = sampler.between(1, 2);
        Slide slide = Slide.sample(sampler, axes, groups);
        int batch = sampler.extent();
        Tensor images = sampler.tensor(slide.shape("sample", batch, sampler.between(1, 2) * groups,
                Slide.extents(sampler, axes, 5), 0), Domain.REAL);
        Tensor windows = sampler.tensor(slide.shape("sample", batch, sampler.between(1, 2) * groups,
                Slide.extents(sampler, axes, 4), 0), Domain.REAL);
        return Sample.of(new ConvolutionWeight(slide, Slide.extents(sampler, axes, 3)), images, windows);
    }
}
