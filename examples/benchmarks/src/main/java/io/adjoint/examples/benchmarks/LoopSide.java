package io.adjoint.examples.benchmarks;

/** Epochs of a training by a loop of compiled steps. */
final class LoopSide {
    private LoopSide() {}

    /** See {@link Side#main}; threads are set by a system property. */
    public static void main(String[] arguments) {
        Side.main(arguments, workload -> {
            if (workload instanceof TrainingStep(Network network)) {
                return Epochs.of(network).loop();
            }
            throw new IllegalArgumentException(workload.name() + " is no training");
        });
    }
}
