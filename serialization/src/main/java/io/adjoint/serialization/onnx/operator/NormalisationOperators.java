package io.adjoint.serialization.onnx.operator;

/** Normalisation of batches, layers, groups and instances. */
final class NormalisationOperators {
    private NormalisationOperators() {}

    static void addTo(OperatorTable table) {}
}
