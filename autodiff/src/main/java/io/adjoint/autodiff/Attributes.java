package io.adjoint.autodiff;

import io.adjoint.autodiff.op.Op;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The attributes of an operation as text from which they can be read again: the components of a record by their names, in
 * braces, records within in the same way; lists in brackets; constants of enums by their names; text in quotes; numbers as
 * Java prints them, so that each has a text of its own.
 */
final class Attributes {
    private Attributes() {}

    /** As {@code {axis=1, shape=[2, 3]}}; empty for what has none. */
    static String of(Op op) {
        RecordComponent[] components = op.getClass().getRecordComponents();
        return components == null || components.length == 0 ? "" : record(op, components);
    }

    private static String record(Object record, RecordComponent[] components) {
        return Arrays.stream(components).map(component -> component.getName() + "=" + component(record, component))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String component(Object record, RecordComponent component) {
        try {
            component.getAccessor().trySetAccessible();
            return text(component.getAccessor().invoke(record));
        } catch (IllegalAccessException _) {
            return "?"; // a custom operation in a module that is closed to reflection
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static String text(Object value) {
        return switch (value) {
            case null -> "null";
            case String string -> quoted(string);
            case Enum<?> constant -> constant.name();
            case List<?> list -> list.stream().map(Attributes::text).collect(Collectors.joining(", ", "[", "]"));
            case Record record -> record(record, record.getClass().getRecordComponents());
            default -> value.toString();
        };
    }

    /** One line whatever is in it. */
    private static String quoted(String string) {
        String escaped = string.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r");
        return '"' + escaped + '"';
    }
}
