package io.adjoint.serialization.onnx.write;

import com.google.protobuf.ByteString;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.proto.TensorProto;
import java.util.function.Supplier;

/**
 * An initializer whose elements are written when their turn comes.
 *
 * @param header all but the elements
 * @param type of the elements
 * @param length of the elements in bytes
 * @param value what is written
 */
record Weight(TensorProto header, ElementType type, long length, Supplier<Tensor> value) {
    static Weight of(String name, ElementType type, Shape shape, Supplier<Tensor> value) {
        TensorProto.Builder header = TensorProto.newBuilder().setName(name).setDataType(type.number());
        for (int dim : shape.dims()) {
            header.addDims(dim);
        }
        return of(header.build(), type, shape, value);
    }

    static Weight of(TensorProto header, ElementType type, Shape shape, Supplier<Tensor> value) {
        return new Weight(header, type, (long) shape.size() * TensorBytes.bytesOf(type), value);
    }

    /** With the elements in the message itself. */
    TensorProto filled() {
        return header.toBuilder().setRawData(ByteString.copyFrom(TensorBytes.of(type, value.get()))).build();
    }
}
