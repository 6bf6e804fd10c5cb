package io.adjoint.autodiff.reference;

/** Functions that order elements or choose by order. */
final class SortingFunctions {
    private SortingFunctions() {}

    static void addTo(Functions table) {}
}
