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
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Arguments as careless callers and overflowing computations make them. */
final class Wild {
    private static final int[] EXTREMES = {Integer.MIN_VALUE, Integer.MIN_VALUE + 1, -65536, 46341, 65536,
        Integer.MAX_VALUE - 1, Integer.MAX_VALUE};

    private final Random random;
    private final Sampler sampler;

    Wild(long seed) {
        random = new Random(seed);
        sampler = new Sampler(seed, random.nextBoolean() ? DType.F32 : DType.F64);
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
                Stream.generate(() -> of(generic.getActualTypeArguments()[0])).limit(random.nextInt(5)).toList();
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
            case "[D" -> new double[random.nextInt(6)];
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
            return Stream.generate(this::tensor).limit(random.nextInt(4)).toArray(Tensor[]::new);
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
            return "test";
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
            Object array = Array.newInstance(type.componentType(), random.nextInt(4));
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
        Object[] values = Arrays.stream(components).map(component -> of(component.getGenericType())).toArray();
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

    private int number() {
        return oneIn(5) ? EXTREMES[random.nextInt(EXTREMES.length)] : random.nextInt(-5, 6);
    }

    private int[] numbers() {
        return IntStream.generate(this::number).limit(random.nextInt(5)).toArray();
    }

    private double real() {
        double[] choices = {0, -0.0, 1, -1, 0.5, 3e9, 1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE};
        return choices[random.nextInt(choices.length)];
    }

    private DType dtype() {
        return DType.values()[random.nextInt(DType.values().length)];
    }

    /** A legal shape, now and then one that no array can hold much of. */
    private Shape shape() {
        while (oneIn(3)) {
            int[] dims = numbers();
            if (IntStream.of(dims).allMatch(dim -> dim >= 0)
                    && IntStream.of(dims).asLongStream().reduce(1, (a, b) -> Math.min(Integer.MAX_VALUE + 1L, a * b))
                            <= Integer.MAX_VALUE) {
                return Shape.of(dims);
            }
        }
        return sampler.shape();
    }

    /** A small tensor of any dtype and layout; indices in it may be out of every range. */
    Tensor tensor() {
        DType dtype = dtype();
        Tensor x = oneIn(2) ? sampler.tensor(Domain.REAL) : sampler.tensor(sampler.shape(1, 2), Domain.REAL);
        if (dtype == DType.I64 && oneIn(3)) {
            return x.mul(oneIn(2) ? 1e18 : 2).cast(dtype);
        }
        Tensor typed = x.cast(dtype);
        return dtype.isFloat() && oneIn(3) ? typed.tracked() : typed;
    }

    private Variable variable() {
        Tensor value = tensor();
        return value.dtype().isFloat() && oneIn(2) ? Variable.parameter(value) : Variable.buffer(value);
    }
}
