package io.adjoint.autodiff.reference;

/** Linear algebra and Fourier transforms. */
final class MatrixFunctions {
    private MatrixFunctions() {}

    static void addTo(Functions table) {}
}
