package io.adjoint.nn;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Variable;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** The components of a record as the parts of a module. */
final class Components {
    private static final ClassValue<List<Method>> ACCESSORS = new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> type) {
            if (type.isRecord()) {
                return accessors(type);
            }
            requireNoParts(type);
            return List.of();
        }
    };

    private Components() {}

    static SequencedMap<String, Object> of(Module module) {
        SequencedMap<String, Object> parts = new LinkedHashMap<>();
        for (Method accessor : ACCESSORS.get(module.getClass())) {
            parts.put(accessor.getName(), read(accessor, module));
        }
        return Collections.unmodifiableSequencedMap(parts);
    }

    /** The values of all components of a record, in order. */
    static List<Object> values(Record record) {
        return ACCESSORS.get(record.getClass()).stream().map(accessor -> read(accessor, record)).toList();
    }

    /** Whether the components of a record of this class may be read here; those of a closed package hold no parts. */
    static boolean areReadable(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .allMatch(component -> component.getAccessor().trySetAccessible());
    }

    /** A record of these components, checked by its own constructor. */
    static Object create(Class<?> type, List<Object> values) {
        RecordComponent[] components = type.getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            requireFitting(type, components[i], values.get(i));
        }
        try {
            Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            if (!constructor.trySetAccessible()) {
                throw closed(type);
            }
            return constructor.newInstance(values.toArray());
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("a record has its canonical constructor", e);
        }
    }

    /** Also what is in a list or an Optional, which the constructor could not tell. */
    private static void requireFitting(Class<?> type, RecordComponent component, Object value) {
        if (!component.getType().isPrimitive() && !component.getType().isInstance(value)) {
            throw misfit(type.getSimpleName(), component.getName(), value, component.getType());
        }
        if (component.getGenericType() instanceof ParameterizedType generic
                && generic.getActualTypeArguments()[generic.getActualTypeArguments().length
                        - 1] instanceof Class<?> of) {
            Collection<?> elements = switch (value) {
                case Optional<?> optional -> optional.stream().toList();
                case Collection<?> collection -> collection;
                case Map<?, ?> map -> map.values();
                default -> List.of();
            };
            for (Object element : elements) {
                if (!of.isInstance(element)) {
                    throw misfit(type.getSimpleName(), component.getName(), element, of);
                }
            }
        }
    }

    static ShapeException misfit(String holder, Object place, Object value, Class<?> expected) {
        return ShapeException.of("rebuild", "a part is of another type").operand("of", holder)
                .operand("part", place).operand("type", value.getClass().getSimpleName())
                .expected(expected.getSimpleName());
    }

    private static List<Method> accessors(Class<?> type) {
        List<Method> accessors = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Method accessor = component.getAccessor();
            if (!accessor.trySetAccessible()) {
                throw closed(type);
            }
            accessors.add(accessor);
        }
        return List.copyOf(accessors);
    }

    private static ShapeException closed(Class<?> type) {
        java.lang.Module reader = Components.class.getModule();
        String to = reader.isNamed() ? " to " + reader.getName() : "";
        return ShapeException.of("parts", "a record is closed to reflection")
                .operand("record", type.getName())
                .operand("module", type.getModule().getName())
                .expected("'opens " + type.getPackageName() + to + ";' in its module-info.java");
    }

    /** Variables in a class that does not name its parts would silently stay untrained and unsaved. */
    private static void requireNoParts(Class<?> type) {
        for (Class<?> level = type; level != null; level = level.getSuperclass()) {
            for (Field field : level.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && mayHoldParts(field.getType())) {
                    throw ShapeException.of("parts", "a class does not say what its parts are")
                            .operand("class", type.getName())
                            .operand("field", field.getName())
                            .expected("a record, or a class that overrides parts()");
                }
            }
        }
    }

    private static boolean mayHoldParts(Class<?> type) {
        Class<?> element = type.isArray() ? type.getComponentType() : type;
        return element == Variable.class || element == Optional.class || Module.class.isAssignableFrom(element)
                || Collection.class.isAssignableFrom(element) || Map.class.isAssignableFrom(element);
    }

    private static Object read(Method accessor, Object module) {
        Object part;
        try {
            part = accessor.invoke(module);
        } catch (IllegalAccessException e) {
            throw new AssertionError("made accessible above", e);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
        if (part == null) {
            throw ShapeException.of("parts", "a part is null")
                    .operand("record", module.getClass().getName())
                    .operand("component", accessor.getName())
                    .expected("a value; Optional.empty() for a part that is not there");
        }
        return part;
    }
}
