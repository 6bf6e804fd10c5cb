package io.adjoint.serialization.onnx.read;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Walks over the bytes of a model before any message is made of them, and adds up what the messages, and what is made of them,
 * will take in memory. A few bytes can be an object of hundreds: what would take more than its limit is refused, and so is what
 * is not well-formed. Of the elements of tensors only those are counted that are varints, of which a byte becomes 4 or 8: others
 * take what they take in the file, or up to four times as much where no dtype is as narrow.
 */
final class WireScan {
    /** As deep as protobuf reads. */
    private static final int MAX_DEPTH = 100;

    /** A message, with the node or the like that it becomes. */
    private static final int MESSAGE = 640;
    /** A text, with its places in sets and maps of names. */
    private static final int TEXT = 160;
    /** In graphs inside of others, each of those around may keep the name. */
    private static final int TEXT_PER_LEVEL = 24;
    /** Bytes where they lie in the file. */
    private static final int BYTES = 192;
    /** A number in a list. */
    private static final int NUMBER = 64;
    /** A field that the messages do not know. */
    private static final int UNKNOWN = 480;
    /** Letters may be two bytes each, and are copied while they are read. */
    private static final int PER_LETTER = 4;

    private static final int MOST_VARINT_BITS = 70;

    private static final Layout NONE = new Layout(new Kind[0], new Layout[0]);
    private static final Layout MODEL = Layout.of(ModelProto.getDescriptor(), new HashMap<>());

    private final Path file;
    private final ByteBuffer bytes;
    private final long limit;
    private int at;
    private long cost;

    private WireScan(Path file, ByteBuffer bytes, long limit) {
        this.file = file;
        this.bytes = bytes;
        this.limit = limit;
    }

    /** What a field is to the scan. */
    private enum Kind {
        UNKNOWN, MESSAGE, TEXT, BYTES, INTS, LONGS, VARINTS, FIXED32S, FIXED64S
    }

    /** The fields of a message by their numbers, and the messages in them. */
    private record Layout(Kind[] kinds, Layout[] inside) {
        static Layout of(Descriptor type, Map<String, Layout> known) {
            Layout layout = known.get(type.getFullName());
            if (layout != null) {
                return layout;
            }
            int numbers = 1 + type.getFields().stream().mapToInt(FieldDescriptor::getNumber).max().orElse(0);
            layout = new Layout(new Kind[numbers], new Layout[numbers]);
            known.put(type.getFullName(), layout);
            for (FieldDescriptor field : type.getFields()) {
                layout.kinds[field.getNumber()] = kind(field);
                if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                    layout.inside[field.getNumber()] = of(field.getMessageType(), known);
                }
            }
            return layout;
        }

        private static Kind kind(FieldDescriptor field) {
            return switch (field.getJavaType()) {
                case MESSAGE -> Kind.MESSAGE;
                case STRING -> Kind.TEXT;
                case BYTE_STRING -> bytes(field);
                case FLOAT -> Kind.FIXED32S;
                case DOUBLE -> Kind.FIXED64S;
                case INT, LONG, BOOLEAN, ENUM -> Kind.VARINTS;
            };
        }

        private static Kind bytes(FieldDescriptor field) {
            if (field.getContainingType().equals(AttributeProto.getDescriptor())) {
                return Kind.TEXT;
            }
            boolean isTensor = field.getContainingType().equals(TensorProto.getDescriptor());
            return switch (isTensor ? field.getNumber() : 0) {
                case TensorProto.INT32_DATA_FIELD_NUMBER -> Kind.INTS;
                case TensorProto.INT64_DATA_FIELD_NUMBER, TensorProto.UINT64_DATA_FIELD_NUMBER -> Kind.LONGS;
                default -> Kind.BYTES;
            };
        }

