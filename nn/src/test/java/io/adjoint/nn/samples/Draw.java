package io.adjoint.nn.samples;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.util.Random;
import java.util.stream.IntStream;

/** A seeded source of sizes, choices and tensors, all floats of one dtype. */
public final class Draw {
    private final Random random;
    private final DType dtype;

    public Draw(long seed, DType dtype) {
        this.random = new Random(seed);
        this.dtype = dtype;
    }

    /** The dtype of all that is drawn, which the variables of the module are to have as well. */
    public DType dtype() {
        return dtype;
    }

    /** A key that nothing else was drawn from. */
    public Rng rng() {
        return Rng.seed(random.nextLong());
    }

    /** A whole number, both ends included. */
    public int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    /** So many whole numbers, both ends included. */
    public int[] several(int count, int least, int most) {
        return IntStream.range(0, count).map(_ -> between(least, most)).toArray();
    }

    /** The extents of one shape and then those of another. */
    public static int[] joined(int[] outer, int[] inner) {
        return IntStream.concat(IntStream.of(outer), IntStream.of(inner)).toArray();
    }

    public boolean chance() {
        return random.nextBoolean();
    }

    @SafeVarargs
    public final <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** Normally distributed numbers. */
    public Tensor normal(int... shape) {
        return rng().normal(Shape.of(shape), dtype);
    }

    /** Normally distributed numbers, moved away from zero by 0.1. */
    public Tensor awayFromZero(int... shape) {
        Tensor x = normal(shape);
        return x.add(x.sign().mul(0.1));
    }

    /** Whole numbers from 0 to one below the limit, as I64. */
    public Tensor indices(int limit, int... shape) {
        return rng().uniform(Shape.of(shape), DType.F64).mul(limit).floor().cast(DType.I64);
    }
}
