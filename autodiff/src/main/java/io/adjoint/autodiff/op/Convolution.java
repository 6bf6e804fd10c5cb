package io.adjoint.autodiff.op;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Epilogue;
import io.adjoint.autodiff.kernel.Keeping;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.Optional;

/**
 * Convolution (in the sense of neural networks: correlation) of images with filters: {@code out[n, k, o] = sum over c, t of
 * x[n, c, o * stride + t * dilation - before] * w[k, c, t]}, zero outside the images. It is linear in both inputs; its
 * gradients are {@link ConvolutionInput} and {@link ConvolutionWeight}, and the gradients of each of the three are the
 * other two.
 *
 * <p>Inputs: images {@code [n, channels, extents...]} and weight {@code [filters, channels / groups, taps...]}. An
 * operation for speed: as windows times a matrix it would hold every window of the whole batch at once.
 *
 * @param slide how windows move
 * @param windows how many there are along each axis; beyond the image they see zeros
 */
public record Convolution(Slide slide, List<Integer> windows) implements Windowed, Finishing.OfImages {
    public Convolution {
        windows = List.copyOf(windows);
    }

    @Override
    public String id() {
        return "convolution";
    }

    @Override
    public String formula() {
        return "sum over c, t of a[n, c, o * stride + t * dilation - before] * b[k, c, t]";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("Conv");
    }

    @Override
    public Arity arity() {
        return Arity.of(2);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec images = inputs.getFirst();
        TensorSpec weight = inputs.getLast();
        slide.requireImages(id(), "images", images, "weight", weight);
        slide.requireGroups(id(), "filters", weight.shape().dim(0));
        Slide.requireTaps(id(), weight);
        long channels = (long) weight.shape().dim(1) * slide.groups();
        if (images.shape().dim(1) != channels) {
            throw ShapeException.of(id(), "channels differ").operand("images", images.shape())
                    .operand("weight", weight.shape()).operand("groups", slide.groups())
                    .expected("images of " + channels + " channels");
        }
        return new TensorSpec(images.dtype(),
                slide.shape(id(), images.shape().dim(0), weight.shape().dim(0), windows, 0));
    }

    @Override
    public long multiplyAdds(List<TensorSpec> inputs) {
        return Slide.multiplyAdds(infer(inputs), inputs.getLast());
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Prepared.computeSome(this, infer(inputs.stream().map(Tensor::spec).toList()), inputs);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        return slide.kernel().forward(inputs.getFirst(), inputs.getLast(), out, Epilogue.NONE);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepareFinishing(List<Array> inputs, Array out, Keeping keeping, Epilogue epilogue) {
        return slide.kernel().forward(inputs.getFirst(), inputs.getLast(), out, epilogue);
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(
                Gradient.Partial.reading(1, v -> new ConvolutionInput(slide, Slide.spatial(v.inputSpec(0).shape()))
                        .apply(v.cotangent(), v.input(1))),
                Gradient.Partial.reading(0, v -> new ConvolutionWeight(slide, Slide.spatial(v.inputSpec(1).shape()))
                        .apply(v.input(0), v.cotangent())));
    }

    static Sample sample(Sampler sampler) {
        int axes = sampler.between(1, 3);
        int groups = sampler.between(1, 2);
        Slide slide = Slide.sample(sampler, axes, groups);
        int channels = sampler.between(1, 2);
        Tensor images = sampler.tensor(slide.shape("sample", sampler.extent(), channels * groups,
                Slide.extents(sampler, axes, 5), 0), Domain.REAL);
        Tensor weight = sampler.tensor(slide.shape("sample", sampler.between(1, 2) * groups, channels,
                Slide.extents(sampler, axes, 3), 0), Domain.REAL);
        return Sample.of(new Convolution(slide, Slide.numbers(sampler, axes, 0, 4)), images, weight);
    }
}
