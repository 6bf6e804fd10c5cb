package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Concat;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.Growing;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.Reshape;
import io.adjoint.autodiff.op.View;
import io.adjoint.autodiff.runtime.Array;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Values that are computed where they will stand in a concatenation, which so need not copy them. Others read them there, and a
 * part may be a concatenation itself.
 */
final class Homes {
    private final Graph graph;
    private final Users users;
    private final Map<Integer, Home> homes = new HashMap<>();

    /**
     * Where the value of a step lies.
     *
     * @param whole the step whose memory it is a part of
     * @param array its strides there, and where it begins
     */
    record Home(int whole, Array array) {}

    Homes(Graph graph, Users users) {
        this.graph = graph;
        this.users = users;
        Set<Integer> stored = new HashSet<>();
        graph.updates().forEach(update -> stored.add(update.step()));
        for (int i = graph.steps().size() - 1; i >= 0; i--) { // a part's parts lie where the part does
            if (op(i) instanceof Concat concat && !stored.contains(i)) {
                place(i, concat);
            }
        }
    }

    /** Where the value of a step lies; empty for all but concatenations and their parts. */
    Optional<Home> of(int step) {
        return Optional.ofNullable(homes.get(step));
    }

    private void place(int step, Concat concat) {
        TensorSpec spec = spec(step);
        Home own = homes.computeIfAbsent(step, _ -> new Home(step, Array.symbolic(spec.dtype(), spec.shape())));
        List<Array> parts = concat.parts(inputs(step).stream().map(input -> spec(input).shape()).toList(), own.array);
        for (int i = 0; i < parts.size(); i++) {
            place(inputs(step).get(i), new Home(own.whole, parts.get(i)));
        }
    }

    /** Lets the step that computes a value write it where it is a part, if it can. */
    private void place(int part, Home home) {
        int maker = part;
        while (op(maker) instanceof Reshape) {
            maker = inputs(maker).getFirst();
        }
        Reshape back = new Reshape(spec(maker).shape());
        if (!homes.containsKey(maker) && !users.isKept(maker) && back.isView(home.array)) {
            Array array = back.view(home.array);
            if (array.isContiguous() ? canWrite(op(maker)) : canWriteApart(maker, array)) {
                homes.put(maker, new Home(home.whole, array));
            }
        }
    }

    /** Whether an operation makes something, and not of what lies elsewhere and grows. */
    private static boolean canWrite(Op op) {
        return op != null && !(op instanceof View) && !(op instanceof Growing);
    }

    /** Whether a value can be written in rows that lie apart, and whoever reads it can do so. */
    private boolean canWriteApart(int step, Array array) {
        return (op(step) instanceof Elementwise || op(step) instanceof Concat) && array.dtype().isFloat()
                && array.shape().dim(-1) > 1 && array.stride(array.shape().rank() - 1) == 1
                && users.of(step).stream().allMatch(this::canReadApart);
    }

    private boolean canReadApart(int user) {
        return switch (op(user)) {
            case Elementwise _, Concat _ -> true;
            case Reshape _ -> users.isReadOnce(user) && canReadApart(users.of(user).getFirst());
            default -> false;
        };
    }

    private TensorSpec spec(int step) {
        return graph.steps().get(step).spec();
    }

    /** The operation of a step, null if it is none. */
    private Op op(int step) {
        return graph.steps().get(step) instanceof Graph.Apply apply ? apply.op() : null;
    }

    private List<Integer> inputs(int step) {
        return ((Graph.Apply) graph.steps().get(step)).inputs();
    }
}
