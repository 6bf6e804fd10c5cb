package io.adjoint.examples.benchmarks;

import org.bytedeco.pytorch.global.torch;

/** PyTorch's C++ library, without Python. */
final class LibtorchSide {
    private LibtorchSide() {}

    /** See {@link Side#main}. */
    public static void main(String[] arguments) {
        int threads = Integer.parseInt(arguments[0]);
        torch.set_num_threads(threads);
        Side.main(arguments, LibtorchSide::job);
    }

    private static Job job(Workload workload) {
        return switch (workload) {
            case Product product -> LibtorchKernels.product(product);
            case Convolution convolution -> LibtorchKernels.convolution(convolution);
            case Elementwise elementwise -> LibtorchKernels.elementwise(elementwise);
            case RowWise rowWise -> LibtorchKernels.rowWise(rowWise);
            case TrainingStep(Network network) -> new LibtorchTraining(network);
            case Inference _ -> throw new IllegalArgumentException(workload.name() + " is an ONNX model");
        };
    }
}
