package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.util.List;

/** Tensors as columns in double: a row for each element of the shape that they broadcast to. */
final class Columns {
    private Columns() {}

    static List<Tensor> of(List<Tensor> tensors, Shape shape) {
        return tensors.stream().map(x -> x.cast(DType.F64).expand(shape).reshape(shape.size(), 1)).toList();
    }
}
