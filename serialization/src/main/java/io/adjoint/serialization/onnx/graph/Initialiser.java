package io.adjoint.serialization.onnx.graph;

import io.adjoint.autodiff.Variable;
import io.adjoint.serialization.onnx.ElementType;

/** A named value that a graph brings along. */
public sealed interface Initialiser {
    /** What it is at the moment. */
    Value value();

    /** One that is the same for ever. */
    record Fixed(Value value) implements Initialiser {}

    /** One that may be trained. */
    record Held(ElementType type, Variable variable) implements Initialiser {
        @Override
        public Value value() {
            return new Value(type, variable.value());
        }
    }
}
