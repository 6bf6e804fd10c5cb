package io.adjoint.serialization.tensorboard;

import com.google.protobuf.ByteString;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.serialization.tensorboard.proto.AttrValue;
import io.adjoint.serialization.tensorboard.proto.DataType;
import io.adjoint.serialization.tensorboard.proto.GraphDef;
import io.adjoint.serialization.tensorboard.proto.NodeDef;
import io.adjoint.serialization.tensorboard.proto.TensorShapeProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph as TensorBoard draws it: a node for each step, called by its operation and number; one for each variable, called by its path
 * with slashes for dots, so that those of a part stand in a box; one for each update and result. What is no operation of ours has the
 * name that TensorFlow has for it, by which TensorBoard knows how to draw it.
 */
final class GraphNodes {
    private static final int SHOWN_TEXT = 1000;
    private static final int SHOWN_ELEMENTS = 16;

    private final Graph graph;
    private final Map<Variable, String> variables = new IdentityHashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final List<String> names = new ArrayList<>();
    private final GraphDef.Builder nodes = GraphDef.newBuilder();
    private long edges;

    private GraphNodes(Graph graph, Map<String, Variable> paths) {
        this.graph = graph;
        paths.forEach((path, variable) -> variables.put(variable, unique(path.replace('.', '/'))));
    }

    static ByteString of(Graph graph, Map<String, Variable> paths) {
        return new GraphNodes(graph, paths).draw();
    }

    private ByteString draw() {
        for (int i = 0; i < graph.steps().size(); i++) {
            step(i, graph.steps().get(i));
        }
        for (Graph.Update update : graph.updates()) {
            String variable = name(update.variable());
            add(node(unique(variable + "/update"), "Assign", update.variable().spec()).addInput(variable)
                    .addInput(names.get(update.step())));
        }
        for (int k = 0; k < graph.outputs().size(); k++) {
            int step = graph.outputs().get(k);
            add(node(unique("output_" + k), "Identity", graph.steps().get(step).spec()).addInput(names.get(step)));
        }
        return nodes.build().toByteString();
    }

    private void step(int number, Graph.Step step) {
        NodeDef.Builder node = switch (step) {
            case Graph.Input input -> node(unique("input_" + input.number()), "Placeholder", step.spec());
            case Graph.Constant constant -> {
                NodeDef.Builder made = node(unique("constant_" + number), "Const", step.spec());
                yield constant.spec().shape().size() <= SHOWN_ELEMENTS
                        ? made.putAttr("value", text(constant.value().toString()))
                        : made;
            }
            case Graph.Read(Variable variable) -> node(name(variable), "VariableV2", step.spec());
            case Graph.Apply apply -> operation(number, apply);
        };
        names.add(node.getName());
        add(node);
    }

    private NodeDef.Builder operation(int number, Graph.Apply apply) {
        String id = apply.op().id();
        NodeDef.Builder node = node(unique(id + "_" + number), id, apply.spec());
        apply.inputs().forEach(input -> node.addInput(names.get(input)));
        String attributes = apply.call().substring(id.length());
        if (!attributes.isEmpty()) {
            node.putAttr("attributes", text(attributes));
        }
        apply.place()
                .ifPresent(place -> node.putAttr("place", text(place.getFileName() + ":" + place.getLineNumber())));
        return node;
    }

    private String name(Variable variable) {
        String known = variables.get(variable);
        if (known == null) {
            known = unique("variable_" + variables.size());
            variables.put(variable, known);
        }
        return known;
    }

    /** Other characters would mean something: a colon begins the number of a result, a caret an edge without data. */
    private String unique(String wanted) {
        String name = wanted.replaceAll("[^A-Za-z0-9_./-]", "_");
        while (!taken.add(name)) {
            name += "_";
        }
        return name;
    }

    private static NodeDef.Builder node(String name, String op, TensorSpec spec) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (int dim : spec.shape().dims()) {
            shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(dim));
        }
        DataType type = switch (spec.dtype()) {
            case BOOL -> DataType.DT_BOOL;
            case I32 -> DataType.DT_INT32;
            case I64 -> DataType.DT_INT64;
            case F32 -> DataType.DT_FLOAT;
            case F64 -> DataType.DT_DOUBLE;
        };
        return NodeDef.newBuilder().setName(name).setOp(op)
                .putAttr("dtype", AttrValue.newBuilder().setType(type).build())
                // what TensorBoard writes on the edges
                .putAttr("_output_shapes", AttrValue.newBuilder().setList(AttrValue.ListValue.newBuilder()
                        .addShape(shape)).build());
    }

    private static AttrValue text(String text) {
        String shown = text.length() > SHOWN_TEXT ? text.substring(0, SHOWN_TEXT) + "..." : text;
        return AttrValue.newBuilder().setS(ByteString.copyFromUtf8(shown)).build();
    }

    private void add(NodeDef.Builder builder) {
        NodeDef node = builder.build();
        edges += node.getInputCount();
        if (nodes.getNodeCount() == Limits.NODES || edges > Limits.EDGES || node.getSerializedSize() > Limits.NODE) {
            throw ShapeException.of("event file", "the graph is too large").operand("nodes", graph.steps().size())
                    .operand("node " + node.getName() + " bytes", node.getSerializedSize())
                    .expected("at most " + Limits.NODES + " nodes of at most " + Limits.NODE + " bytes, and "
                            + Limits.EDGES + " edges");
        }
        nodes.addNode(node);
    }
}
