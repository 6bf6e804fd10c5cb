package io.adjoint.serialization.onnx.read;

import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.onnx.graph.Block;
import java.nio.file.Path;

/**
 * How deep graphs and functions are within each other, which is how deep the calls go that run them. A function that is read once
 * counts wherever it is called.
 */
final class Nesting {
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
        if (deepest > Block.MAX_DEPTH) {
            throw new ModelFileException(file, "its graphs and functions are within each other more than "
                    + Block.MAX_DEPTH + " deep", "export it with fewer levels");
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
