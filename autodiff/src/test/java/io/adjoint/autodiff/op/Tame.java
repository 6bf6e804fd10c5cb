package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Arguments that belong together, so that many calls are accepted, at points where functions are smooth: one maker makes the
 * arguments of one call. Most extents are one number, most ranks another; floats are of F64, all different, and away from
 * whole numbers and halves, where functions have their kinks.
 */
final class Tame extends ArgumentMaker {
    private static final List<String> EQUATIONS =
            List.of("ij,jk->ik", "ij->ji", "ii->i", "i,j->ij", "bij,bjk->bik", "ij->", "i,i->", "...i,i->...", "ij,ij");

    /** Where floats lie. */
    private enum Range {
        /** Both signs. */
        REAL(-3, 3),
        POSITIVE(0, 3),
        /** Inside of (0, 1). */
        PROBABILITY(0, 1),
        /** Inside of (-1, 1). */
        UNIT(-1, 1),
        ABOVE_ONE(1, 3);

        final int low;
        final int high;

        Range(int low, int high) {
            this.low = low;
            this.high = high;
        }
    }

    private final int extent;
    private final int rank;
    private final Range range;
    private final boolean isLogical;
    private final Sampler sampler;
    private double place;

    Tame(long seed) {
        super(seed);
        extent = oneIn(6) ? 1 + random.nextInt(4) : 2 + random.nextInt(2);
        rank = random.nextInt(6);
        range = oneIn(2) ? Range.REAL : pick(Range.values());
        isLogical = oneIn(20);
        sampler = new Sampler(seed, DType.F64);
        place = random.nextDouble();
    }

