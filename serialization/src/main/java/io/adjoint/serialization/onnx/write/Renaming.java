package io.adjoint.serialization.onnx.write;

import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import java.util.function.UnaryOperator;

/** Other names for values. Each name stands for one value in all of a model, so graphs inside of nodes are no matter. */
final class Renaming {
    private Renaming() {}

    /** The node with these names for what it reads and gives, as do the nodes of its graphs. */
    static NodeProto of(NodeProto node, UnaryOperator<String> names) {
        NodeProto.Builder builder = node.toBuilder().clearInput().clearOutput().clearAttribute();
        node.getInputList().forEach(input -> builder.addInput(names.apply(input)));
        node.getOutputList().forEach(output -> builder.addOutput(names.apply(output)));
        node.getAttributeList().forEach(attribute -> builder.addAttribute(of(attribute, names)));
        return builder.build();
    }

    private static AttributeProto of(AttributeProto attribute, UnaryOperator<String> names) {
        if (!attribute.hasG()) {
            return attribute;
        }
        GraphProto.Builder graph = attribute.getG().toBuilder().clearNode();
        attribute.getG().getNodeList().forEach(node -> graph.addNode(of(node, names)));
        return attribute.toBuilder().setG(graph).build();
    }
}
