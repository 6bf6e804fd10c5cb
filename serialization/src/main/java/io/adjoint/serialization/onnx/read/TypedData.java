package io.adjoint.serialization.onnx.read;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.proto.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;

/**
 * The elements of a tensor in one of its typed fields, read one after the other where they lie in the file: numbers of fixed
 * width, or varints. Packed numbers are bytes to the messages; those that stand one by one, as protobuf also allows, are fields
 * that the messages do not know.
 */
final class TypedData {
    private static final int MOST_BYTES = 10;

    private enum Width {
        VARINT, FIXED32, FIXED64
    }

    private final Width width;
    private final List<ByteString> packed;
    private final UnknownFieldSet.Field single;
    private Iterator<ByteString> chunks;
    private ByteBuffer chunk = ByteBuffer.allocate(0);
    private int taken;

    private TypedData(Width width, List<ByteString> packed, UnknownFieldSet.Field single) {
        this.width = width;
        this.packed = packed;
        this.single = single;
        this.chunks = packed.iterator();
    }

    /** The field in which elements of the type stand. */
    static TypedData of(TensorProto tensor, ElementType type) {
        return switch (type) {
            case FLOAT -> of(tensor, Width.FIXED32, tensor.getFloatDataList(), TensorProto.FLOAT_DATA_FIELD_NUMBER);
            case DOUBLE -> of(tensor, Width.FIXED64, tensor.getDoubleDataList(), TensorProto.DOUBLE_DATA_FIELD_NUMBER);
            case INT64 -> of(tensor, Width.VARINT, tensor.getInt64DataList(), TensorProto.INT64_DATA_FIELD_NUMBER);
            case UINT32, UINT64 ->
                of(tensor, Width.VARINT, tensor.getUint64DataList(), TensorProto.UINT64_DATA_FIELD_NUMBER);
            case UINT8, INT8, UINT16, INT16, INT32, BOOL, FLOAT16, BFLOAT16 ->
                of(tensor, Width.VARINT, tensor.getInt32DataList(), TensorProto.INT32_DATA_FIELD_NUMBER);
        };
    }

    private static TypedData of(TensorProto tensor, Width width, List<ByteString> packed, int number) {
        return new TypedData(width, packed, tensor.getUnknownFields().getField(number));
    }

    /** How many elements there are, or nothing if they are damaged. */
    OptionalInt count() {
        long count = switch (width) {
            case VARINT -> single.getVarintList().size();
            case FIXED32 -> single.getFixed32List().size();
            case FIXED64 -> single.getFixed64List().size();
        };
        for (ByteString bytes : packed) {
            long more = width == Width.VARINT ? varints(bytes.asReadOnlyByteBuffer())
                    : fixed(bytes.size(), width == Width.FIXED32 ? Integer.BYTES : Long.BYTES);
            if (more < 0) {
                return OptionalInt.empty();
            }
            count += more;
        }
        return count <= Integer.MAX_VALUE ? OptionalInt.of((int) count) : OptionalInt.empty();
    }

    private static long fixed(int bytes, int width) {
        return bytes % width == 0 ? bytes / width : -1;
    }

    /** Each ends in a byte without its highest bit. */
    private static long varints(ByteBuffer bytes) {
        int count = 0;
        int length = 0;
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            length++;
            if (bytes.get(i) >= 0) {
                count++;
                length = 0;
            } else if (length == MOST_BYTES) {
                return -1;
            }
        }
        return length == 0 ? count : -1;
    }

    /** The next element, or the bits of a float; there have to be as many as {@link #count} says. */
    long next() {
        while (!chunk.hasRemaining()) {
            if (!chunks.hasNext()) {
                return nextSingle();
            }
            chunk = chunks.next().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }
        return switch (width) {
            case VARINT -> varint();
            case FIXED32 -> chunk.getInt();
            case FIXED64 -> chunk.getLong();
        };
    }

    private long nextSingle() {
        int i = taken++;
        return switch (width) {
            case VARINT -> single.getVarintList().get(i);
            case FIXED32 -> single.getFixed32List().get(i);
            case FIXED64 -> single.getFixed64List().get(i);
        };
    }

    private long varint() {
        long value = 0;
        for (int shift = 0;; shift += 7) {
            byte bits = chunk.get();
            value |= (long) (bits & 0x7F) << shift;
            if (bits >= 0) {
                return value;
            }
        }
    }
}
