package io.adjoint.examples.benchmarks.kernels;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Embeddings;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/** Elements that change their places. */
public class MoveKernels extends Kernels {
    private static final int EXTENT = 1024;
    private static final int COLUMNS = 128;
    private static final int LOOKUPS = 4096;

    private Tensor matrix;
    private Tensor table;
    private Tensor index;
    private Tensor rows;
    private Tensor cotangent;

    /** Makes a matrix, and a table of which rows are looked up. */
    @Setup
    public void prepare() {
        matrix = normal("matrix", EXTENT, EXTENT);
        table = normal("table", EXTENT, COLUMNS).tracked();
        index = Tensor.of(new Random(1).longs(LOOKUPS, 0, EXTENT).toArray());
        rows = Embeddings.lookup(table, index);
        cotangent = normal("cotangent", LOOKUPS, COLUMNS);
    }

    /** A transposed matrix of 1,024 x 1,024 in row-major order. */
    @Benchmark
    public void transposedCopy(Blackhole hole) {
        compute(hole, () -> matrix.transpose().copy());
    }

    /** 4,096 of 1,024 rows of 128. */
    @Benchmark
    public void gatherRows(Blackhole hole) {
        compute(hole, () -> Embeddings.lookup(table.detached(), index));
    }

    /** The same rows added to where they came from. */
    @Benchmark
    public void scatterAddRows(Blackhole hole) {
        gradient(hole, rows, cotangent, table);
    }
}
