package io.adjoint.examples.benchmarks;

/** This library, eager. */
final class AdjointSide {
    private AdjointSide() {}

    /** See {@link Side#main}; threads are set by a system property. */
    public static void main(String[] arguments) {
        Side.main(arguments, AdjointSide::job);
    }

    static Job job(Workload workload) {
        return switch (workload) {
            case Product product -> AdjointKernels.product(product);
            case Convolution convolution -> AdjointKernels.convolution(convolution);
            case Elementwise elementwise -> AdjointKernels.elementwise(elementwise);
            case RowWise rowWise -> AdjointKernels.rowWise(rowWise);
            case Inference inference -> AdjointInference.eager(inference);
            case TrainingStep(Network network) -> AdjointTraining.eager(network);
        };
    }
}
