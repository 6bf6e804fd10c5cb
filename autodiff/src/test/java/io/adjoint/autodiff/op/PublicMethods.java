package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Losses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The public methods of tensors and of functions of tensors, as reflection finds them. */
final class PublicMethods {
    private PublicMethods() {}

    /** All of them but the plain ones of enums and records, in the order of their names. */
    static List<Method> all() {
        return Stream.concat(Stream.of(Tensor.class, Shape.class, Axes.class, Rng.class, Variable.class), functions())
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> method.getDeclaringClass() != Object.class && !method.isSynthetic())
                .filter(method -> !Record.class.isAssignableFrom(method.getDeclaringClass()) || hasBody(method))
                .filter(method -> !Enum.class.isAssignableFrom(method.getDeclaringClass()))
                .distinct().sorted(Comparator.comparing(Method::toString)).toList();
    }

    /** Neither a component's accessor nor equals, hashCode and toString. */
    private static boolean hasBody(Method method) {
        return Arrays.stream(method.getDeclaringClass().getRecordComponents())
                .noneMatch(component -> component.getAccessor().equals(method))
                && !List.of("equals", "hashCode", "toString").contains(method.getName());
    }

    /** The public types of the package of functions, whatever they are. */
    private static Stream<Class<?>> functions() {
        String name = Losses.class.getPackageName();
        Path folder = Path.of("target/classes", name.split("\\."));
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class") && !file.contains("-info"))
                    .<Class<?>>map(file -> type(name + "." + file.replace(".class", "")))
                    .filter(type -> Modifier.isPublic(type.getModifiers())).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** A call in words. */
    static String describe(Method method, Object receiver, Object[] arguments) {
        StringBuilder text = new StringBuilder(method.getDeclaringClass().getSimpleName() + "." + method.getName());
        text.append(" of ").append(describe(receiver));
        for (Object argument : arguments) {
            text.append(", ").append(describe(argument));
        }
        return text.toString();
    }

    private static String describe(Object value) {
        return switch (value) {
            case null -> "nothing";
            case Tensor tensor -> tensor.spec().toString();
            case int[] numbers -> Arrays.toString(numbers);
            case Object[] many -> Arrays.stream(many).map(PublicMethods::describe).toList().toString();
            default -> value.getClass().isArray() ? value.getClass().getSimpleName() + " of "
                    + java.lang.reflect.Array.getLength(value) : value.toString();
        };
    }
}
