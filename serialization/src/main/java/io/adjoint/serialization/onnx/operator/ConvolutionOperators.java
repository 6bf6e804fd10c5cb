package io.adjoint.serialization.onnx.operator;

/** Convolutions. */
final class ConvolutionOperators {
    private ConvolutionOperators() {}

    static void addTo(OperatorTable table) {}
}
