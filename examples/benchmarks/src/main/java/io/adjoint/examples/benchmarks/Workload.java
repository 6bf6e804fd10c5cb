package io.adjoint.examples.benchmarks;

import java.util.List;
import java.util.stream.Stream;

/** Something to time. A name starts with its family; every system says in one switch how it does each. */
sealed interface Workload {
    String name();

    /** A product of two square F32 matrices, each as it lies ({@code n}) or transposed ({@code t}), result included. */
    record Sgemm(int n, boolean leftTransposed, boolean rightTransposed) implements Workload {
        @Override
        public String name() {
            return "sgemm-" + n + "-" + (leftTransposed ? "t" : "n") + (rightTransposed ? "t" : "n");
        }
    }

    /** A product as in a layer of {@code columns} units on {@code rows} examples of {@code depth} features. */
    record Linear(int rows, int depth, int columns) implements Workload {
        @Override
        public String name() {
            return "linear-" + rows + "x" + depth + "x" + columns;
        }
    }

    static List<Workload> all() {
        Stream<Workload> squares =
                Stream.of(64, 128, 256, 512, 1024).map(n -> new Sgemm(n, false, false));
        return Stream.concat(squares, Stream.of(
                new Sgemm(512, true, false), new Sgemm(512, false, true), new Sgemm(512, true, true),
                new Linear(128, 784, 512), new Linear(64, 784, 128), new Linear(256, 256, 1024),
                new Linear(128, 512, 10))).toList();
    }

    /** @throws java.util.NoSuchElementException if no workload has this name */
    static Workload named(String name) {
        return all().stream().filter(workload -> workload.name().equals(name)).findFirst().orElseThrow();
    }
}
