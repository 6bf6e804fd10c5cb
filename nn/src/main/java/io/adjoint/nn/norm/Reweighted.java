package io.adjoint.nn.norm;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Weighted;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** What layers share that make the weight of another. */
final class Reweighted {
    private Reweighted() {}

    /** The parts of the layer that it goes on using, by their names. */
    static SequencedMap<String, Object> partsBesideTheWeight(Weighted layer) {
        SequencedMap<String, Object> parts = new LinkedHashMap<>(layer.parts());
        parts.values().removeIf(part -> part == layer.weight());
        return parts;
    }

    static void requireWeight(String name, String variable, Variable given, Weighted layer) {
        if (!given.spec().equals(layer.weight().spec())) {
            throw ShapeException.of(name, "a variable does not fit the layer").operand(variable, given.spec())
                    .operand("weight", layer.weight().spec()).expected(layer.weight().spec().toString());
        }
    }
}
