package io.adjoint.autodiff.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Losses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/**
 * Law 4: a wrong call is refused where it was made, in one form of message, and no other exception comes out of the
 * library. A call that is accepted goes through to the end, its gradient included.
 */
class RefusalLawTest {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_. ]*: [^:;]+(: [^;]+)?; expected \\S.*");

    /** More elements than a wild call may really compute. */
    private static final int MANY = 1 << 20;

    /** What is tried, for the message of a failure. */
    private record Call(String text, Body body) {
        interface Body {
            Object run() throws ReflectiveOperationException;
        }

        /** Runs it; refusals must have the one form, and nothing else may come out. */
        boolean isAccepted() {
            try {
                body.run();
                return true;
            } catch (ReflectiveOperationException e) {
                return throwsOnly(e.getCause());
            } catch (Throwable e) {
                return throwsOnly(e);
            }
        }

        private boolean throwsOnly(Throwable thrown) {
            if (thrown instanceof ShapeException refusal) {
                assertTrue(FORM.matcher(refusal.getMessage()).matches(),
                        text + " has the message " + refusal.getMessage());
                return false;
            }
            return fail(text + " does not refuse", thrown);
        }
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void operationsRefuseWrongCalls(@ForAll long seed) {
        Wild wild = new Wild(seed);
        for (Catalogue.Entry entry : Catalogue.entries()) {
            Sample sample = entry.sample(new Sampler(wild.index(1 << 30), DType.F64));
            List<Tensor> inputs = new ArrayList<>(sample.inputs());
            inputs.replaceAll(input -> wild.oneIn(2) ? wild.tensor() : input);
            if (wild.oneIn(8)) {
                inputs.add(wild.tensor());
            } else if (wild.oneIn(8)) {
                inputs.removeLast();
            }
            String text = entry.type().getSimpleName() + " with inputs " + inputs.stream().map(Tensor::spec).toList()
                    + ", seed " + seed;
            new Call(text, () -> tryOut(wild.oneIn(3) ? sample.op() : mutate(sample.op(), wild), inputs)).isAccepted();
        }
    }

    /** The operation with some of its attributes replaced. */
    private static Op mutate(Op op, Wild wild) throws ReflectiveOperationException {
        if (!op.getClass().isRecord()) {
            return op;
        }
        RecordComponent[] components = op.getClass().getRecordComponents();
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = wild.oneIn(2) ? components[i].getAccessor().invoke(op)
                    : wild.of(components[i].getGenericType());
        }
        Constructor<?> constructor = op.getClass().getDeclaredConstructor(types);
        return (Op) constructor.newInstance(values);
    }

    /** Applies the operation and pulls a gradient back; computing what is only too large to try is left out. */
    private static Tensor tryOut(Op op, List<Tensor> inputs) {
        List<Tensor> tracked = inputs.stream().map(x -> x.dtype().isFloat() ? x.tracked() : x).toList();
        TensorSpec spec = null;
        if (inputs.size() >= op.arity().least() && inputs.size() <= op.arity().most() && !(op instanceof Elementwise)) {
            spec = op.infer(inputs.stream().map(Tensor::spec).toList());
            if (spec.shape().size() > MANY) {
                return inputs.getFirst();
            }
        }
        Tensor result = op.apply(tracked.toArray(Tensor[]::new));
        if (spec != null) {
            assertEquals(spec, result.spec(), op.toString());
        }
        Tensor[] leaves = tracked.stream().filter(Tensor::isTracked).toArray(Tensor[]::new);
        if (result.isTracked()) {
            try {
                result.vjp(Tensor.full(result.shape(), result.dtype(), 1), leaves);
            } catch (ShapeException e) {
                throw new AssertionError("accepted, but the gradient is refused: " + op, e);
            }
        }
        return result;
    }

    @Property(tries = 30, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void publicMethodsRefuseWrongCalls(@ForAll long seed) {
        Wild wild = new Wild(seed);
        for (Method method : methods()) {
            for (int i = 0; i < 10; i++) {
                new Call(method + ", seed " + seed, () -> {
                    Object receiver =
                            Modifier.isStatic(method.getModifiers()) ? null : wild.of(method.getDeclaringClass());
                    Object[] arguments = Arrays.stream(method.getGenericParameterTypes()).map(wild::of).toArray();
                    return new Call(describe(method, receiver, arguments) + ", seed " + seed,
                            () -> pullBack(invoke(method, receiver, arguments), receiver, arguments)).isAccepted();
                }).isAccepted();
            }
        }
    }

    /** What was accepted has gradients of both orders, too, without a refusal on the way. */
    private static Object pullBack(Object result, Object receiver, Object[] arguments) {
        Tensor[] leaves = Stream.concat(Stream.ofNullable(receiver), Arrays.stream(arguments))
                .flatMap(RefusalLawTest::tensors).filter(Tensor::isTracked).toArray(Tensor[]::new);
        if (leaves.length > 0) {
            try {
                tensors(result).filter(tensor -> tensor.isTracked() && tensor.size() <= MANY)
                        .forEach(tensor -> pullBackTwice(tensor, leaves));
            } catch (ShapeException e) {
                throw new AssertionError("accepted, but the gradient is refused", e);
            }
        }
        return result;
    }

    private static void pullBackTwice(Tensor result, Tensor[] leaves) {
        Tensor cotangent = Tensor.full(result.shape(), result.dtype(), 1);
        for (Tensor gradient : result.vjp(cotangent, leaves).values()) {
            if (gradient.isTracked()) {
                gradient.vjp(gradient.detached(), leaves);
            }
        }
    }

    /** The tensors in a value: itself, or those in a list or array of them, or in the components of a record. */
    private static Stream<Tensor> tensors(Object value) {
        return switch (value) {
            case Tensor tensor -> Stream.of(tensor);
            case Tensor[] many -> Arrays.stream(many);
            case List<?> many -> many.stream().flatMap(RefusalLawTest::tensors);
            case Optional<?> one -> one.stream().flatMap(RefusalLawTest::tensors);
            case Record parts -> Arrays.stream(parts.getClass().getRecordComponents()).flatMap(part -> {
                try {
                    return tensors(part.getAccessor().invoke(parts));
                } catch (ReflectiveOperationException e) {
                    return Stream.empty(); // not public, so no user sees it
                }
            });
            case null, default -> Stream.empty();
        };
    }

    private static Object invoke(Method method, Object receiver, Object[] arguments)
            throws ReflectiveOperationException {
        try {
            return method.invoke(receiver, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof OutOfMemoryError) {
                return e; // the shape was legal, the machine is too small
            }
            throw e;
        }
    }

    private static List<Method> methods() {
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

    private static String describe(Method method, Object receiver, Object[] arguments) {
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
            case Object[] many -> Arrays.stream(many).map(RefusalLawTest::describe).toList().toString();
            default -> value.getClass().isArray() ? value.getClass().getSimpleName() + " of "
                    + java.lang.reflect.Array.getLength(value) : value.toString();
        };
    }

    @Test
    void everyPublicMethodIsTried() {
        assertTrue(methods().size() > 150, "found only " + methods().size());
    }
}
