package io.adjoint.serialization.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.adjoint.serialization.onnx.proto.TensorProto;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Elements in the field that tensors of their type have for them, packed. */
final class TypedFields {
    private TypedFields() {}

    private interface Write {
        void to(CodedOutputStream out) throws IOException;
    }

    private static ByteString packed(Write write) {
        ByteString.Output bytes = ByteString.newOutput();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            write.to(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteString();
    }

    /** Numbers of any type. */
    static TensorProto.Builder add(TensorProto.Builder tensor, long... values) {
        ElementType type = ElementType.of(tensor.getDataType()).orElseThrow();
        ByteString bytes = packed(out -> {
            for (long value : values) {
                switch (type) {
                    case FLOAT -> out.writeFloatNoTag(value);
                    case DOUBLE -> out.writeDoubleNoTag(value);
                    default -> out.writeUInt64NoTag(value);
                }
            }
        });
        return switch (type) {
            case FLOAT -> tensor.addFloatData(bytes);
            case DOUBLE -> tensor.addDoubleData(bytes);
            case INT64 -> tensor.addInt64Data(bytes);
            case UINT32, UINT64 -> tensor.addUint64Data(bytes);
            case UINT8, INT8, UINT16, INT16, INT32, BOOL, FLOAT16, BFLOAT16 -> tensor.addInt32Data(bytes);
        };
    }
}
