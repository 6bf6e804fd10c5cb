package io.adjoint.autodiff.reference;

/** Normalisation. */
final class NormalisationFunctions {
    private NormalisationFunctions() {}

    static void addTo(Functions table) {}
}
