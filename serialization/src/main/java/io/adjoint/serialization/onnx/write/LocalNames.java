package io.adjoint.serialization.onnx.write;

import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import java.util.HashMap;
import java.util.Map;

/** Nodes with names of a function of their own: the same ones wherever they come from. */
final class LocalNames {
    private final Map<String, String> local = new HashMap<>();
    private final UniqueNames names = new UniqueNames();

    /** A name for what comes from outside; the first one counts if it comes twice. */
    String define(String name, String kind) {
        String unique = names.unique(kind);
        local.putIfAbsent(name, unique);
        return unique;
    }

    /** The name that a value has here. */
    String of(String name) {
        return name.isEmpty() ? name : local.get(name);
    }

    /** A node, with the graphs inside of it. */
    NodeProto of(NodeProto node) {
        NodeProto.Builder builder =
                node.toBuilder().clearInput().clearOutput().clearAttribute().clearDocString();
        String name = names.unique(node.getOpType());
        builder.setName(name);
        node.getInputList().forEach(input -> builder.addInput(of(input)));
        node.getAttributeList().forEach(attribute -> builder.addAttribute(of(attribute)));
        for (int i = 0; i < node.getOutputCount(); i++) {
            String output = Emitter.output(name, i);
            local.put(node.getOutput(i), output);
            builder.addOutput(output);
        }
        return builder.build();
    }

    private AttributeProto of(AttributeProto attribute) {
        return attribute.hasG() ? attribute.toBuilder().setG(of(attribute.getG())).build() : attribute;
    }

    private GraphProto of(GraphProto graph) {
        GraphProto.Builder builder = graph.toBuilder().clearInput().clearOutput().clearNode();
        graph.getInputList().forEach(input -> builder
                .addInput(input.toBuilder().setName(define(input.getName(), Formulas.kind(input.getName())))));
        graph.getNodeList().forEach(node -> builder.addNode(of(node)));
        for (ValueInfoProto output : graph.getOutputList()) {
            builder.addOutput(output.toBuilder().setName(of(output.getName())));
        }
        return builder.build();
    }
}
