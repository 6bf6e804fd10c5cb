package io.adjoint.serialization.onnx.write;

import io.adjoint.serialization.onnx.proto.NodeProto;
import java.util.function.UnaryOperator;

/**
 * Nodes of a draft that do one operation, and become a function.
 *
 * @param call the node that stands for them in the graph; the function may have another name
 * @param begin the name of the first of the nodes
 * @param nodes how many there are
 * @param result what they compute
 */
record Section(NodeProto call, String begin, int nodes, String result) {
    /** With other names for values around it. */
    Section renamed(UnaryOperator<String> names) {
        return new Section(Renaming.of(call, names), begin, nodes, result);
    }
}
