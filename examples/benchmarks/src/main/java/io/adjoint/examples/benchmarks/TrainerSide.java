package io.adjoint.examples.benchmarks;

/** Epochs of a training by the library's trainer. */
final class TrainerSide {
    private TrainerSide() {}

    /** See {@link Side#main}; threads are set by a system property. */
    public static void main(String[] arguments) {
        Side.main(arguments, workload -> {
            if (workload instanceof TrainingStep(Network network)) {
                return Epochs.of(network).trainer();
            }
            throw new IllegalArgumentException(workload.name() + " is no training");
        });
    }
}
