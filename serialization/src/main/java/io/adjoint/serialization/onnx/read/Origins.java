package io.adjoint.serialization.onnx.read;

import com.google.protobuf.Message;
import io.adjoint.serialization.onnx.graph.Initialiser;
import io.adjoint.serialization.onnx.graph.Value;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.TensorProto.DataLocation;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was made of those tensors in a model's messages that cannot be written again as they are: variables, and what lies in
 * other files.
 */
public final class Origins {
    private final Map<Message, Initialiser> made = new IdentityHashMap<>();

    Origins() {}

    /** A variable was made of a tensor, or of a sparse one. */
    void held(Message message, Initialiser.Held held) {
        made.put(message, held);
    }

    /** A tensor was read. */
    void read(TensorProto tensor, Value value) {
        if (isExternal(tensor)) {
            made.put(tensor, new Initialiser.Fixed(value));
        }
    }

    /** What has the elements of a tensor now; empty where the message itself has them. */
    public Optional<Initialiser> of(Message message) {
        return Optional.ofNullable(made.get(message));
    }

    /** Whether a tensor's elements are in another file. */
    public static boolean isExternal(TensorProto tensor) {
        return tensor.getDataLocation() == DataLocation.EXTERNAL;
    }
}
