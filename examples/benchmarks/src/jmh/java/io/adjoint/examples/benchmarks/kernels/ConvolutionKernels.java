package io.adjoint.examples.benchmarks.kernels;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.ConvolutionOptions;
import io.adjoint.autodiff.function.Convolutions;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/** Convolutions of 16 images of 32 x 32 with as many filters as channels, padded to keep their size. */
public class ConvolutionKernels extends Kernels {
    private static final int IMAGES = 16;
    private static final int EXTENT = 32;

    /** Channels and filters. */
    @Param({"8", "32"})
    int channels;

    /** Extent of a window. */
    @Param({"1", "3", "5"})
    int window;

    /** Distance of windows. */
    @Param({"1", "2"})
    int stride;

    /** Groups of channels; as many as channels is depthwise. */
    @Param("1")
    int groups;

    private ConvolutionOptions options;
    private Tensor images;
    private Tensor filters;
    private Tensor byImages;
    private Tensor byFilters;
    private Tensor cotangent;

    /** Makes images and filters, and records a convolution for each gradient. */
    @Setup
    public void prepare() {
        options = ConvolutionOptions.DEFAULT.padding(window / 2).stride(stride).groups(groups);
        images = normal("images", IMAGES, channels, EXTENT, EXTENT).tracked();
        filters = normal("filters", channels, channels / groups, window, window).tracked();
        byImages = Convolutions.convolve(images, filters.detached(), options);
        byFilters = Convolutions.convolve(images.detached(), filters, options);
        cotangent = normal("cotangent", byImages.shape().dims());
    }

    /** The convolution. */
    @Benchmark
    public void forward(Blackhole hole) {
        compute(hole, () -> Convolutions.convolve(images.detached(), filters.detached(), options));
    }

    /** The gradient by the images. */
    @Benchmark
    public void byInput(Blackhole hole) {
        gradient(hole, byImages, cotangent, images);
    }

    /** The gradient by the filters. */
    @Benchmark
    public void byWeight(Blackhole hole) {
        gradient(hole, byFilters, cotangent, filters);
    }
}
