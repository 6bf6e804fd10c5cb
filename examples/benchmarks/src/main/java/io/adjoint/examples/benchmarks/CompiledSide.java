package io.adjoint.examples.benchmarks;

/** This library's compiled programs, for the workloads that are more than one operation. */
final class CompiledSide {
    private CompiledSide() {}

    /** See {@link Side#main}; threads are set by a system property. */
    public static void main(String[] arguments) {
        Side.main(arguments, CompiledSide::job);
    }

    private static Job job(Workload workload) {
        return switch (workload) {
            case TrainingStep(Network network) -> AdjointTraining.compiled(network);
            case Inference inference -> AdjointInference.compiled(inference);
            case Product _, Convolution _, Elementwise _, RowWise _ ->
                throw new IllegalArgumentException(workload.name() + " is a single operation");
        };
    }
}
