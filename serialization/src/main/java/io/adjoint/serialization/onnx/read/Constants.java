package io.adjoint.serialization.onnx.read;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Attribute;
import io.adjoint.serialization.onnx.graph.Block;
import io.adjoint.serialization.onnx.graph.Initialiser;
import io.adjoint.serialization.onnx.graph.Node;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/** What graphs bring along that never changes. It is looked up when asked for, so that a model that runs takes no memory for it. */
public final class Constants {
    private final Set<String> taken;
    private final SequencedMap<String, Tensor> found = new LinkedHashMap<>();

    private Constants(Set<String> taken) {
        this.taken = taken;
    }

    /**
     * The constants by name.
     *
     * @param graph with those in its nodes
     * @param functions graphs that nodes call
     * @param taken names that others have
     */
    public static SequencedMap<String, Tensor> of(Block graph, List<Block> functions, Set<String> taken) {
        Constants constants = new Constants(taken);
        constants.add(graph);
        functions.forEach(constants::add);
        return Collections.unmodifiableSequencedMap(constants.found);
    }

    private void add(Block block) {
        block.initialisers().forEach((name, initialiser) -> {
            if (initialiser instanceof Initialiser.Fixed(Value value)) {
                found.put(BlockReader.free(name, this::isTaken, taken.size() + found.size()), value.tensor());
            }
        });
        for (Node node : block.nodes()) {
            for (Attribute attribute : node.attributes().all().values()) {
                if (attribute instanceof Attribute.Body(Block body)) {
                    add(body);
                }
            }
        }
    }

    private boolean isTaken(String name) {
        return taken.contains(name) || found.containsKey(name);
    }
}
