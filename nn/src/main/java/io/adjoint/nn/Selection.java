package io.adjoint.nn;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Variable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.BiPredicate;

/**
 * Some of a model's variables under their paths in the model. It is a module itself, so that it can stand where a model
 * stands: an optimizer trains only what was selected and leaves the rest frozen and untracked, and a checkpoint holds only
 * that.
 *
 * {@snippet :
 * Selection head = Selection.of(model).without("encoder");
 * Optimizer optimizer = Adam.of(1e-3).over(head);
 * Checkpoint.load(file, Selection.of(model).only("encoder"));
 * long trained = Selection.parametersOf(head).elements();
 * }
 *
 * <p>A pattern names variables, or parts, which stand for all variables below: {@code encoder}, {@code encoder.layers.*.bias},
 * {@code **.bias}. A {@code *} stands for any part of a name, {@code **} for any number of names, also none. Shared variables
 * have one path, their first.
 *
 * @param selected the variables by path, in the model's order
 */
public record Selection(SequencedMap<String, Variable> selected) implements Module {
    /** How many paths a refusal lists. */
    private static final int LISTED = 8;

    public Selection {
        selected = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(selected));
    }

    /** All variables of a model. */
    public static Selection of(Module model) {
        return new Selection(model.variables());
    }

    /** The parameters of a model. */
    public static Selection parametersOf(Module model) {
        return of(model).where((_, variable) -> variable.kind() == Variable.Kind.PARAMETER);
    }

    /** The buffers of a model. */
    public static Selection buffersOf(Module model) {
        return of(model).where((_, variable) -> variable.kind() == Variable.Kind.BUFFER);
    }

    /**
     * Those of these variables that a pattern names.
     *
     * @throws ShapeException if a pattern names none of them
     */
    public Selection only(String... patterns) {
        List<PathPattern> all = require(patterns);
        return where((path, _) -> all.stream().anyMatch(pattern -> pattern.covers(path)));
    }

    /**
     * Those of these variables that no pattern names.
     *
     * @throws ShapeException if a pattern names none of them: a slip of the pen would train what should be frozen
     */
    public Selection without(String... patterns) {
        List<PathPattern> all = require(patterns);
        return where((path, _) -> all.stream().noneMatch(pattern -> pattern.covers(path)));
    }

    private Selection where(BiPredicate<String, Variable> condition) {
        SequencedMap<String, Variable> chosen = new LinkedHashMap<>();
        selected.forEach((path, variable) -> {
            if (condition.test(path, variable)) {
                chosen.put(path, variable);
            }
        });
        return new Selection(chosen);
    }

    private List<PathPattern> require(String... patterns) {
        List<PathPattern> all = PathPattern.of(patterns);
        for (PathPattern pattern : all) {
            if (selected.keySet().stream().noneMatch(pattern::covers)) {
                String paths = String.join(", ", selected.keySet().stream().limit(LISTED).toList());
                throw ShapeException.of("select", "no variable has such a path").operand("pattern", pattern)
                        .expected("a pattern of " + (selected.size() > LISTED ? paths + ", ..." : paths));
            }
        }
        return all;
    }

    /** Number of elements of all these variables: for the parameters of a model, its size. */
    public long elements() {
        return selected.values().stream().mapToLong(variable -> variable.spec().shape().size()).sum();
    }

    /** Bytes that the elements of all these variables take. */
    public long bytes() {
        return selected.values().stream().mapToLong(variable -> Bytes.of(variable.spec())).sum();
    }

    @Override
    public SequencedMap<String, Object> parts() {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(selected));
    }

    @Override
    public SequencedMap<String, Variable> variables() {
        return selected;
    }
}
