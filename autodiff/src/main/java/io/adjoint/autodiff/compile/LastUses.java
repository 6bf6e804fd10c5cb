package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which of several units, in the order in which they run, is the last to read what lies in the memory of each step. */
final class LastUses {
    private LastUses() {}

    /** The number of that unit; the number of units for what is returned or stored; nothing for what nobody reads. */
    static Map<Integer, Integer> of(Graph graph, Values values, List<Unit> units) {
        Map<Integer, Integer> lastUses = among(values, units);
        for (int output : graph.outputs()) {
            lastUses.put(values.whole(output), units.size());
        }
        for (Graph.Update update : graph.updates()) {
            lastUses.put(values.whole(update.step()), units.size());
        }
        return lastUses;
    }

    /** The same for units that are not all. */
    static Map<Integer, Integer> among(Values values, List<Unit> units) {
        Map<Integer, Integer> lastUses = new HashMap<>();
        for (int u = 0; u < units.size(); u++) {
            for (int read : units.get(u).reads()) {
                lastUses.put(values.whole(read), u);
            }
        }
        return lastUses;
    }
}
