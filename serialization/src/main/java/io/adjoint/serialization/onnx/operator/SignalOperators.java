package io.adjoint.serialization.onnx.operator;

/** Fourier transforms and windows. */
final class SignalOperators {
    private SignalOperators() {}

    static void addTo(OperatorTable table) {}
}
