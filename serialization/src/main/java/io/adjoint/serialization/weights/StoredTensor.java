package io.adjoint.serialization.weights;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.file.StoredType;

/**
 * A tensor in a file.
 *
 * @param begin where its bytes begin, counted from the end of the header
 * @param end where they end
 */
record StoredTensor(StoredType type, Shape shape, long begin, long end) {
    /** What it becomes. */
    TensorSpec spec() {
        return new TensorSpec(type.dtype(), shape);
    }

    /** What its elements take in the file. */
    long bytes() {
        return (long) type.bytes() * shape.size();
    }
}
