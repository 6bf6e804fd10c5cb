package io.adjoint.serialization.onnx.read;

import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.onnx.OnnxSummary;
import io.adjoint.serialization.onnx.operator.OperatorTable;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.FunctionProto;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.SparseTensorProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.TensorShapeProto;
import io.adjoint.serialization.onnx.proto.TypeProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts what stands in a file. Nothing has to be supported for that, so types are told as the file has them. */
public final class Inspection {
    private final TreeMap<String, Integer> operators = new TreeMap<>();
    private final Set<String> functions = new HashSet<>();
    private final TreeSet<String> unsupported = new TreeSet<>();
    private int initializers;
    private long elements;

    private Inspection() {}

    /** The summary of a file's messages. */
    public static OnnxSummary of(ModelProto model) {
        Inspection inspection = new Inspection();
        for (FunctionProto function : model.getFunctionsList()) {
            inspection.functions.add(Functions.key(function));
        }
        for (FunctionProto function : model.getFunctionsList()) {
            inspection.nodes(function.getNodeList());
            inspection.attributes(function.getAttributeProtoList());
        }
        inspection.graph(model.getGraph());
        return inspection.summary(model);
    }

    private void graph(GraphProto graph) {
        graph.getInitializerList().forEach(tensor -> count(tensor.getDimsList()));
        graph.getSparseInitializerList().forEach(tensor -> count(tensor.getDimsList()));
        nodes(graph.getNodeList());
    }

    /** Sparse ones become dense. */
    private void count(List<Long> dims) {
        initializers++;
        elements += dims.stream().mapToLong(dim -> Math.max(0, dim)).reduce(1, (a, b) -> a * b);
    }

    private void nodes(List<NodeProto> nodes) {
        for (NodeProto node : nodes) {
            String operator = BlockReader.operatorName(node);
            operators.merge(Names.shown(operator), 1, Integer::sum);
            if (Functions.own(node).isEmpty() && !functions.contains(Functions.key(node))
                    && OperatorTable.STANDARD.find(operator).isEmpty()) {
                unsupported.add(Names.shown(operator));
            }
            attributes(node.getAttributeList());
        }
    }

    private void attributes(List<AttributeProto> attributes) {
        for (AttributeProto attribute : attributes) {
            if (attribute.hasG()) {
                graph(attribute.getG());
            }
            attribute.getGraphsList().forEach(this::graph);
        }
    }

    private OnnxSummary summary(ModelProto model) {
        SequencedMap<String, Long> opsets = new LinkedHashMap<>();
        model.getOpsetImportList().forEach(
                set -> opsets.put(Names.shown(BlockReader.domain(set.getDomain())), set.getVersion()));
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        if (!model.getDocString().isEmpty()) {
            metadata.put("doc", Names.shown(model.getDocString()));
        }
        model.getMetadataPropsList().forEach(
                entry -> metadata.put(Names.shown(entry.getKey()), Names.shown(entry.getValue())));
        Set<String> given = Stream.concat(model.getGraph().getInitializerList().stream(),
                model.getGraph().getSparseInitializerList().stream().map(SparseTensorProto::getValues))
                .map(TensorProto::getName).collect(Collectors.toSet());
        return new OnnxSummary(Names.shown((model.getProducerName() + " " + model.getProducerVersion()).strip()),
                model.getIrVersion(), opsets,
                model.getGraph().getInputList().stream().filter(info -> !given.contains(info.getName()))
                        .map(Inspection::describe).toList(),
                model.getGraph().getOutputList().stream().map(Inspection::describe).toList(), operators, unsupported,
                initializers, elements, metadata);
    }

    private static String describe(ValueInfoProto info) {
        TypeProto type = info.getType();
        String name = Names.shown(info.getName()) + " ";
        if (!type.hasTensorType()) {
            return name + type.getValueCase().name().replace("_TYPE", "").toLowerCase(Locale.ROOT);
        }
        TypeProto.Tensor tensor = type.getTensorType();
        return name + TensorReader.typeName(tensor.getElemType()) + (tensor.hasShape()
                ? tensor.getShape().getDimList().stream().map(Inspection::extent)
                        .collect(Collectors.joining(", ", "[", "]"))
                : "[...]");
    }

    private static String extent(TensorShapeProto.Dimension dim) {
        return switch (dim.getValueCase()) {
            case DIM_VALUE -> Long.toString(dim.getDimValue());
            case DIM_PARAM -> Names.shown(dim.getDimParam());
            case VALUE_NOT_SET -> "?";
        };
    }
}
