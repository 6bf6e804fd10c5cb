package io.adjoint.serialization.onnx.graph;

import io.adjoint.autodiff.ShapeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** The attributes of a node by name. One of another sort than asked for is refused by a {@link ShapeException}. */
public final class Attributes {
    /** No attributes at all. */
    static final Attributes NONE = new Attributes(new LinkedHashMap<>());

    private final SequencedMap<String, Attribute> all;

    /** Attributes by name. */
    public Attributes(Map<String, Attribute> all) {
        this.all = new LinkedHashMap<>(all);
    }

    /** By name, in the order of the file. */
    public SequencedMap<String, Attribute> all() {
        return all;
    }

    /** These, with references replaced by what a function was called with; those to what it was not given are left out. */
    Attributes within(Attributes function) {
        if (all.values().stream().noneMatch(Attribute.Reference.class::isInstance)) {
            return this;
        }
        Map<String, Attribute> bound = new LinkedHashMap<>();
        all.forEach((name, attribute) -> {
            if (attribute instanceof Attribute.Reference reference) {
                function.find(reference.name()).ifPresent(given -> bound.put(name, given));
            } else {
                bound.put(name, attribute);
            }
        });
        return new Attributes(bound);
    }

    /** These, and those of the others that are not among them. */
    public Attributes or(Attributes defaults) {
        Map<String, Attribute> joined = new LinkedHashMap<>(defaults.all);
        joined.putAll(all);
        return new Attributes(joined);
    }

    private Optional<Attribute> find(String name) {
        return Optional.ofNullable(all.get(name));
    }

    /** Whether the attribute is given. */
    public boolean has(String name) {
        return all.containsKey(name);
    }

    /** A whole number, or the default. */
    public long whole(String name, long otherwise) {
        return wholeIfGiven(name).orElse(otherwise);
    }

    /** A whole number of the range of int, or the default. */
    public int integer(String name, int otherwise) {
        long value = whole(name, otherwise);
        if (value != (int) value) {
            throw ShapeException.of("attribute", "the number is too large").operand(name, value).expected("an int");
        }
        return (int) value;
    }

    /** Whether a whole number is not 0. */
    public boolean flag(String name) {
        return whole(name, 0) != 0;
    }

    /** A whole number, where it is given. */
    public Optional<Long> wholeIfGiven(String name) {
        return find(name).map(attribute -> switch (attribute) {
            case Attribute.Whole(long value) -> value;
            case Attribute other -> throw wrong(name, other, "an int");
        });
    }

    /** A number, or the default. */
    public float real(String name, float otherwise) {
        return realIfGiven(name).orElse(otherwise);
    }

    /** A number, where it is given. */
    public Optional<Float> realIfGiven(String name) {
        return find(name).map(attribute -> switch (attribute) {
            case Attribute.Real(float value) -> value;
            case Attribute other -> throw wrong(name, other, "a float");
        });
    }

    /** A text, or the default. */
    public String text(String name, String otherwise) {
        return find(name).map(attribute -> switch (attribute) {
            case Attribute.Text(String value) -> value;
            case Attribute other -> throw wrong(name, other, "a string");
        }).orElse(otherwise);
    }

    /** Whole numbers of the range of int, where they are given. */
    public Optional<int[]> integers(String name) {
        return wholes(name).map(values -> {
            int[] result = new int[values.length];
            for (int i = 0; i < result.length; i++) {
                if (values[i] != (int) values[i]) {
                    throw ShapeException.of("attribute", "a number is too large").operand(name, values[i])
                            .expected("an int");
                }
                result[i] = (int) values[i];
            }
            return result;
        });
    }

    /** Whole numbers, where they are given. */
    public Optional<long[]> wholes(String name) {
        return find(name).map(attribute -> switch (attribute) {
            case Attribute.Wholes(List<Long> values) -> values.stream().mapToLong(Long::longValue).toArray();
            case Attribute other -> throw wrong(name, other, "ints");
        });
    }

    /** Numbers, where they are given. */
    public Optional<List<Float>> reals(String name) {
        return find(name).map(attribute -> switch (attribute) {
            case Attribute.Reals(List<Float> values) -> values;
            case Attribute other -> throw wrong(name, other, "floats");
        });
    }

    /** Texts, where they are given. */
    public Optional<List<String>> texts(String name) {
        return find(name).map(attribute -> switch (attribute) {
            case Attribute.Texts(List<String> values) -> values;
            case Attribute other -> throw wrong(name, other, "strings");
        });
    }

    /** A tensor, where it is given. */
    public Optional<Value> constant(String name) {
        return find(name).map(attribute -> switch (attribute) {
            case Attribute.Constant(Value value) -> value;
            case Attribute other -> throw wrong(name, other, "a tensor");
        });
    }

    /** A graph, where it is given. */
    public Optional<Block> body(String name) {
        return find(name).map(attribute -> switch (attribute) {
            case Attribute.Body(Block block) -> block;
            case Attribute other -> throw wrong(name, other, "a graph");
        });
    }

    private static ShapeException wrong(String name, Attribute found, String expected) {
        return ShapeException.of("attribute", "it is of another sort")
                .operand(name, found.getClass().getSimpleName().toLowerCase(Locale.ROOT)).expected(expected);
    }
}
