package io.adjoint.examples.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A product of two F32 matrices, {@code [rows, depth] x [depth, columns]}. */
record Product(int rows, int depth, int columns, Layout layout) implements Workload {
    /** How the operands lie in memory. A linear layer's forward pass is NT, its gradients are NN (input) and TN (weight). */
    enum Layout {
        /** Both as they are. */
        NN,
        /** The right one transposed. */
        NT,
        /** The left one transposed. */
        TN
    }

    static List<Product> all() {
        Stream<int[]> squares = IntStream.of(64, 128, 256, 512, 1024, 2048).mapToObj(n -> new int[] {n, n, n});
        Stream<int[]> layers =
                Stream.of(new int[][] {{128, 784, 512}, {64, 784, 128}, {256, 256, 1024}, {128, 512, 10}});
        return Stream.concat(squares, layers)
                .flatMap(dims -> Arrays.stream(Layout.values())
                        .map(layout -> new Product(dims[0], dims[1], dims[2], layout)))
                .toList();
    }

    @Override
    public String name() {
        String shape = rows == depth && depth == columns ? "" + rows : rows + "x" + depth + "x" + columns;
        return "sgemm-" + shape + "-" + layout.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public OptionalLong flops() {
        return OptionalLong.of(2L * rows * depth * columns);
    }

    /** The left operand as it lies in memory. */
    Values left() {
        return layout == Layout.TN ? Values.uniform("left", 1, depth, rows) : Values.uniform("left", 1, rows, depth);
    }

    /** The right operand as it lies in memory. */
    Values right() {
        return layout == Layout.NT ? Values.uniform("right", 1, columns, depth)
                : Values.uniform("right", 1, depth, columns);
    }
}
