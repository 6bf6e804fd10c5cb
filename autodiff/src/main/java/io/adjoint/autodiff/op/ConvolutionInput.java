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
 * The gradient of {@link Convolution} by its images, also known as transposed convolution: every element of the first input
 * adds its filter, weighted, to what the window there would have seen, {@code out[n, c, o * stride + t * dilation - before]
 * += a[n, k, o] * b[k, c, t]}.
 *
 * <p>Inputs: {@code [n, filters, windows...]} and weight {@code [filters, channels / groups, taps...]}.
 *
 * @param slide how windows move
 * @param extents of the images, the result; what falls outside is dropped
 */
public record ConvolutionInput(Slide slide, List<Integer> extents) implements Windowed, Finishing.OfImages {
    public ConvolutionInput {
        extents = List.copyOf(extents);
    }

    @Override
    public String id() {
        return "convolution_input";
    }

    @Override
    public String formula() {
        return "sum of a[n, k, o] * b[k, c, t] at [n, c, o * stride + t * dilation - before]";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("ConvTranspose");
    }

    @Override
    public Arity arity() {
        return Arity.of(2);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec windows = inputs.getFirst();
        TensorSpec weight = inputs.getLast();
        slide.requireImages(id(), "input", windows, "weight", weight);
        slide.requireGroups(id(), "channels", weight.shape().dim(0));
        Slide.requireTaps(id(), weight);
        if (windows.shape().dim(1) != weight.shape().dim(0)) {
            throw ShapeException.of(id(), "channels differ").operand("input", windows.shape())
                    .operand("weight", weight.shape())
                    .expected("weight [" + windows.shape().dim(1) + ", ...]");
        }
        return new TensorSpec(windows.dtype(), slide.shape(id(), windows.shape().dim(0),
                (long) weight.shape().dim(1) * slide.groups(), extents, 0));
    }

    @Override
    public long multiplyAdds(List<TensorSpec> inputs) {
        return Slide.multiplyAdds(inputs.getFirst(), inputs.getLast());
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Prepared.computeSome(this, infer(inputs.stream().map(Tensor::spec).toList()), inputs);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        return slide.kernel().byImages(inputs.getFirst(), inputs.getLast(), out, Epilogue.NONE);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepareFinishing(List<Array> inputs, Array out, Keeping keeping, Epilogue epilogue) {
        return slide.kernel().byImages(inputs.getFirst(), inputs.getLast(), out, epilogue);
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(
                Gradient.Partial.reading(1, v -> new Convolution(slide, Slide.spatial(v.inputSpec(0).shape()))
                        .apply(v.cotangent(), v.input(1))),
                Gradient.Partial.reading(0, v -> new ConvolutionWeight(slide, Slide.spatial(v.inputSpec(1).shape()))
                        .apply(v.cotangent(), v.input(0))));
    }

    static Sample sample(Sampler sampler) {
        int axes = sampler.between(1, 3);
        int groups = sampler.between(1, 2);
        Slide slide = Slide.sample(sampler, axes, groups);
        int filters = sampler.between(1, 2) * groups;
        Tensor windows = sampler.tensor(slide.shape("sample", sampler.extent(), filters,
                Slide.extents(sampler, axes, 4), 0), Domain.REAL);
        Tensor weight = sampler.tensor(slide.shape("sample", filters, sampler.between(1, 2),
                Slide.extents(sampler, axes, 3), 0), Domain.REAL);
        return Sample.of(new ConvolutionInput(slide, Slide.numbers(sampler, axes, 0, 6)), windows, weight);
    }
}
