package io.adjoint.serialization.onnx.write;

import java.util.HashMap;
import java.util.Map;

/** Names of a graph, each once: {@code hidden/Add, hidden/Add_1, ...}. */
final class UniqueNames {
    private final Map<String, Integer> used = new HashMap<>();

    /** The name, or the name with a number where it is taken. */
    String unique(String name) {
        String candidate = name;
        for (int n = used.getOrDefault(name, 0); isTaken(candidate); n++) {
            candidate = name + "_" + (n == 0 ? 1 : n);
            used.merge(name, 1, Integer::sum);
        }
        used.put(candidate, 1);
        return candidate;
    }

    /** A node must not only have a name of its own, but give one to its result. */
    private boolean isTaken(String name) {
        return used.containsKey(name) || used.containsKey(name + Emitter.RESULT);
    }
}
