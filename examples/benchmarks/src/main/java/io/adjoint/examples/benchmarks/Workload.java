package io.adjoint.examples.benchmarks;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Something that a system does and that is timed. A name starts with its family; every system says in one switch how it does each. */
sealed interface Workload permits Product, Convolution, Elementwise, RowWise, TrainingStep, Inference {
    String name();

    /** Multiplications and additions of one run, where they are what it is about. */
    default OptionalLong flops() {
        return OptionalLong.empty();
    }

    static List<Workload> all() {
        return Stream.of(Product.all(), Convolution.all(), Elementwise.all(), RowWise.all(), TrainingStep.all(),
                Inference.all())
                .<Workload>flatMap(List::stream)
                .toList();
    }

    /** @throws java.util.NoSuchElementException if no workload has this name */
    static Workload named(String name) {
        return all().stream().filter(workload -> workload.name().equals(name)).findFirst().orElseThrow();
    }
}
