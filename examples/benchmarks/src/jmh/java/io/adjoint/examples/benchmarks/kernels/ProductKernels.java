package io.adjoint.examples.benchmarks.kernels;

import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/** Matrix products. */
public class ProductKernels extends Kernels {
    /** Rows, depth and columns. */
    @Param({"64x64x64", "512x512x512", "64x784x128", "128x512x10", "1x1024x1024"})
    String shape;

    /** How the factors lie. */
    @Param
    Layout layout;

    private Tensor left;
    private Tensor right;

    /** Which factor is transposed in memory. */
    public enum Layout {
        /** None. */
        NN,
        /** The right one. */
        NT,
        /** The left one. */
        TN
    }

    /** Makes the factors. */
    @Setup
    public void prepare() {
        int[] dims = Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
        left = layout == Layout.TN ? normal("left", dims[1], dims[0]).transpose() : normal("left", dims[0], dims[1]);
        right = layout == Layout.NT ? normal("right", dims[2], dims[1]).transpose() : normal("right", dims[1], dims[2]);
    }

    /** The product. */
    @Benchmark
    public void product(Blackhole hole) {
        compute(hole, () -> left.matmul(right));
    }
}
