package io.adjoint.autodiff.reference;

/** Distances and similarities. */
final class DistanceFunctions {
    private DistanceFunctions() {}

    static void addTo(Functions table) {}
}
