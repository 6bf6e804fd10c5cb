package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.TensorSpec;

/**
 * A value of the ONNX graph that is being written.
 *
 * @param name by which nodes refer to it
 * @param spec dtype and shape, at the extents of the trace
 */
record Term(String name, TensorSpec spec) {
    Shape shape() {
        return spec.shape();
    }

    DType dtype() {
        return spec.dtype();
    }

    int rank() {
        return spec.shape().rank();
    }

    /** The extent of an axis; below 0 they count from the last. */
    int dim(int axis) {
        return spec.shape().dim(axis);
    }
}
