package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Graph;
import io.adjoint.serialization.ModelFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The operations of a graph that have no form in ONNX, with the lines that need them. */
final class Refused {
    private static final int LINES_SHOWN = 3;

    private final Map<String, List<String>> lines = new TreeMap<>();

    void add(Graph.Apply apply) {
        lines.computeIfAbsent(apply.op().id(), _ -> new ArrayList<>()).add(Places.line(apply));
    }

    /** Refuses the export with all of them at once, if there are any. */
    void refuse(Path file) {
        if (lines.isEmpty()) {
            return;
        }
        String list = lines.entrySet().stream().map(entry -> describe(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
        throw new ModelFileException(file, "it needs operations that have no form in ONNX: " + list,
                "compute them outside of the exported function, or otherwise");
    }

    private static String describe(String operation, List<String> all) {
        Set<String> at = new LinkedHashSet<>(all);
        at.remove("");
        String count = all.size() == 1 ? "1 step" : all.size() + " steps";
        String more = at.size() > LINES_SHOWN ? ", ..." : "";
        return operation + " (" + count + (at.isEmpty() ? "" : at.stream().limit(LINES_SHOWN)
                .collect(Collectors.joining(", ", ": ", more))) + ")";
    }
}
