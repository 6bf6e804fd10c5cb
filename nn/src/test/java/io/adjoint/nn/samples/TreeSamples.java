package io.adjoint.nn.samples;

import io.adjoint.nn.Linear;
import io.adjoint.nn.Selection;
import java.util.List;

/** Views of models as modules. */
final class TreeSamples {
    private TreeSamples() {}

    static List<ModuleSampler> all() {
        return List.of(new ModuleSampler(Selection.class, TreeSamples::selection));
    }

    private static ModuleSample selection(Draw draw) {
        Linear layer = Linear.Config.of(2, draw.between(1, 3)).withDType(draw.dtype()).create(draw.rng());
        Selection selection = draw.oneOf(Selection.of(layer), Selection.of(layer).only("weight"),
                Selection.of(layer).without("weight"));
        return new ModuleSample(selection, in -> layer.forward(in.getFirst()), List.of(draw.normal(3, 2)),
                List.of(List.of(draw.normal(3, 3))));
    }
}
