package io.adjoint.autodiff.reference;

/** Attention and embeddings. */
final class AttentionFunctions {
    private AttentionFunctions() {}

    static void addTo(Functions table) {}
}
