package io.adjoint.autodiff.kernel;

import java.util.Arrays;
import java.util.List;

/** The loops of a kernel: one for each combination of {@link Layout}s, and rows of few vectors, that has turned up. */
final class LoopTable {
    private final Emitter emit;
    private volatile Variant[] variants = {};

    private record Variant(int vectors, Layout[] layouts, Loop loop) {}

    /** Makes a loop for rows of so many vectors, or of any length if that is 0. */
    interface Emitter {
        Loop emit(List<Layout> layouts, int vectors);
    }

    LoopTable(Emitter emit) {
        this.emit = emit;
    }

    /** The loop for inputs that lie like this. */
    Loop get(Layout... layouts) {
        return get(0, layouts);
    }

    /** The loop for rows of so many vectors whose inputs lie like this. */
    Loop get(int vectors, Layout... layouts) {
        Loop known = find(vectors, layouts);
        return known != null ? known : add(vectors, layouts.clone());
    }

    private Loop find(int vectors, Layout[] layouts) {
        for (Variant variant : variants) {
            if (variant.vectors == vectors && Arrays.equals(variant.layouts, layouts)) {
                return variant.loop;
            }
        }
        return null;
    }

    private synchronized Loop add(int vectors, Layout[] layouts) {
        Loop known = find(vectors, layouts);
        if (known != null) {
            return known;
        }
        Variant[] more = Arrays.copyOf(variants, variants.length + 1);
        more[variants.length] = new Variant(vectors, layouts, emit.emit(List.of(layouts), vectors));
        variants = more;
        return more[variants.length - 1].loop;
    }
}
