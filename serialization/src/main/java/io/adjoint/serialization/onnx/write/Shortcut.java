package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.op.MaxPlaces;
import java.util.List;

/** What several steps compute together, and ONNX has an operator for: those in between are not written. */
sealed interface Shortcut {
    /** The steps that it is computed from. */
    List<Integer> inputs();

    /** Whole slices along an axis. */
    record Slices(int axis, int x, int list) implements Shortcut {
        @Override
        public List<Integer> inputs() {
            return List.of(x, list);
        }
    }

    /** The greatest element of each window. */
    record Maxima(MaxPlaces op, int x) implements Shortcut {
        @Override
        public List<Integer> inputs() {
            return List.of(x);
        }
    }
}
