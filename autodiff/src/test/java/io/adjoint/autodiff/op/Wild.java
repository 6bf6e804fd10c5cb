package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import java.util.stream.IntStream;

/** Arguments as careless callers and overflowing computations make them. */
final class Wild extends ArgumentMaker {
    private static final int[] EXTREMES = {Integer.MIN_VALUE, Integer.MIN_VALUE + 1, -65536, 46341, 65536,
        Integer.MAX_VALUE - 1, Integer.MAX_VALUE};

    private final Sampler sampler;

    Wild(long seed) {
        super(seed);
        sampler = new Sampler(seed, random.nextBoolean() ? DType.F32 : DType.F64);
    }

    @Override
    int number() {
        return oneIn(5) ? EXTREMES[random.nextInt(EXTREMES.length)] : random.nextInt(-5, 6);
    }

    @Override
    int[] numbers() {
        return IntStream.generate(this::number).limit(random.nextInt(5)).toArray();
    }

    @Override
    double real() {
        double[] choices = {0, -0.0, 1, -1, 0.5, 3e9, 1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE};
        return choices[random.nextInt(choices.length)];
    }

    @Override
    DType dtype() {
        return DType.values()[random.nextInt(DType.values().length)];
    }

    /** A legal shape, now and then one that no array can hold much of. */
    @Override
    Shape shape() {
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
    @Override
    Tensor tensor() {
        DType dtype = dtype();
        Tensor x = oneIn(2) ? sampler.tensor(Domain.REAL) : sampler.tensor(sampler.shape(1, 2), Domain.REAL);
        if (dtype == DType.I64 && oneIn(3)) {
            return x.mul(oneIn(2) ? 1e18 : 2).cast(dtype);
        }
        Tensor typed = x.cast(dtype);
        return dtype.isFloat() && oneIn(3) ? typed.tracked() : typed;
    }

    @Override
    Variable variable() {
        Tensor value = tensor();
        return value.dtype().isFloat() && oneIn(2) ? Variable.parameter(value) : Variable.buffer(value);
    }

    @Override
    double[] reals() {
        return new double[random.nextInt(6)];
    }

    @Override
    String text() {
        return "test";
    }

    @Override
    int count(int bound) {
        return random.nextInt(bound);
    }
}
