package io.adjoint.serialization.onnx.read;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Index;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.onnx.graph.Value;
import io.adjoint.serialization.onnx.proto.SparseTensorProto;
import java.nio.file.Path;

/** Reads sparse tensors as dense ones. */
final class SparseReader {
    /** A few bytes can claim any extents, so there is an end to what all of a model get together. */
    private static final int MAX_ELEMENTS = 1 << 20;

    private final Path file;
    private final TensorReader tensors;

    SparseReader(Path file, TensorReader tensors) {
        this.file = file;
        this.tensors = tensors;
    }

    Value read(SparseTensorProto sparse) {
        Value values = tensors.read(sparse.getValues());
        Shape shape = tensors.shape(sparse.getValues(), sparse.getDimsList());
        int n = values.tensor().size();
        if (tensors.countSparse(shape.size()) > MAX_ELEMENTS) {
            throw bad("it has " + shape.size() + " elements, where all of a model may have " + MAX_ELEMENTS);
        }
        long[] indices = tensors.read(sparse.getIndices()).tensor().cast(DType.I64).toLongs();
        boolean isLinear = sparse.getIndices().getDimsCount() == 1;
        int perValue = isLinear ? 1 : shape.rank();
        if (values.tensor().rank() != 1 || indices.length != (long) n * perValue) {
            throw bad("it has " + n + " values and " + indices.length + " indices");
        }
        long[] places = new long[n];
        int[] strides = shape.rowMajorStrides();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < perValue; j++) {
                long index = indices[i * perValue + j];
                if (index < 0 || index >= (isLinear ? shape.size() : shape.dim(j))) {
                    throw bad("the index " + index + " is outside of it");
                }
                places[i] += isLinear ? index : index * strides[j];
            }
        }
        Tensor flat = Tensor.zeros(Shape.of(shape.size()), values.dtype());
        Tensor filled = n == 0 ? flat : flat.put(values.tensor(), Index.of(Tensor.of(places)));
        return new Value(values.type(), filled.reshape(shape));
    }

    private ModelFileException bad(String problem) {
        return new ModelFileException(file, "a sparse tensor: " + problem, "store it as a dense one");
    }
}