    private <T> T pick(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    @Override
    int number() {
        return oneIn(4) ? extent : random.nextInt(-2, 4);
    }

    /** Some names say what is expected; the type says the rest. */
    @Override
    Object of(String name, Type type) {
        return switch (name) {
            case "index", "indices", "labels", "targets", "places" ->
                type == Tensor.class && !oneIn(4) ? sampler.indices(shape(), extent) : of(type);
            case "offsets" -> type == Tensor.class ? Tensor.range(1 + random.nextInt(extent)) : of(type);
            // of random numbers, or of attention
            case "key" -> oneIn(2) ? Tensor.of(new long[] {random.nextInt(), 0}) : of(type);
            case "probabilities" -> type == Tensor.class ? floats(shape(), Range.PROBABILITY) : of(type);
            case "samples" -> floats(Shape.of(extent, extent, Math.max(1, rank - 2)), Range.PROBABILITY);
            case "variance" -> type == Tensor.class ? floats(shape(), Range.POSITIVE) : of(type);
            case "theta" -> floats(Shape.of(extent, 2, 3), Range.REAL);
            case "extents" -> type == int[].class ? filled(1 + random.nextInt(5), extent) : of(type);
            case "inputLengths" -> filled(extent, extent);
            case "targetLengths" -> filled(extent, 1);
            // some gradients are those of the formula without it
            case "epsilon", "tolerance" -> type == double.class ? 1e-4 : of(type);
            // others scale gradients on purpose: EmbeddingsTest
            case "frequency" -> ((Class<?>) type).getEnumConstants()[0];
            case "decimals" -> random.nextInt(3) - 1;
            case "groups" -> type == int.class ? oneIn(2) ? 1 : extent : of(type);
            case "size" -> type == int.class ? 1 + random.nextInt(extent) : each(type, 1 + random.nextInt(2));
            case "step" -> type == int.class ? 1 + random.nextInt(2) : of(type);
            case "stride" -> each(type, 1 + random.nextInt(2));
            case "dilation" -> each(type, 1);
            case "padding", "zeros", "outputPadding" -> each(type, oneIn(3) ? 1 : 0);
            default -> of(type);
        };
    }

    /** A number for each spatial axis. */
    private Object each(Type type, int number) {
        boolean isList = type instanceof ParameterizedType list && list.getRawType() == List.class
                && list.getActualTypeArguments()[0] == Integer.class;
        int axes = oneIn(2) ? 1 : Math.clamp(rank - 2, 1, 3);
        return isList ? Collections.nCopies(axes, number) : type == OptionalInt.class ? OptionalInt.empty() : of(type);
    }

    /** Axes or numbers for each, extents, or lengths. */
    @Override
    int[] numbers() {
        int length = oneIn(3) ? Math.max(0, rank - random.nextInt(3)) : 1 + random.nextInt(3);
        return switch (random.nextInt(5)) {
            case 0 -> IntStream.range(0, length).toArray();
            case 1 -> filled(length, extent);
            case 2 -> filled(length, 1);
            case 3 -> shape().dims();
            default -> IntStream.generate(this::number).limit(length).toArray();
        };
    }

    private static int[] filled(int length, int number) {
        return IntStream.generate(() -> number).limit(length).toArray();
    }

    /** Parameters of functions: rates, margins, exponents, thresholds. */
    @Override
    double real() {
        double[] choices = {0.5, 1, 2, 0.3, 0.7, 1.5, 3, 0.25, 0};
        return choices[random.nextInt(choices.length)];
    }

    @Override
    double[] reals() {
        double number = oneIn(2) ? 2 : 1.5;
        return DoubleStream.generate(() -> oneIn(4) ? real() : number).limit(1 + random.nextInt(3)).toArray();
    }

    @Override
    DType dtype() {
        return oneIn(5) ? pick(DType.values()) : DType.F64;
    }

    @Override
    Shape shape() {
        int axes = oneIn(2) ? rank : oneIn(2) ? Math.max(0, rank - 1) : random.nextInt(4);
        boolean odd = oneIn(8);
        return Shape.of(IntStream.generate(() -> odd ? 1 + random.nextInt(4) : extent).limit(axes).toArray());
    }

    @Override
    Tensor tensor() {
        return isLogical ? sampler.booleans(shape()) : switch (random.nextInt(10)) {
            case 0 -> sampler.indices(shape(), extent);
            case 1 -> oneIn(2) ? sampler.booleans(shape()) : signs(shape());
            case 2 -> matrices();
            default -> floats(shape(), oneIn(2) ? range : pick(Range.values()));
        };
    }

    /** Labels of two classes, as some losses know them. */
    private Tensor signs(Shape shape) {
        return sampler.booleans(shape).where(Tensor.scalar(1, DType.I64), Tensor.scalar(-1, DType.I64));
    }

    /** Far from singular: a growing diagonal, positive or negative, beside small elements. */
    private Tensor matrices() {
        int[] dims = filled(Math.max(2, rank), extent);
        Tensor diagonal = Tensor.range(extent).mul(1.5).add(2).cast(DType.F64).diagEmbed();
        Tensor matrix = floats(Shape.of(dims), Range.UNIT).mul(0.8).add(diagonal);
        return oneIn(2) ? matrix : matrix.neg();
    }

    private Tensor floats(Shape shape, Range within) {
        double[] values = new double[shape.size()];
        Arrays.setAll(values, _ -> number(within));
        return sampler.arranged(Tensor.of(values, shape));
    }

    /** A number of the middle of an interval between halves; parts of the golden ratio never come near each other. */
    private double number(Range within) {
        place = (place + (Math.sqrt(5) - 1) / 2) % 1;
        int halves = 2 * (within.high - within.low);
        int half = (int) (place * halves);
        return within.low + (half + 0.3 + 0.4 * (place * halves - half)) / 2;
    }

    @Override
    Variable variable() {
        return Variable.parameter(floats(shape(), range));
    }

    @Override
    String text() {
        return EQUATIONS.get(random.nextInt(EQUATIONS.size()));
    }

    @Override
    int count(int bound) {
        return 1 + random.nextInt(bound - 1);
    }
}
