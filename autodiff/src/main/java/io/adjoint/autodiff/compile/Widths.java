package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;

/** The widths of the numbers that steps handle: their bytes, each a power of two, or-ed together. */
final class Widths {
    private Widths() {}

    /** Those of what an operation reads and computes; truth values fit vectors of any. */
    static int of(Graph graph, int step) {
        int widths = ofValue(graph, step);
        for (int input : ((Graph.Apply) graph.steps().get(step)).inputs()) {
            widths |= ofValue(graph, input);
        }
        return widths;
    }

    private static int ofValue(Graph graph, int step) {
        DType type = graph.steps().get(step).spec().dtype();
        return type == DType.BOOL ? 0 : type.bytes();
    }

    /** Whether a vector of each number has as many elements. */
    static boolean isOne(int widths) {
        return Integer.bitCount(widths) <= 1;
    }
}
