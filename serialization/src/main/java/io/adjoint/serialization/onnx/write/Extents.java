package io.adjoint.serialization.onnx.write;

import io.adjoint.serialization.onnx.Dimension;

/** What a model says of the extents of its values. */
@FunctionalInterface
interface Extents {
    /** They are those of the trace. */
    Extents TRACED = (term, axis) -> new Dimension.Fixed(term.dim(axis));

    Dimension of(Term term, int axis);
}
