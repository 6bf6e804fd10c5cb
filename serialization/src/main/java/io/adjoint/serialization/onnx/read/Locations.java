package io.adjoint.serialization.onnx.read;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.adjoint.serialization.file.RegularFile;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.StringStringEntryProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Where the tensors of a model lie, found without making messages of it, however many it has. */
public final class Locations {
    /** As deep as protobuf reads. */
    private static final int MAX_DEPTH = 100;

    private final CodedInputStream in;
    private final Set<String> found = new HashSet<>();
    private boolean hasGraph;

    private Locations(CodedInputStream in) {
        this.in = in;
    }

    /**
     * The files that tensors of a model lie in, at any depth.
     *
     * @return empty if the file is no whole model
     * @throws io.adjoint.serialization.ModelFileException if it cannot be read
     */
    public static Optional<Set<String>> in(Path file) {
        return RegularFile.lookAt(file, () -> find(RegularFile.map(file)));
    }

    private static Optional<Set<String>> find(MemorySegment bytes) {
        if (bytes.byteSize() > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        Locations locations = new Locations(CodedInputStream.newInstance(bytes.asByteBuffer()));
        try {
            locations.message(ModelProto.getDescriptor(), 0);
            return locations.hasGraph ? Optional.of(locations.found) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // it is damaged: all bytes are there
        }
    }

    private void message(Descriptor type, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new InvalidProtocolBufferException("messages are within each other too deep");
        }
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            if (field == null || field.getJavaType() != FieldDescriptor.JavaType.MESSAGE
                    || WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                in.skipField(tag);
            } else if (type == TensorProto.getDescriptor()
                    && field.getNumber() == TensorProto.EXTERNAL_DATA_FIELD_NUMBER) {
                entry(StringStringEntryProto.parseFrom(in.readBytes()));
            } else {
                hasGraph |= depth == 0 && field.getNumber() == ModelProto.GRAPH_FIELD_NUMBER;
                int outer = in.pushLimit(in.readRawVarint32());
                message(field.getMessageType(), depth + 1);
                in.popLimit(outer);
            }
        }
    }

    private void entry(StringStringEntryProto entry) {
        if (entry.getKey().equals("location")) {
            found.add(entry.getValue());
        }
    }
}
