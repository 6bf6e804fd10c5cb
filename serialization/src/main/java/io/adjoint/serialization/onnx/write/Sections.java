package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;
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
import java.util.stream.IntStream;

/**
 * Makes functions of the sections of a draft, one for all of one name that do the same. A function sees no names around it: constants go into
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

    /** A function that was written, with its constants in order. */
    private record Variant(String name, List<Tensor> constants) {
        boolean has(List<Tensor> others) {
            return IntStream.range(0, constants.size()).allMatch(i -> constants.get(i).sameBits(others.get(i)));
        }
    }

    private final Draft draft;
    private final Constants constants;
    private final SequencedMap<String, Tensor> outside;
    /** By all that functions say but for their names and constants. */
    private final Map<FunctionProto, List<Variant>> variants = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
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
        for (int i = 0; i < draft.nodes().size();) {
            Section section = begins.get(draft.nodes().get(i).getName());
            int count = section == null ? 1 : section.nodes();
            List<NodeProto> part = draft.nodes().subList(i, i + count);
            nodes.add(section == null ? part.getFirst() : call(section, part));
            i += count;
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
        SequencedSet<String> around = around(body, Set.copyOf(call.getInputList()));
        for (String name : around) {
            if (!outside.containsKey(name)) {
                call.addInput(name);
                function.addInput(names.define(name, "extent"));
            }
        }
        List<Tensor> tensors = new ArrayList<>();
        List<NodeProto> fixed = new ArrayList<>();
        for (String name : around) {
            if (outside.containsKey(name)) {
                tensors.add(outside.remove(name));
                fixed.add(constants.node(names.define(name, "constant"), tensors.getLast()));
            }
        }
        List<NodeProto> local = body.stream().map(names::of).toList();
        body.forEach(node -> inside.addAll(node.getOutputList()));
        function.addOutput(names.of(section.result()));
        call.getAttributeList().forEach(attribute -> function.addAttribute(attribute.getName()));
        ModelWriter.operatorSets(local).forEach(function::addOpsetImport);
        List<Variant> known = variants.computeIfAbsent(
                function.clone().setName(call.getOpType()).addAllNode(local).build(), _ -> new ArrayList<>());
        Variant variant = known.stream().filter(each -> each.has(tensors)).findFirst().orElseGet(() -> {
            int number = counts.merge(call.getOpType(), 1, Integer::sum);
            String name = number == 1 ? call.getOpType() : OwnOperators.variant(call.getOpType(), number);
            functions.add(function.setName(name).addAllNode(fixed).addAllNode(local).build());
            known.add(new Variant(name, tensors));
            return known.getLast();
        });
        return call.setOpType(variant.name()).build();
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
