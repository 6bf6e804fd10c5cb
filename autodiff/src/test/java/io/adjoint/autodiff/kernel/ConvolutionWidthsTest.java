package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches of small images in vectors of several widths: the bits of the plain path. */
class ConvolutionWidthsTest {
    @ParameterizedTest
    @ValueSource(strings = {"-XX:UseAVX=3", "-XX:UseAVX=2", "-XX:MaxVectorSize=16"})
    void smallImagesHaveTheBitsOfThePlainPath(String width) throws IOException, InterruptedException {
        MachineOfWidth.assertDone(width, Convolutions.class);
    }

    /** Fails where bits differ, on a virtual machine of its own. */
    static final class Convolutions {
        private Convolutions() {}

        public static void main(String[] args) {
            for (DType type : List.of(DType.F32, DType.F64)) {
                for (int filters : List.of(3, 6, 9, 16)) {
                    check(type, filters, 16, 6, 3);
                    check(type, filters, 4, 7, 5);
                }
            }
            System.out.println("done");
        }

        private static void check(DType type, int filters, int channels, int extent, int taps) {
            Samples samples = new Samples(filters);
            Array images = samples.dense(type, Shape.of(35, channels, extent, extent));
            Array weight = samples.dense(type, Shape.of(filters, channels, taps, taps));
            int[] ones = {1, 1};
            Sliding sliding = new Sliding(ones, new int[] {taps / 2, taps / 2}, ones);
            Array expected = Array.allocate(type, Shape.of(35, filters, extent, extent));
            Array found = Array.allocate(type, expected.shape());
            new ConvolutionKernel(sliding, 1, Simd.Mode.OFF).forward(images, weight, expected, Epilogue.NONE).run();
            Workers.withThreads(1, () -> {
                new ConvolutionKernel(sliding, 1, Simd.Mode.EAGER).forward(images, weight, found, Epilogue.NONE).run();
                return found;
            });
            Elements.assertSameBits(expected, found, type + " with " + filters + " filters");
        }
    }
}
