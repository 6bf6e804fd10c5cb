package io.adjoint.autodiff.reference;

/** Convolution, pooling, and other functions of windows of images. */
final class WindowFunctions {
    private WindowFunctions() {}

    static void addTo(Functions table) {}
}
