package io.adjoint.nn;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Variable;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;

/** The walk that gives every variable and every module below a module its path. */
final class VariableTree {
    private final SequencedMap<String, Variable> variables = new LinkedHashMap<>();
    private final SequencedMap<String, Module> modules = new LinkedHashMap<>();
    /** Variables and modules met so far: a shared one keeps its first path, and a cycle ends. */
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Sharing sharing;

    /** Under which path what is shared appears. */
    private enum Sharing {
        FIRST_PATH,
        EVERY_PATH
    }

    private VariableTree(Sharing sharing) {
        this.sharing = sharing;
    }

    static SequencedMap<String, Variable> of(Module root) {
        VariableTree tree = new VariableTree(Sharing.FIRST_PATH);
        tree.visit("", root);
        return Collections.unmodifiableSequencedMap(tree.variables);
    }

    static SequencedMap<String, Module> modules(Module root) {
        VariableTree tree = new VariableTree(Sharing.EVERY_PATH);
        tree.visit("", root);
        return Collections.unmodifiableSequencedMap(tree.modules);
    }

    private void visit(String path, Object part) {
        switch (part) {
            case Variable variable -> add(path, variable);
            case Module module -> {
                if (seen.add(module)) {
                    modules.put(path, module);
                    visitEach(path, module.parts());
                    if (sharing == Sharing.EVERY_PATH) {
                        seen.remove(module); // but a cycle still ends
                    }
                }
            }
            case Optional<?> optional -> optional.ifPresent(present -> visit(path, present));
            case Object[] array -> visitAll(path, Arrays.asList(array));
            case SequencedCollection<?> list -> visitAll(path, list);
            case SequencedMap<?, ?> map -> visitEach(path, map);
            // The order of Map.of changes from one JVM to the next; the order of parameters must not.
            case Map<?, ?> map when holdsParts(map.values()) -> {
                SequencedMap<String, Object> sorted = new TreeMap<>();
                map.forEach((key, value) -> sorted.put(key.toString(), value));
                visitEach(path, sorted);
            }
            case Collection<?> unordered when holdsParts(unordered) -> throw ShapeException
                    .of("variables", "a collection has no order")
                    .operand("part", path)
                    .operand("type", unordered.getClass().getName())
                    .expected("a list or a map");
            case null, default -> {} // configuration
        }
    }

    private void add(String path, Variable variable) {
        if (seen.add(variable) && variables.putIfAbsent(path, variable) != null) {
            throw ShapeException.of("variables", "two variables have one path").operand("path", path)
                    .expected("map keys that make different paths");
        }
    }

    private void visitAll(String path, SequencedCollection<?> parts) {
        int index = 0;
        for (Object part : parts) {
            visit(join(path, index), part);
            index++;
        }
    }

    private void visitEach(String path, Map<?, ?> parts) {
        parts.forEach((name, part) -> visit(join(path, name), part));
    }

    static String join(String path, Object name) {
        return path.isEmpty() ? name.toString() : path + "." + name;
    }

    private static boolean holdsParts(Collection<?> values) {
        return values.stream().anyMatch(VariableTree::isPart);
    }

    private static boolean isPart(Object value) {
        return switch (value) {
            case Variable _, Module _ -> true;
            case Optional<?> optional -> optional.filter(VariableTree::isPart).isPresent();
            case Object[] array -> holdsParts(Arrays.asList(array));
            case Collection<?> collection -> holdsParts(collection);
            case Map<?, ?> map -> holdsParts(map.values());
            case null, default -> false;
        };
    }
}
