package io.adjoint.nn;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Variable;
import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.SequencedMap;

/**
 * Makes a tree again with other parts. Records are made by their constructor from their old components and the new ones, so
 * each checks what it gets; what has nothing new in it stays the same object.
 *
 * <p>A component has the name that {@code parts()} gives to it, or to what is in it: a layer may name its variables otherwise
 * than its components.
 */
final class Rebuilding {
    private final Change change;

    private Rebuilding(Change change) {
        this.change = change;
    }

    /** What becomes of a variable or a module; the same object if it is to be looked into. */
    @FunctionalInterface
    interface Change {
        Object of(String path, Object part);

        /** What becomes of a variable that a record holds, but that is none of its parts; mostly it stays. */
        default Variable ofUnnamed(Variable variable) {
            return variable;
        }
    }

    static Object of(Module root, Change change) {
        return new Rebuilding(change).part("", root);
    }

    /** A part whose path is known. */
    private Object part(String path, Object part) {
        if (part instanceof Variable || part instanceof Module) {
            Object changed = change.of(path, part);
            if (changed != part) {
                return changed;
            }
        }
        return switch (part) {
            case Variable variable -> variable;
            case Module module -> module(path, module);
            default -> container(path, part, this::part);
        };
    }

    private Object module(String path, Module module) {
        SequencedMap<String, Object> parts = module.parts();
        if (module.getClass().isRecord()) {
            Map<Object, Deque<String>> names = new IdentityHashMap<>();
            parts.forEach((name, part) -> names.computeIfAbsent(part, _ -> new ArrayDeque<>()).add(name));
            return record(path, (Record) module, names);
        }
        parts.forEach((name, part) -> {
            if (part(VariableTree.join(path, name), part) != part) {
                throw ShapeException.of("rebuild", "a class that is not a record holds the part")
                        .operand("class", module.getClass().getName())
                        .operand("path", VariableTree.join(path, name)).expected("a record");
            }
        });
        return module;
    }

    private Object record(String path, Record record, Map<Object, Deque<String>> names) {
        List<Object> values = new ArrayList<>(Components.values(record));
        boolean isNew = false;
        for (int i = 0; i < values.size(); i++) {
            Object value = component(path, values.get(i), names);
            isNew |= value != values.get(i);
            values.set(i, value);
        }
        return isNew ? Components.create(record.getClass(), values) : record;
    }

    /** A component, or what is in it, whose name is yet to be found. */
    private Object component(String path, Object value, Map<Object, Deque<String>> names) {
        Deque<String> known = names.get(value);
        if (known != null && !known.isEmpty()) {
            return part(VariableTree.join(path, known.poll()), value);
        }
        return switch (value) {
            case Variable variable -> change.ofUnnamed(variable);
            case Record record when Components.areReadable(record.getClass()) -> record(path, record, names);
            case null -> throw new NullPointerException(path);
            default -> container(path, value, (_, element) -> component(path, element, names));
        };
    }

    /** The elements of a container, which are named by their place in it. */
    private static Object container(String path, Object container, Change each) {
        return switch (container) {
            case Optional<?> optional when optional.isEmpty() -> optional;
            case Optional<?> optional -> {
                Object value = each.of(path, optional.get());
                yield value == optional.get() ? optional : Optional.of(value);
            }
            case Object[] array -> {
                List<Object> elements = elements(path, Arrays.asList(array), each);
                yield isSame(Arrays.asList(array), elements) ? array : filled(array, elements);
            }
            case SequencedCollection<?> list -> {
                List<Object> elements = elements(path, list, each);
                yield isSame(list, elements) ? list : List.copyOf(elements);
            }
            case Map<?, ?> map -> {
                SequencedMap<Object, Object> values = new LinkedHashMap<>();
                map.forEach((key, value) -> values.put(key, each.of(VariableTree.join(path, key), value)));
                // what had no order must not get one: such maps are read in the order of their keys
                yield isSame(map.values(), values.values()) ? map
                        : map instanceof SequencedMap ? Collections.unmodifiableSequencedMap(values)
                        : Map.copyOf(values);
            }
            default -> container;
        };
    }

    private static List<Object> elements(String path, Iterable<?> container, Change each) {
        List<Object> elements = new ArrayList<>();
        for (Object element : container) {
            elements.add(element == null ? null : each.of(VariableTree.join(path, elements.size()), element));
        }
        return elements;
    }

    private static boolean isSame(Iterable<?> before, Iterable<?> after) {
        var others = after.iterator();
        for (Object element : before) {
            if (element != others.next()) {
                return false;
            }
        }
        return true;
    }

    private static Object filled(Object[] before, List<Object> elements) {
        Object[] array = (Object[]) Array.newInstance(before.getClass().getComponentType(), before.length);
        for (int i = 0; i < array.length; i++) {
            if (elements.get(i) != null && !array.getClass().getComponentType().isInstance(elements.get(i))) {
                throw Components.misfit(before.getClass().getSimpleName(), i, elements.get(i),
                        before.getClass().getComponentType());
            }
            array[i] = elements.get(i);
        }
        return array;
    }
}
