package io.adjoint.serialization.onnx.graph;

import java.util.List;

/** What an attribute of a node says. */
public sealed interface Attribute {
    /** A number of single precision. */
    record Real(float value) implements Attribute {}

    /** A whole number. */
    record Whole(long value) implements Attribute {}

    /** A text. */
    record Text(String value) implements Attribute {}

    /** A tensor. */
    record Constant(Value value) implements Attribute {}

    /** A graph of its own, which sees the names around the node. */
    record Body(Block block) implements Attribute {}

    /** Numbers of single precision. */
    record Reals(List<Float> values) implements Attribute {
        public Reals {
            values = List.copyOf(values);
        }
    }

    /** Whole numbers. */
    record Wholes(List<Long> values) implements Attribute {
        public Wholes {
            values = List.copyOf(values);
        }
    }

    /** Texts. */
    record Texts(List<String> values) implements Attribute {
        public Texts {
            values = List.copyOf(values);
        }
    }

    /** In a function: what the function's own attribute of this name says, where it is given. */
    record Reference(String name) implements Attribute {}
}
