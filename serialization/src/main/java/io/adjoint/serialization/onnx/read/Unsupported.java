package io.adjoint.serialization.onnx.read;

import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Names;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The operators that a model needs and the library has not, with the nodes that need them. */
final class Unsupported {
    private static final int NODES_SHOWN = 3;
    /** More than any model that somebody made needs; a file may name a hundred thousand. */
    private static final int OPERATORS_SHOWN = 200;

    private final Map<String, List<String>> nodes = new TreeMap<>();

    void add(String operator, String node) {
        nodes.computeIfAbsent(operator, _ -> new ArrayList<>()).add(node);
    }

    /** Refuses the model with all of them at once, if there are any. */
    void refuse(Path file) {
        if (nodes.isEmpty()) {
            return;
        }
        String list = nodes.entrySet().stream().limit(OPERATORS_SHOWN)
                .map(entry -> describe(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
        int more = nodes.size() - OPERATORS_SHOWN;
        throw new ModelFileException(file, "it needs operators that are not supported: " + list
                + (more > 0 ? " and " + more + " more" : ""),
                "export it with other operators, or as functions of supported ones");
    }

    private static String describe(String operator, List<String> at) {
        String more = at.size() > NODES_SHOWN ? ", ..." : "";
        return Names.shown(operator) + " (" + (at.size() == 1 ? "1 node: " : at.size() + " nodes: ")
                + at.stream().limit(NODES_SHOWN).map(Names::quote).collect(Collectors.joining(", ")) + more + ")";
    }
}
