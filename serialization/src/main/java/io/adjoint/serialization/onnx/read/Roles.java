package io.adjoint.serialization.onnx.read;

import io.adjoint.serialization.onnx.operator.OperatorTable;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What the initialisers of a graph are for, by the operators that read them. */
final class Roles {
    /** In order of precedence, the last wins. */
    enum Role {
        /** Trained, if its elements are floats. */
        PARAMETER,
        /** State without a gradient. */
        BUFFER,
        /** Decides what is computed, so it never changes. */
        KNOWN
    }

    private final Map<String, Role> roles = new HashMap<>();

    private Roles() {}

    static Roles of(GraphProto graph, Function<NodeProto, Optional<OperatorTable.Entry>> operators) {
        Roles roles = new Roles();
        for (NodeProto node : graph.getNodeList()) {
            operators.apply(node).ifPresent(entry -> {
                for (int i = 0; i < node.getInputCount(); i++) {
                    Role role = entry.isKnown(i) ? Role.KNOWN : entry.isBuffer(i) ? Role.BUFFER : Role.PARAMETER;
                    roles.roles.merge(node.getInput(i), role, (a, b) -> a.compareTo(b) > 0 ? a : b);
                }
            });
        }
        return roles;
    }

    Role of(String name) {
        return roles.getOrDefault(name, Role.PARAMETER);
    }
}
