package io.adjoint.serialization.onnx.read;

import io.adjoint.serialization.ModelFileException;
import java.nio.file.Path;

/**
 * How deep graphs and functions are within each other, which is how deep the calls go that run them. A function that is read once
 * counts wherever it is called.
 */
final class Nesting {
    private static final int MAX_DEPTH = 64;

    private final Path file;
    private int depth;
    private int deepest;

    Nesting(Path file) {
        this.file = file;
    }

    /** Goes into a graph or function. */
    void enter() {
        depth++;
        reach(0);
    }

    /** Comes out of it. */
    void leave() {
        depth--;
    }

    /** A function is called here that goes so much deeper. */
    void reach(int more) {
        deepest = Math.max(deepest, depth + more);
        if (deepest > MAX_DEPTH) {
            throw new ModelFileException(file, "its graphs and functions are within each other more than " + MAX_DEPTH
                    + " deep", "export it with fewer levels");
        }
    }

    /** How much deeper than here something goes. */
    int heightOf(Runnable read) {
        int before = deepest;
        deepest = depth;
        read.run();
        int height = deepest - depth;
        deepest = Math.max(before, deepest);
        return height;
    }
}
