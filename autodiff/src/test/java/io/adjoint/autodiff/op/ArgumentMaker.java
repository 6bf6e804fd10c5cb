package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;

/** Makes arguments for methods by their types; what numbers and tensors they hold is a subclass's choice. */
abstract class ArgumentMaker {
    final Random random;

    ArgumentMaker(long seed) {
        random = new Random(seed);
    }

    /** A whole number. */
    abstract int number();

    /** Whole numbers: axes, extents, lengths. */
    abstract int[] numbers();

    abstract double real();

    abstract DType dtype();

    abstract Shape shape();

    abstract Tensor tensor();

    abstract Variable variable();

    abstract String text();

    /** How many elements a list or an array has, fewer than this. */
    abstract int count(int bound);

    abstract double[] reals();

    /** A value for a parameter or a record component of this name and type. */
    Object of(String name, Type type) {
        return of(type);
    }

    boolean oneIn(int cases) {
        return random.nextInt(cases) == 0;
    }

    int index(int bound) {
        return random.nextInt(bound);
    }

    /** A value for a parameter or a record component of this type; a record may refuse what it is made of. */
    Object of(Type type) {
        return switch (type) {
            case Class<?> plain -> of(plain);
            case ParameterizedType generic when generic.getRawType() == List.class ->
                Stream.generate(() -> of(generic.getActualTypeArguments()[0])).limit(count(5)).toList();
            case ParameterizedType generic when generic.getRawType() == Optional.class ->
                oneIn(2) ? Optional.empty() : Optional.of(of(generic.getActualTypeArguments()[0]));
            default -> throw new AssertionError("teach this class to make a " + type);
        };
    }

    private Object of(Class<?> type) {
        return switch (type.getName()) {
            case "int" -> number();
            case "long" -> oneIn(2) ? (long) number() : random.nextLong();
            case "float" -> (float) real();
            case "double" -> real();
            case "boolean" -> random.nextBoolean();
            case "[I" -> numbers();
            case "[F" -> new float[random.nextInt(6)];
            case "[D" -> reals();
            case "[J" -> new long[random.nextInt(6)];
            case "[Z" -> new boolean[random.nextInt(6)];
            case "[[F" ->
                Stream.generate(() -> new float[random.nextInt(3)]).limit(random.nextInt(4)).toArray(float[][]::new);
            case "[[D" ->
                Stream.generate(() -> new double[random.nextInt(3)]).limit(random.nextInt(4)).toArray(double[][]::new);
            default -> object(type);
        };
    }

    private Object object(Class<?> type) {
        if (type == Tensor.class || type == Object.class) {
            return tensor();
        } else if (type == Tensor[].class) {
            return Stream.generate(this::tensor).limit(count(4)).toArray(Tensor[]::new);
        } else if (type == Variable.class) {
            return variable();
        } else if (type == Variable[].class) {
            return Stream.generate(this::variable).limit(random.nextInt(3)).toArray(Variable[]::new);
        } else if (type == Shape.class) {
            return shape();
        } else if (type == DType.class) {
            return dtype();
        } else if (type == Axes.class) {
            return oneIn(2) ? Axes.drop(numbers()) : Axes.keep(numbers());
        } else if (type == Rng.class) {
            return Rng.seed(random.nextLong());
        } else if (type == String.class) {
            return text();
        } else if (type == Integer.class) {
            return number();
        } else if (type == Double.class) {
            return real();
        } else if (type == OptionalInt.class) {
            return oneIn(2) ? OptionalInt.empty() : OptionalInt.of(number());
        } else if (type == OptionalDouble.class) {
            return oneIn(2) ? OptionalDouble.empty() : OptionalDouble.of(real());
        } else if (type.isEnum()) {
            return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
        } else if (type.isSealed()) {
            Class<?>[] permitted = type.getPermittedSubclasses();
            return of(permitted[random.nextInt(permitted.length)]);
        } else if (type.isRecord()) {
            return record(type);
        } else if (type.isArray()) {
            Object array = Array.newInstance(type.componentType(), count(4));
            for (int i = 0; i < Array.getLength(array); i++) {
                Array.set(array, i, of(type.componentType()));
            }
            return array;
        }
        throw new AssertionError("teach this class to make a " + type.getName());
    }

    private Object record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(components)
                .map(component -> of(component.getName(), component.getGenericType())).toArray();
        try {
            return type.getConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof ShapeException refusal) {
                throw refusal;
            }
            throw new AssertionError(type + " does not refuse " + Arrays.toString(values), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
