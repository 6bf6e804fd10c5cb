package io.adjoint.serialization.onnx;

/** The extent of an axis, as far as a model says it. */
public sealed interface Dimension {
    /** Always the same. */
    record Fixed(long extent) implements Dimension {
        @Override
        public String toString() {
            return Long.toString(extent);
        }
    }

    /** Any, but the same wherever the model uses the name. */
    record Named(String name) implements Dimension {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Any. */
    record Unknown() implements Dimension {
        @Override
        public String toString() {
            return "?";
        }
    }
}
