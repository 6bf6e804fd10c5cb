package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.Pad;
import io.adjoint.autodiff.op.Slice;
import io.adjoint.autodiff.op.SliceAdd;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Slices along one axis that do not overlap, of which a value has grown: the first was padded with zeros, the others were added. */
final class Grown {
    private final int axis;
    private final TreeMap<Integer, Part> parts = new TreeMap<>();
    private int last;

    /** What a step puts where. */
    record Part(int start, int stop, int step) {}

    private Grown(int axis) {
        this.axis = axis;
    }

    /** Those of a graph by each of the steps that they are made of, the same for all of one; only if something was added to one. */
    static Map<Integer, Grown> of(Graph graph, Users users) {
        Map<Integer, Grown> grown = new HashMap<>();
        for (int i = 0; i < graph.steps().size(); i++) {
            if (graph.steps().get(i) instanceof Graph.Apply apply) {
                find(i, apply.op(), apply.inputs(), graph, users, grown);
            }
        }
        grown.values().removeIf(one -> one.parts.size() == 1);
        return grown;
    }

    private static void find(int step, Op op, List<Integer> inputs, Graph graph, Users users,
            Map<Integer, Grown> grown) {
        switch (op) {
            case Pad pad when pad.between() == 0 && Double.doubleToRawLongBits(pad.value()) == 0 -> {
                int extent = graph.steps().get(inputs.getFirst()).spec().shape().dim(pad.axis());
                if (extent > 0) {
                    Grown begun = new Grown(pad.axis());
                    begun.takes(new Part(pad.before(), pad.before() + extent, step));
                    grown.put(step, begun);
                }
            }
            case SliceAdd(Slice slice) when slice.step() == 1 && slice.start() < slice.stop() -> {
                Grown base = grown.get(inputs.getFirst());
                if (base != null && base.axis == slice.axis() && users.isReadOnce(inputs.getFirst())
                        && base.takes(new Part(slice.start(), slice.stop(), step))) {
                    grown.put(step, base);
                }
            }
            default -> {}
        }
    }

    /** Puts a part where no other one is, if that is so. */
    private boolean takes(Part part) {
        Map.Entry<Integer, Part> before = parts.lowerEntry(part.stop);
        if (before != null && before.getValue().stop > part.start) {
            return false;
        }
        parts.put(part.start, part);
        last = part.step;
        return true;
    }

    int axis() {
        return axis;
    }

    /** In the order of their places. */
    Collection<Part> parts() {
        return parts.values();
    }

    /** The step that put the last one there. */
    int last() {
        return last;
    }
}
