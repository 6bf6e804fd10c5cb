package io.adjoint.serialization.onnx.read;

import io.adjoint.serialization.onnx.operator.OperatorTable;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What the initialisers of a graph are for, by the operators that read them, also in graphs inside and in functions. */
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

    /**
     * The roles of the names that nodes read.
     *
     * @param operators finds what a node computes; a function is read for that
     * @param nesting counts graphs within each other, in which functions are found
     */
    static Roles of(List<NodeProto> nodes, Function<NodeProto, Optional<OperatorTable.Entry>> operators,
            Nesting nesting) {
        Roles roles = new Roles();
        for (NodeProto node : nodes) {
            operators.apply(node).ifPresent(entry -> {
                for (int i = 0; i < node.getInputCount(); i++) {
                    roles.add(node.getInput(i),
                            entry.isKnown(i) ? Role.KNOWN : entry.isBuffer(i) ? Role.BUFFER : Role.PARAMETER);
                }
            });
            for (AttributeProto attribute : node.getAttributeList()) {
                if (attribute.hasG()) {
                    around(attribute.getG(), operators, nesting).forEach(roles::add);
                }
            }
        }
        return roles;
    }

    /** Of the names that a graph inside of a node takes from around it. */
    private static Map<String, Role> around(GraphProto graph,
            Function<NodeProto, Optional<OperatorTable.Entry>> operators, Nesting nesting) {
        nesting.enter();
        Map<String, Role> roles = of(graph.getNodeList(), operators, nesting).roles;
        nesting.leave();
        graph.getInputList().forEach(input -> roles.remove(input.getName()));
        graph.getInitializerList().forEach(tensor -> roles.remove(tensor.getName()));
        graph.getSparseInitializerList().forEach(sparse -> roles.remove(sparse.getValues().getName()));
        graph.getNodeList().forEach(node -> node.getOutputList().forEach(roles::remove));
        return roles;
    }

    private void add(String name, Role role) {
        roles.merge(name, role, (a, b) -> a.compareTo(b) > 0 ? a : b);
    }

    Role of(String name) {
        return roles.getOrDefault(name, Role.PARAMETER);
    }
}
