package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.onnx.operator.OwnOperators;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.FunctionProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes functions of the sections of a draft, one for all that do the same. A function sees no names around it: constants go into
 * it, and what is computed from the batch is a further input.
 */
final class Sections {
    /** Writes the node of a constant. */
    @FunctionalInterface
    interface Constants {
        NodeProto node(String name, Tensor value);
    }

    /** A draft without sections, and what its nodes call. */
    record Folded(Draft draft, List<FunctionProto> functions) {}

    /** What tells functions from each other: constants are what they are by these. */
    private record Kind(FunctionProto function, List<AttributeProto> attributes, List<TensorSpec> inputs) {}

    private final Draft draft;
    private final Constants constants;
    private final SequencedMap<String, Tensor> outside;
    private final Map<Kind, String> kinds = new HashMap<>();
    private final Map<String, Integer> variants = new HashMap<>();
    private final List<FunctionProto> functions = new ArrayList<>();
    private final Set<String> inside = new HashSet<>();

    private Sections(Draft draft, Constants constants) {
        this.draft = draft;
        this.constants = constants;
        this.outside = new LinkedHashMap<>(draft.constants());
    }

    static Folded fold(Draft draft, Constants constants) {
        return new Sections(draft, constants).fold();
    }

    /** Without constants that a form was given and did not need. */
    private Folded fold() {
        Map<String, Section> begins =
                draft.sections().stream().collect(Collectors.toMap(Section::begin, section -> section));
        List<NodeProto> nodes = new ArrayList<>();
        for (int i = 0; i < draft.nodes().size(); i++) {
            Section section = begins.get(draft.nodes().get(i).getName());
            if (section == null) {
                nodes.add(draft.nodes().get(i));
            } else {
                nodes.add(call(section, draft.nodes().subList(i, i + section.nodes())));
                i += section.nodes() - 1;
            }
        }
        Set<String> read = new HashSet<>(around(nodes, Set.of()));
        draft.outputs().forEach(output -> read.add(output.name()));
        outside.keySet().retainAll(read);
        List<Term> values = draft.values().stream().filter(value -> !inside.contains(value.name())).toList();
        return new Folded(new Draft(nodes, List.of(), outside, draft.variables(), draft.inputs(), draft.outputs(),
                values), List.copyOf(functions));
    }

    private NodeProto call(Section section, List<NodeProto> body) {
        LocalNames names = new LocalNames();
        FunctionProto.Builder function = FunctionProto.newBuilder().setDomain(OwnOperators.DOMAIN);
        NodeProto.Builder call = section.call().toBuilder();
        call.getInputList().forEach(input -> function.addInput(names.define(input, "x")));
        for (String name : around(body, Set.copyOf(call.getInputList()))) {
            if (!outside.containsKey(name)) {
                call.addInput(name);
                function.addInput(names.define(name, "extent"));
            }
        }
        List<NodeProto> fixed = new ArrayList<>();
        for (String name : around(body, Set.copyOf(call.getInputList()))) {
            fixed.add(constants.node(names.define(name, "constant"), outside.remove(name)));
        }
        List<NodeProto> local = body.stream().map(names::of).toList();
        body.forEach(node -> inside.addAll(node.getOutputList()));
        function.addOutput(names.of(section.result()));
        call.getAttributeList().forEach(attribute -> function.addAttribute(attribute.getName()));
        ModelWriter.operatorSets(local).forEach(function::addOpsetImport);
        Kind kind = new Kind(function.clone().addAllNode(local).build(), call.getAttributeList(), section.inputs());
        String name = kinds.computeIfAbsent(kind, _ -> {
            int variant = variants.merge(call.getOpType(), 1, Integer::sum);
            String unique = variant == 1 ? call.getOpType() : OwnOperators.variant(call.getOpType(), variant);
            functions.add(function.setName(unique).addAllNode(fixed).addAllNode(local).build());
            return unique;
        });
        return call.setOpType(name).build();
    }

    /** What nodes read that they do not compute. */
    private static SequencedSet<String> around(List<NodeProto> nodes, Set<String> known) {
        SequencedSet<String> around = new LinkedHashSet<>();
        collect(nodes, new HashSet<>(known), around);
        return around;
    }

    private static void collect(List<NodeProto> nodes, Set<String> known, Set<String> around) {
        for (NodeProto node : nodes) {
            node.getInputList().stream().filter(name -> !name.isEmpty() && !known.contains(name)).forEach(around::add);
            for (AttributeProto attribute : node.getAttributeList()) {
                attribute.getG().getInputList().forEach(input -> known.add(input.getName()));
                collect(attribute.getG().getNodeList(), known, around);
            }
            known.addAll(node.getOutputList());
        }
    }
}
