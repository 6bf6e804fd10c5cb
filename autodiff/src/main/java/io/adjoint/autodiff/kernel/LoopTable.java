package io.adjoint.autodiff.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The loops of a kernel: one for each combination of {@link Layout}s that has turned up. */
final class LoopTable {
    private final Function<List<Layout>, Loop> emit;
    private volatile Variant[] variants = {};

    private record Variant(Layout[] layouts, Loop loop) {}

    LoopTable(Function<List<Layout>, Loop> emit) {
        this.emit = emit;
    }

    /** The loop for inputs that lie like this. */
    Loop get(Layout... layouts) {
        Loop known = find(layouts);
        return known != null ? known : add(layouts.clone());
    }

    private Loop find(Layout[] layouts) {
        for (Variant variant : variants) {
            if (Arrays.equals(variant.layouts, layouts)) {
                return variant.loop;
            }
        }
        return null;
    }

    private synchronized Loop add(Layout[] layouts) {
        Loop known = find(layouts);
        if (known != null) {
            return known;
        }
        Variant[] more = Arrays.copyOf(variants, variants.length + 1);
        more[variants.length] = new Variant(layouts, emit.apply(List.of(layouts)));
        variants = more;
        return more[variants.length - 1].loop;
    }
}
