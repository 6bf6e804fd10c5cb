package io.adjoint.examples.benchmarks;

import java.util.List;
import java.util.stream.Stream;

/** One training step: zero gradients, forward, loss, backward, optimizer, loss read back; always the same batch. */
record TrainingStep(Network network) implements Workload {
    /** Steps whose losses are compared before anything is timed; all but the first depend on gradients and optimizer. */
    static final int COMPARED_STEPS = 5;

    static List<TrainingStep> all() {
        return Stream.of(
                new Mlp("tiny-mlp", 32, 2, 16, 16, 2), new Mlp("mlp-s", 64, 784, 256, 128, 10),
                new Mlp("mlp-l", 256, 784, 1024, 1024, 10), new LeNet5(), new ResNet(), new Lstm(), new Gpt())
                .map(TrainingStep::new).toList();
    }

    /** The training of a network of this name. */
    static TrainingStep of(String network) {
        return all().stream().filter(training -> training.network.name().equals(network)).findFirst().orElseThrow();
    }

    @Override
    public String name() {
        return "train-" + network.name();
    }
}
