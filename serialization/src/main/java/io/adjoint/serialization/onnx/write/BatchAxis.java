package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.onnx.Dimension;
import io.adjoint.serialization.onnx.proto.NodeProto;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * One graph for every batch, from drafts for a few: their nodes must be the same, and constants that differ, which are extents,
 * counts and what was filled to the shape of the batch, are computed from the batch where they depend on it linearly. So
 * nothing has to be known of any operation.
 */
final class BatchAxis {
    /** The graph, and what is said of its extents. */
    record Joined(Draft draft, Extents extents) {}

    private final Path file;
    private final List<Draft> drafts;
    private final List<Integer> batches;
    private final String name;

    private BatchAxis(Path file, List<Draft> drafts, List<Integer> batches, String name) {
        this.file = file;
        this.drafts = drafts;
        this.batches = batches;
        this.name = name;
    }

    /**
     * Joins drafts.
     *
     * @param file what refusals name
     * @param drafts one for each batch
     * @param batches three different ones or more
     * @param unit what all batches are multiples of
     * @param name of the batch
     * @param axis of the batch
     * @param input that has it
     * @throws ModelFileException naming what depends on the batch in another way
     */
    static Joined join(Path file, List<Draft> drafts, List<Integer> batches, int unit, String name, int axis,
            Term input) {
        return new BatchAxis(file, drafts, batches, name).join(unit, axis, input);
    }

    private Joined join(int unit, int axis, Term input) {
        requireSameNodes();
        Emitter nodes = new Emitter(taken());
        nodes.at(name, "");
        BatchValues values = new BatchValues(nodes, batches, unit, axis, input);
        Draft first = drafts.getFirst();
        SequencedMap<String, Tensor> constants = new LinkedHashMap<>();
        Map<String, String> computed = new HashMap<>();
        Map<String, NodeProto> users = users();
        for (String constant : first.constants().keySet()) {
            List<Tensor> found = drafts.stream().map(draft -> draft.constants().get(constant)).toList();
            if (found.stream().allMatch(value -> found.getFirst().sameBits(value))) {
                constants.put(constant, found.getFirst());
                continue;
            }
            NodeProto user = users.get(constant);
            boolean isTarget = user.getOpType().equals("Reshape") && user.getInput(1).equals(constant);
            Optional<Tensor> inferred = isTarget ? values.inferred(found) : Optional.empty();
            if (inferred.isPresent()) {
                constants.put(constant, inferred.get());
            } else {
                computed.put(constant, values.of(found).orElseThrow(() -> refusal(user)).name());
            }
        }
        constants.putAll(nodes.constants());
        List<NodeProto> all = new ArrayList<>(nodes.nodes());
        first.nodes().forEach(node -> all.add(Renaming.of(node, name -> computed.getOrDefault(name, name))));
        // of what is computed from the batch itself nothing is said
        List<Section> sections = first.sections().stream()
                .map(section -> section.renamed(name -> computed.getOrDefault(name, name))).toList();
        return new Joined(new Draft(all, sections, constants, first.variables(), first.inputs(), first.outputs(),
                first.values()), extents());
    }

    /** The names of the drafts, which are those of the first one. */
    private UniqueNames taken() {
        Draft draft = drafts.getFirst();
        UniqueNames names = new UniqueNames();
        Stream.of(draft.inputs(), draft.outputs()).flatMap(List::stream).forEach(term -> names.unique(term.name()));
        draft.constants().keySet().forEach(names::unique);
        draft.variables().keySet().forEach(names::unique);
        draft.nodes().forEach(node -> take(node, names));
        return names;
    }

    private static void take(NodeProto node, UniqueNames names) {
        names.unique(node.getName());
        node.getOutputList().forEach(names::unique);
        node.getAttributeList()
                .forEach(attribute -> attribute.getG().getNodeList().forEach(inside -> take(inside, names)));
    }

    /** The last node that uses each constant, which may be in a graph inside of another: of the target of a reshape it is the only one. */
    private Map<String, NodeProto> users() {
        Map<String, NodeProto> users = new HashMap<>();
        drafts.getFirst().nodes().forEach(node -> addUser(node, users));
        drafts.getFirst().sections().forEach(section -> addUser(section.call(), users));
        return users;
    }

    private static void addUser(NodeProto node, Map<String, NodeProto> users) {
        node.getInputList().forEach(input -> users.put(input, node));
        node.getAttributeList().forEach(
                attribute -> attribute.getG().getNodeList().forEach(inside -> addUser(inside, users)));
    }

    private void requireSameNodes() {
        List<NodeProto> first = drafts.getFirst().nodes();
        for (Draft draft : drafts) {
            List<NodeProto> other = draft.nodes();
            for (int i = 0; i < Math.max(first.size(), other.size()); i++) {
                if (i >= first.size() || i >= other.size() || !first.get(i).equals(other.get(i))) {
                    throw refusal(i < first.size() ? first.get(i) : other.get(i));
                }
            }
            // attributes of a function's call are not in its nodes
            List<Section> sections = drafts.getFirst().sections();
            for (int i = 0; i < sections.size(); i++) {
                if (!sections.get(i).equals(draft.sections().get(i))) {
                    throw refusal(sections.get(i).call());
                }
            }
            if (!draft.variables().keySet().equals(drafts.getFirst().variables().keySet())) {
                throw new ModelFileException(file, "which variables it reads depends on the batch", "fix the batch");
            }
        }
    }

    private ModelFileException refusal(NodeProto node) {
        String line = node.getDocString().isEmpty() ? "" : " of " + node.getDocString();
        return new ModelFileException(file, "what " + Names.quote(node.getName()) + line + " does depends on the "
                + Names.shown(name) + " in a way that has no form in ONNX",
                "compute it from tensors instead of extents, or export without a dynamic axis");
    }

    private Extents extents() {
        Map<String, List<Shape>> shapes = new HashMap<>();
        drafts.forEach(draft -> Stream.of(draft.inputs(), draft.outputs(), draft.values()).flatMap(List::stream)
                .forEach(term -> shapes.computeIfAbsent(term.name(), _ -> new ArrayList<>()).add(term.shape())));
        return (term, axis) -> Affine
                .through(batches, shapes.get(term.name()).stream().map(shape -> (long) shape.dim(axis)).toList())
                .map(this::dimension).orElseGet(Dimension.Unknown::new);
    }

    private Dimension dimension(Affine extent) {
        return extent.isFixed() ? new Dimension.Fixed(extent.rest()) : new Dimension.Named(extent.text(name));
    }
}
