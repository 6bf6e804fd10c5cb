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
    private final Origins origins;

    SparseReader(Path file, TensorReader tensors, Origins origins) {
        this.file = file;
        this.tensors = tensors;
        this.origins = origins;
    }

    Value read(SparseTensorProto sparse) {
        Value values = tensors.read(sparse.getValues());
        Shape shape = tensors.shape(sparse.getValues(), sparse.getDimsList());
        int n = values.tensor().size();
        boolean isLinear = sparse.getIndices().getDimsCount() == 1;
        int perValue = isLinear ? 1 : shape.rank();
        if (tensors.countSparse(shape.size() + (long) n * perValue) > MAX_ELEMENTS) {
            throw bad("it has " + shape.size() + " elements, where all of a model, with their indices, may have "
                    + MAX_ELEMENTS);
        }
        int given = tensors.shape(sparse.getIndices(), sparse.getIndices().getDimsList()).size();
        if (values.tensor().rank() != 1 || given != (long) n * perValue) {
            throw bad("it has " + n + " values and " + given + " indices");
        }
        Value indices = new TensorReader(file).read(sparse.getIndices());
        long[] places = places(indices.tensor(), shape, perValue);
        if (tensors.isChecking()) {
            return TensorReader.standIn(values.type(), shape);
        }
        origins.read(sparse.getValues(), values);
        origins.read(sparse.getIndices(), indices);
        Tensor flat = Tensor.zeros(Shape.of(shape.size()), values.dtype());
        Tensor filled = n == 0 ? flat : flat.put(values.tensor(), Index.of(Tensor.of(places)));
        return new Value(values.type(), filled.reshape(shape));
    }

    /** Places among the elements, from indices in each axis or, if there is only one per value, among all elements. */
    private long[] places(Tensor read, Shape shape, int perValue) {
        long[] indices = read.cast(DType.I64).toLongs();
        boolean isLinear = read.rank() == 1;
        int[] strides = shape.rowMajorStrides();
        long[] places = new long[perValue == 0 ? 0 : indices.length / perValue];
        for (int i = 0; i < indices.length; i++) {
            int axis = i % perValue;
            if (indices[i] < 0 || indices[i] >= (isLinear ? shape.size() : shape.dim(axis))) {
                throw bad("the index " + indices[i] + " is outside of it");
            }
            places[i / perValue] += isLinear ? indices[i] : indices[i] * strides[axis];
        }
        return places;
    }

    private ModelFileException bad(String problem) {
        return new ModelFileException(file, "a sparse tensor: " + problem, "store it as a dense one");
    }
}
