package io.adjoint.serialization.onnx;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.adjoint.serialization.onnx.proto.ModelProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Models as programs read them that know nothing of our operations: by what their functions say. */
final class OtherReaders {
    private OtherReaders() {}

    /** The file's model, computed by its functions. */
    static OnnxModel load(Path file) throws IOException {
        Path other = file.resolveSibling("functions-" + file.getFileName());
        Files.write(other, ((ModelProto) renamed(ModelProto.parseFrom(Files.readAllBytes(file)))).toByteArray());
        return Onnx.load(other);
    }

    private static Message renamed(Message message) {
        Message.Builder changed = message.toBuilder();
        message.getAllFields().forEach((field, value) -> {
            if (field.getJavaType() == JavaType.MESSAGE) {
                changed.setField(field, value instanceof List<?> list
                        ? list.stream().map(each -> renamed((Message) each)).toList() : renamed((Message) value));
            } else if (isDomain(field) && value.equals("adjoint")) {
                changed.setField(field, "functions");
            }
        });
        return changed.build();
    }

    private static boolean isDomain(FieldDescriptor field) {
        return field.getName().equals("domain");
    }
}