        Kind kind(int number) {
            return number < kinds.length && kinds[number] != null ? kinds[number] : Kind.UNKNOWN;
        }
    }

    /**
     * Looks through a model.
     *
     * @param limit what may be made of it, in bytes of memory
     * @throws ModelFileException if that is not enough, or the bytes are no message
     */
    static void check(Path file, ByteBuffer bytes, long limit) {
        new WireScan(file, bytes, limit).message(MODEL, bytes.limit(), 0);
    }

    private void message(Layout layout, int end, int depth) {
        if (depth > MAX_DEPTH) {
            throw new ModelFileException(file, "messages are within each other more than " + MAX_DEPTH + " deep",
                    "restore it from a copy, or export it with fewer graphs inside of graphs");
        }
        pay(MESSAGE);
        while (at < end) {
            long tag = varint(end);
            int number = (int) (tag >>> 3);
            if (tag >>> 32 != 0 || number == 0) {
                throw damaged();
            }
            field(layout, number, (int) tag & 7, end, depth);
        }
    }

    private void field(Layout layout, int number, int wireType, int end, int depth) {
        Kind kind = layout.kind(number);
        switch (wireType) {
            case WireFormat.WIRETYPE_VARINT -> {
                varint(end);
                pay(kind == Kind.VARINTS ? NUMBER : UNKNOWN);
            }
            case WireFormat.WIRETYPE_FIXED32 -> {
                skip(Integer.BYTES, end);
                pay(kind == Kind.FIXED32S ? NUMBER : UNKNOWN);
            }
            case WireFormat.WIRETYPE_FIXED64 -> {
                skip(Long.BYTES, end);
                pay(kind == Kind.FIXED64S ? NUMBER : UNKNOWN);
            }
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> delimited(layout, number, kind, end, depth);
            case WireFormat.WIRETYPE_START_GROUP -> group(number, end, depth + 1);
            default -> throw damaged();
        }
    }

    private void delimited(Layout layout, int number, Kind kind, int end, int depth) {
        long length = varint(end);
        if (length < 0 || length > end - at) {
            throw damaged();
        }
        int next = at + (int) length;
        switch (kind) {
            case MESSAGE -> message(layout.inside[number], next, depth + 1);
            case TEXT -> pay(TEXT + (long) depth * TEXT_PER_LEVEL + PER_LETTER * length);
            case BYTES -> pay(BYTES);
            case UNKNOWN -> pay(UNKNOWN);
            case INTS -> elements(next, Integer.BYTES);
            case LONGS -> elements(next, Long.BYTES);
            case VARINTS -> numbers(next);
            case FIXED32S -> pay(length / Integer.BYTES * NUMBER);
            case FIXED64S -> pay(length / Long.BYTES * NUMBER);
        }
        at = next;
    }

    /** Each ends in a byte without its highest bit. */
    private void elements(int end, int width) {
        long count = 0;
        for (int i = at; i < end; i++) {
            count += bytes.get(i) >= 0 ? 1 : 0;
        }
        pay(BYTES + count * width);
    }

    private void numbers(int end) {
        while (at < end) {
            varint(end);
            pay(NUMBER);
        }
    }

    /** A field that no message here knows, with fields up to a mark of its end. */
    private void group(int number, int end, int depth) {
        if (depth > MAX_DEPTH) {
            throw damaged();
        }
        pay(UNKNOWN);
        while (true) {
            long tag = varint(end);
            if (tag >>> 32 != 0 || tag >>> 3 == 0) {
                throw damaged();
            }
            if ((tag & 7) == WireFormat.WIRETYPE_END_GROUP) {
                if (tag >>> 3 != number) {
                    throw damaged();
                }
                return;
            }
            field(NONE, (int) (tag >>> 3), (int) tag & 7, end, depth);
        }
    }

    private void skip(int count, int end) {
        if (count > end - at) {
            throw damaged();
        }
        at += count;
    }

    private long varint(int end) {
        long value = 0;
        for (int shift = 0; shift < MOST_VARINT_BITS && at < end; shift += 7) {
            byte bits = bytes.get(at++);
            value |= (long) (bits & 0x7F) << shift;
            if (bits >= 0) {
                return value;
            }
        }
        throw damaged();
    }

    private void pay(long price) {
        cost += price;
        if (cost > limit) {
            throw new ModelFileException(file, "what stands in it would take more than " + limit
                    + " bytes of memory beside its tensors",
                    "restore it from a copy, or name a greater limit in the call if you trust the file");
        }
    }

    private ModelFileException damaged() {
        return new ModelFileException(file, "this is not an ONNX model, or it is damaged (at byte " + at + ")",
                "restore it from a copy or export it again");
    }
}
