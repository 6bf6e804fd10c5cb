package io.adjoint.serialization.onnx.write;

import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Tensors inside of a model's messages, such as those of its constants, whose elements come when it is known in which file
 * they lie. Until then the header stands there, which is told from others by its identity.
 */
final class Placeholders {
    private final Map<Message, Weight> weights = new IdentityHashMap<>();

    /** What stands in the place of a tensor. */
    TensorProto of(Weight weight) {
        weights.put(weight.header(), weight);
        return weight.header();
    }

    /** The tensors of a message, in order. */
    List<Weight> in(Message message) {
        List<Weight> found = new ArrayList<>();
        collect(message, found);
        return found;
    }

    private void collect(Message message, List<Weight> found) {
        if (message instanceof TensorProto) {
            if (weights.containsKey(message)) {
                found.add(weights.get(message));
            }
            return;
        }
        message.getAllFields().forEach((field, value) -> {
            if (field.getJavaType() == JavaType.MESSAGE) {
                (value instanceof List<?> list ? list : List.of(value))
                        .forEach(each -> collect((Message) each, found));
            }
        });
    }

    /** The model with its tensors: in other files where they have a reference, else in the message itself. */
    ModelProto filled(ModelProto model, Map<Weight, TensorProto> references) {
        return weights.isEmpty() ? model : (ModelProto) replaced(model, message -> {
            Weight weight = weights.get(message);
            return weight == null ? message : references.containsKey(weight) ? references.get(weight) : weight.filled();
        });
    }

    private static Message replaced(Message message, UnaryOperator<Message> replacement) {
        if (message instanceof TensorProto) {
            return replacement.apply(message);
        }
        Message.Builder changed = message.toBuilder();
        message.getAllFields().forEach((field, value) -> {
            if (field.getJavaType() == JavaType.MESSAGE) {
                changed.setField(field, value instanceof List<?> list
                        ? list.stream().map(each -> replaced((Message) each, replacement)).toList()
                        : replaced((Message) value, replacement));
            }
        });
        return changed.build();
    }
}
