/** Tensors, operations, gradients, the graph, its compiler and the kernels under them. */
module io.adjoint.autodiff {
    // Optional: without it every kernel runs as its scalar twin.
    requires static jdk.incubator.vector;
    // Optional: without it programs report no events.
    requires static jdk.jfr;

    exports io.adjoint.autodiff;
    exports io.adjoint.autodiff.check;
    exports io.adjoint.autodiff.function;
    exports io.adjoint.autodiff.op;
}
