package io.adjoint.serialization.onnx.read;

import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.onnx.operator.OperatorTable;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.FunctionProto;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The operators that a model needs and the library has not, with the nodes that need them. They are looked for before anything
 * else is: tensors and attributes of such nodes may be of sorts that are not read.
 */
final class Unsupported {
    private static final int NODES_SHOWN = 20;
    /** More than any model that somebody made needs; a file may name a hundred thousand. */
    private static final int OPERATORS_SHOWN = 200;

    private final Map<String, FunctionProto> functions = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private final Deque<FunctionProto> called = new ArrayDeque<>();
    private final Map<String, Users> users = new TreeMap<>();

    /** The nodes with one operator, of which the first ones are named. */
    private static final class Users {
        private final List<String> names = new ArrayList<>();
        private int count;

        void add(NodeProto node) {
            count++;
            if (names.size() < NODES_SHOWN) {
                names.add(Names.quote(BlockReader.label(node)));
            }
        }

        @Override
        public String toString() {
            int more = count - names.size();
            return " (" + (count == 1 ? "1 node: " : count + " nodes: ") + String.join(", ", names)
                    + (more > 0 ? " and " + more + " more" : "") + ")";
        }
    }

    private Unsupported() {}

    /** Refuses a model with all of them at once, if it needs any: in its graph, graphs inside, and functions that are called. */
    static void refuse(Path file, ModelProto model) {
        Unsupported unsupported = new Unsupported();
        model.getFunctionsList().forEach(function -> unsupported.functions.put(Functions.key(function), function));
        unsupported.graph(model.getGraph());
        while (!unsupported.called.isEmpty()) {
            FunctionProto function = unsupported.called.pop();
            unsupported.nodes(function.getNodeList());
            unsupported.attributes(function.getAttributeProtoList());
        }
        unsupported.refuse(file);
    }

    private void graph(GraphProto graph) {
        nodes(graph.getNodeList());
    }

    private void nodes(List<NodeProto> nodes) {
        for (NodeProto node : nodes) {
            String key = Functions.key(node);
            String operator = BlockReader.operatorName(node);
            if (Functions.own(node).isPresent()) {
                continue; // its function is not read
            }
            if (functions.containsKey(key)) {
                if (seen.add(key)) {
                    called.push(functions.get(key));
                }
            } else if (OperatorTable.STANDARD.find(operator).isEmpty()) {
                users.computeIfAbsent(operator, _ -> new Users()).add(node);
            }
            attributes(node.getAttributeList());
        }
    }

    private void attributes(List<AttributeProto> attributes) {
        for (AttributeProto attribute : attributes) {
            graph(attribute.getG());
            attribute.getGraphsList().forEach(this::graph);
        }
    }

    private void refuse(Path file) {
        if (users.isEmpty()) {
            return;
        }
        String list = users.entrySet().stream().limit(OPERATORS_SHOWN)
                .map(entry -> Names.shown(entry.getKey()) + entry.getValue()).collect(Collectors.joining(", "));
        int more = users.size() - OPERATORS_SHOWN;
        throw new ModelFileException(file, "it needs operators that are not supported: " + list
                + (more > 0 ? " and " + more + " more" : ""),
                "export it with other operators, or as functions of supported ones");
    }
}
