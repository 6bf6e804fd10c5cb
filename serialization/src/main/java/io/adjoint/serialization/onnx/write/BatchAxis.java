package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Names;
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
    /** What an axis of an input or output is called; empty for one that does not depend on the batch. */
    interface Symbols {
        Symbols NONE = (_, _) -> Optional.empty();

        Optional<String> of(String term, int axis);
    }

    /** The graph, and what its axes are called. */
    record Joined(Draft draft, Symbols symbols) {}

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
     * @param name of the batch
     * @param axis of the batch
     * @param input that has it
     * @throws ModelFileException naming what depends on the batch in another way
     */
    static Joined join(Path file, List<Draft> drafts, List<Integer> batches, String name, int axis, Term input) {
        return new BatchAxis(file, drafts, batches, name).join(axis, input);
    }

    private Joined join(int axis, Term input) {
        requireSameNodes();
        Emitter nodes = new Emitter(new UniqueNames());
        nodes.at(name, "");
        BatchValues values = new BatchValues(nodes, batches, axis, input);
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
        return new Joined(new Draft(all, constants, first.variables(), first.inputs(), first.outputs()), this::symbol);
    }

    /** Each constant is used by one node, which may be in a graph inside of another. */
    private Map<String, NodeProto> users() {
        Map<String, NodeProto> users = new HashMap<>();
        drafts.getFirst().nodes().forEach(node -> addUser(node, users));
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

    private Optional<String> symbol(String term, int axis) {
        return Affine.through(batches, drafts.stream().map(draft -> extent(draft, term, axis)).toList())
                .filter(extent -> !extent.isFixed()).map(extent -> extent.text(name));
    }

    private static long extent(Draft draft, String term, int axis) {
        return Stream.concat(draft.inputs().stream(), draft.outputs().stream())
                .filter(candidate -> candidate.name().equals(term)).findFirst().orElseThrow().dim(axis);
    }
}
