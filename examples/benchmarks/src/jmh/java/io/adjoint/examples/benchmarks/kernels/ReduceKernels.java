package io.adjoint.examples.benchmarks.kernels;

import io.adjoint.autodiff.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/** Reductions of a matrix of 1,024 x 1,024. */
public class ReduceKernels extends Kernels {
    private static final int EXTENT = 1024;

    /** Over which axes. */
    @Param
    Over over;

    private Tensor matrix;

    /** Axes. */
    public enum Over {
        /** Along the rows. */
        LAST(1),
        /** Down the columns. */
        FIRST(0),
        /** Over everything. */
        ALL(0, 1);

        private final int[] axes;

        Over(int... axes) {
            this.axes = axes;
        }
    }

    /** Makes the matrix. */
    @Setup
    public void prepare() {
        matrix = normal("matrix", EXTENT, EXTENT);
    }

    /** The sum. */
    @Benchmark
    public void sum(Blackhole hole) {
        compute(hole, () -> matrix.sum(over.axes));
    }

    /** The greatest element. */
    @Benchmark
    public void max(Blackhole hole) {
        compute(hole, () -> matrix.max(over.axes));
    }
}
