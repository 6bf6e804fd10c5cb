package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Graph;

/** Lines of source, as {@code Net.java:12}. */
final class Places {
    private Places() {}

    /** Where an operation was applied; empty if that is not known. */
    static String line(Graph.Apply apply) {
        return apply.place().map(place -> place.getFileName() + ":" + place.getLineNumber()).orElse("");
    }
}
