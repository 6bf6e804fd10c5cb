package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.onnx.Dimension;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.operator.OwnOperators;
import io.adjoint.serialization.onnx.proto.FunctionProto;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.OperatorSetIdProto;
import io.adjoint.serialization.onnx.proto.StringStringEntryProto;
import io.adjoint.serialization.onnx.proto.TensorShapeProto;
import io.adjoint.serialization.onnx.proto.TypeProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Writes models. */
public final class ModelWriter {
    /** The operator set of ONNX 1.15: the first with Gelu as an operator of its own. */
    private static final int OPERATOR_SET = 20;

    /** The version of the messages that came with it. */
    private static final int IR_VERSION = 9;

    /** Of more values nothing is said but what they are made of: nobody looks at each in a drawing, and readers have to keep it all. */
    private static final int MOST_SHAPED = 4096;

    private ModelWriter() {}

    /**
     * What a model says of itself.
     *
     * @param doc for people
     * @param metadata for programs
     * @param producerVersion the version of the library
     * @param externalAbove from how many bytes of weights on these have a file of their own
     */
    public record About(String doc, SequencedMap<String, String> metadata, String producerVersion,
            long externalAbove) {}

    /**
     * Writes a traced graph.
     *
     * @throws ModelFileException if some operation has no form in ONNX, or the file cannot be written
     */
    static void write(Path file, Draft flat, Extents extents, About about) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("main");
        Placeholders placeholders = new Placeholders();
        Sections.Folded folded = Sections.fold(flat, (name, value) -> constant(name, value, placeholders));
        Draft draft = folded.draft();
        draft.constants().forEach((name, value) -> graph.addNode(constant(name, value, placeholders)));
        graph.addAllNode(draft.nodes());
        draft.inputs().forEach(term -> graph.addInput(info(term, extents)));
        draft.outputs().forEach(term -> graph.addOutput(info(term, extents)));
        if (draft.values().size() <= MOST_SHAPED) {
            draft.values().forEach(term -> graph.addValueInfo(info(term, extents)));
        }
        ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(IR_VERSION).setProducerName("adjoint")
                .setProducerVersion(about.producerVersion()).setDocString(about.doc())
                .addAllOpsetImport(operatorSets(draft.nodes())).setGraph(graph).addAllFunctions(folded.functions());
        if (Stream.concat(Stream.of(draft.nodes()), folded.functions().stream().map(FunctionProto::getNodeList))
                .anyMatch(nodes -> calls(nodes, node -> node.getOpType().equals(PhiloxFunction.NAME)))) {
            model.addFunctions(PhiloxFunction.of(OPERATOR_SET));
        }
        about.metadata().forEach((key, value) -> model
                .addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        List<Weight> weights = new ArrayList<>();
        for (Map.Entry<String, Variable> entry : draft.variables().entrySet()) {
            Variable variable = entry.getValue();
            weights.add(Weight.of(entry.getKey(), ElementType.of(variable.spec().dtype()), variable.spec().shape(),
                    variable::value));
        }
        ModelFile.write(file, new ModelFile.Parts(model.build(), weights, placeholders), about.externalAbove());
    }

    /** What nodes are to be read by. */
    static List<OperatorSetIdProto> operatorSets(List<NodeProto> nodes) {
        List<OperatorSetIdProto> sets = new ArrayList<>();
        sets.add(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET).build());
        if (calls(nodes, node -> node.getDomain().equals(OwnOperators.DOMAIN))) {
            sets.add(OperatorSetIdProto.newBuilder().setDomain(OwnOperators.DOMAIN).setVersion(1).build());
        }
        return sets;
    }

    /** Whether there is such a node among these and those inside of them. */
    private static boolean calls(List<NodeProto> nodes, Predicate<NodeProto> which) {
        return nodes.stream().anyMatch(node -> which.test(node) || node.getAttributeList().stream()
                .anyMatch(attribute -> calls(attribute.getG().getNodeList(), which)));
    }

    private static NodeProto constant(String name, Tensor value, Placeholders placeholders) {
        Weight weight = Weight.of(name, ElementType.of(value.dtype()), value.shape(), () -> value);
        return NodeProto.newBuilder().setOpType("Constant").setName(name).addOutput(name)
                .addAttribute(Attribute.of("value", placeholders.of(weight))).build();
    }

    private static ValueInfoProto info(Term term, Extents extents) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (int axis = 0; axis < term.rank(); axis++) {
            TensorShapeProto.Dimension.Builder dimension = shape.addDimBuilder();
            switch (extents.of(term, axis)) {
                case Dimension.Fixed(long extent) -> dimension.setDimValue(extent);
                case Dimension.Named(String name) -> dimension.setDimParam(name);
                case Dimension.Unknown _ -> dimension.clearValue();
            }
        }
        return ValueInfoProto.newBuilder().setName(term.name()).setType(TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(ElementType.of(term.dtype()).number())
                        .setShape(shape)))
                .build();
    }
}
