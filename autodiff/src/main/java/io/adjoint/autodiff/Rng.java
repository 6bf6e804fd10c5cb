package io.adjoint.autodiff;

import io.adjoint.autodiff.op.Normal;
import io.adjoint.autodiff.op.Uniform;
import java.util.stream.IntStream;

/**
 * Random numbers without a hidden state: a key from which every number is a function of (seed, stream, index), the same
 * bits on every machine and at any number of threads. A key is used once; {@link #stream} gives fresh, independent ones.
 *
 * {@snippet :
 * Rng rng = Rng.seed(7);
 * Tensor weights = rng.stream(0).normal(Shape.of(784, 128), DType.F32);
 * Tensor noise = rng.stream(1).uniform(Shape.of(128), DType.F32);
 * }
 *
 * The generator is Philox 4x32-10 (Salmon et al., SC 2011).
 *
 * @param seed chosen by the user
 * @param stream which of the independent sequences of the seed
 */
public record Rng(long seed, long stream) {
    /** The key of a seed. */
    public static Rng seed(long seed) {
        return new Rng(seed, 0);
    }

    /** The key held in an I64 tensor {@code [seed, stream]}, as {@link #key} makes it. */
    public static Rng of(Tensor key) {
        long[] words = key.toLongs();
        if (words.length != 2) {
            throw ShapeException.of("rng", "not a random key").operand("key", key.spec()).expected("I64[2]");
        }
        return new Rng(words[0], words[1]);
    }

    /**
     * The key of this number under this one, independent of this and of all others.
     *
     * @throws ShapeException if the number is negative
     */
    public Rng stream(long number) {
        if (number < 0) {
            throw ShapeException.of("stream", "a negative number").operand("number", number).expected("0 or more");
        }
        return new Rng(seed, mix(stream + 0x9E3779B97F4A7C15L * (number + 1)));
    }

    /** A bijection that scatters neighbours (the finaliser of SplitMix64, Steele, Lea, Flood 2014). */
    private static long mix(long z) {
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** This key as an I64 tensor {@code [seed, stream]}. */
    public Tensor key() {
        return Tensor.of(new long[] {seed, stream});
    }

    /** Numbers spread evenly over [0, 1); F32 or F64. */
    public Tensor uniform(Shape shape, DType dtype) {
        return new Uniform(shape, dtype).apply(key());
    }

    /** Numbers of the normal distribution with mean 0 and variance 1; F32 or F64. */
    public Tensor normal(Shape shape, DType dtype) {
        return new Normal(shape, dtype).apply(key());
    }

    /** BOOL: true with this probability. */
    public Tensor bernoulli(Shape shape, double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw ShapeException.of("bernoulli", "not a probability").operand("probability", probability)
                    .expected("0 to 1");
        }
        return uniform(shape, DType.F64).lt(probability);
    }

    /**
     * The numbers 0, 1, ..., {@code count} - 1 in random order, each order equally likely (Fisher and Yates).
     *
     * @throws ShapeException if the count is negative
     */
    public int[] permutation(int count) {
        if (count < 0) {
            throw ShapeException.of("permutation", "a negative number").operand("count", count).expected("0 or more");
        }
        double[] draws = uniform(Shape.of(count), DType.F64).toDoubles();
        int[] order = IntStream.range(0, count).toArray();
        for (int i = count - 1; i > 0; i--) {
            int j = (int) (draws[i] * (i + 1));
            int held = order[i];
            order[i] = order[j];
            order[j] = held;
        }
        return order;
    }
}
